import { randomUUID } from 'node:crypto'
import { eligibilityStates, paymentStates } from '@heliox/core/billing'
import type { GivenConsent } from '@heliox/core/compliance'
import type { LanguageTag } from '@heliox/core/kit'
import type { PatientMoney } from '@heliox/core/ports'
import type { Page } from 'playwright-core'
import { buildApp } from '../../../api/app.ts'
import { tokenHash } from '../../../api/kit/token.ts'
import { lakeside } from '../../../api/testing/clinics.ts'
import { fakeUnsubscribe } from '../../../api/testing/fake-unsubscribe.ts'
import { makeWorld, type World } from '../../../api/testing/fakes.ts'
import { demoConsentTexts } from '../../../db/seed/consent-texts.ts'
import type { ClaimLine } from '../../../docker/local/claim-line.ts'
import { launch } from '../browser.ts'
import { Looks, languages } from './looks.ts'
import { inLanguage } from './speaking.ts'

/** What a status page may have to tell; each alone, beside an intake where all else went well. */
const states: readonly Record<string, unknown>[] = [
  ...eligibilityStates.map((eligibility) => ({ eligibility })),
  ...paymentStates.map((payment) => ({ payment })),
  { photosClean: 1 },
  { photosClean: 1, photosRejected: 1 },
  { eligibility: 'checking', askedByFile: true },
  { eligibility: 'checking', nextTry: { at: '2026-03-03T14:00:00.000Z', why: 'unavailable' } },
  ...(['active', 'inactive'] as const).map((verdict) => ({
    ...{ eligibility: 'provisional', provisional: { verdict, doubts: ['closed-calendar'], recheckAt: '2026-03-03T14:00:00.000Z' } },
  })),
  ...(['card', 'us-bank-account'] as const).flatMap((paymentMethod) => paymentStates.map((payment) => ({ paymentMethod, payment }))),
  { visitStatus: 'noshow' },
  { visitStatus: 'cancelled' },
]

const of = { amountMinor: 7_500, currency: 'USD' }
const at = '2026-03-01T16:05:09.000Z'
const plan: NonNullable<PatientMoney['plan']> = {
  ...{ id: randomUUID(), status: 'proposed', totalMinor: 7_500, currency: 'USD', proposedAt: at, agreedAt: null },
  instalments: [
    { number: 1, dueOn: '2026-03-02', amountMinor: 5_000, status: 'waiting' },
    { number: 2, dueOn: '2026-04-02', amountMinor: 2_500, status: 'waiting' },
  ],
}
/** What money may ask of a patient, and tell. */
const moneys: readonly Partial<PatientMoney>[] = [
  { confirm: true },
  { charge: { ...of, until: '2026-03-06T17:00:00.000Z' } },
  ...([null, 'requested', 'needs-you', 'declined'] as const).map((offer) => ({ asked: { offer }, confirm: offer === 'needs-you' })),
  { plan },
  { plan: { ...plan, status: 'expired' } },
  {
    nextPart: { ...of, amountMinor: 2_500, dueOn: '2026-04-02' },
    moves: (['under-way', 'done', 'failed'] as const).flatMap((state) => [
      { is: 'refund', state, ...of, at },
      { is: 'charge', state, ...of, at },
    ]),
  },
]

interface Place {
  world: World
  page: Page
  /** The page of that link, in the language of the claim. */
  open(path: string): Promise<unknown>
  look(state: string): Promise<void>
}

/** What is asked and told beside how it stands: each alone. */
async function lookAtMoney({ world, open, look }: Place): Promise<void> {
  for (const [n, money] of moneys.entries()) {
    const { token, facts } = world.link({ status: 'submitted', proof: 'given' })
    Object.assign(world.journeys.get(facts.intakeId) ?? {}, { eligibility: 'confirmed', payment: money.confirm && !money.asked ? 'needs-you' : 'stored' })
    const none = { confirm: false, plan: null, charge: null, asked: null, moves: [], nextPart: null, method: null }
    world.deps.payments.ofPatient = async () => ({ ...none, ...money })
    await open(`/status/${token}`)
    await look(`money ${n + 1} ${Object.keys(money).join(' ')}`)
    world.deps.payments.ofPatient = async () => none
  }
}

/** Asked to put something right; not sent yet. */
async function lookAtTasks({ world, open, look }: Place): Promise<void> {
  const asked = world.link({ status: 'submitted', proof: 'given' })
  Object.assign(world.journeys.get(asked.facts.intakeId) ?? {}, { eligibility: 'needs-you', payment: 'stored' })
  world.offers.set(`${lakeside} ${asked.facts.intakeId}`, { fields: ['memberId'], askedBy: 'staff', hints: {}, left: 5 })
  await open(`/status/${asked.token}`)
  await look('asked to put something right')
  await open(`/status/${world.link({ status: 'opened', proof: 'given' }).token}`)
  await look('not sent yet')
}

/** What was agreed to: read, about to be taken back, taken back. */
async function lookAtConsents({ world, page, open, look }: Place, language: LanguageTag): Promise<void> {
  const { token, facts } = world.link({ status: 'submitted', proof: 'given' })
  const given: GivenConsent[] = demoConsentTexts
    .filter((text) => text.language === language)
    .map((text) => ({ id: randomUUID(), text, signedAt: at, withdrawnAt: text.kind === 'telehealth' ? at : null }))
  world.consents.set(facts.intakeId, { given, record: {} as never, recordSha256: 'e'.repeat(64), later: [] })
  await open(`/consents/${token}`)
  for (const summary of await page.locator('summary').all()) await summary.click()
  await look('consents, read')
  await open(`/consents/${token}`)
  for (const button of await page.locator('[data-ask]').all()) await button.click()
  await look('consents, about to be taken back')
  await open(`/consents/${world.link({ status: 'submitted', proof: 'given' }).token}`)
  await look('no consent')
}

/** Behind the link of a mail. */
async function lookAtStopping({ world, open, look }: Place, store: ReturnType<typeof fakeUnsubscribe>): Promise<void> {
  for (const is of ['on', 'stopped', 'ended'] as const) {
    const { token } = world.link()
    store.kept.set(tokenHash(token), { tenantId: lakeside, region: 'us-east', state: { is, clinic: 'Lakeside', language: 'en' } })
    await open(`/stop/${token}`)
    await look(`mails ${is}`)
  }
}

/** The status page in each of its states, and what a link says that leads nowhere: the api's own pages, over what a test puts into its stores. */
export async function claimStatus(language: LanguageTag): Promise<ClaimLine> {
  const looks = new Looks(`patient.status-${language}`)
  const world = makeWorld()
  const branding = world.deps.intakes.branding
  world.deps.intakes.branding = async (tenantId) => ({ ...(await branding(tenantId)), languages: [...languages] })
  // A language is offered once its texts are there.
  world.deps.intakes.consentTexts = async () => [...demoConsentTexts]
  const store = fakeUnsubscribe()
  world.deps.unsubscribe = store
  const app = await buildApp(world.deps)
  const browser = await launch()
  try {
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const view = await browser.view({ width: 320, language })
    const open = async (path: string): Promise<void> => {
      await view.page.goto(`${url}${path}?lang=${language}`)
      await inLanguage(view.page, language)
    }
    const place: Place = { world, page: view.page, open, look: (state) => looks.at(view.page, state) }
    for (const state of states) {
      const { token, facts } = world.link({
        status: 'submitted',
        proof: 'given',
        ...('visitStatus' in state ? { visitStatus: state.visitStatus as 'cancelled' | 'noshow' } : {}),
      })
      const journey = world.journeys.get(facts.intakeId)
      if (!journey) throw new Error('a link that was sent has a journey')
      Object.assign(journey, { eligibility: 'confirmed', payment: 'stored', photosExpected: 2, photosClean: 2, ...state })
      await open(`/status/${token}`)
      await looks.at(view.page, JSON.stringify(state))
    }
    await lookAtMoney(place)
    await lookAtTasks(place)
    await lookAtConsents(place, language)
    await lookAtStopping(place, store)
    const ended = world.link({ expiresAt: '2020-01-01T00:00:00.000Z' })
    for (const [path, state] of [
      ['/status/nobody-has-this-token', 'unknown'],
      [`/status/${ended.token}`, 'ended'],
      ['/confirmed', 'back from the bank'],
      ['/forgotten', 'a device that is not the patient’s'],
    ] as const) {
      await open(path)
      await looks.at(view.page, state)
    }
    await view.close()
    return looks.line(states.length + moneys.length + 12)
  } finally {
    await browser.close()
    await app.close()
  }
}
