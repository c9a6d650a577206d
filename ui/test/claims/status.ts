import { eligibilityStates, paymentStates } from '@heliox/core/billing'
import type { LanguageTag } from '@heliox/core/kit'
import { buildApp } from '../../../api/app.ts'
import { texts } from '../../../api/testing/clinics.ts'
import { makeWorld } from '../../../api/testing/fakes.ts'
import type { ClaimLine } from '../../../docker/local/claim-line.ts'
import { launch } from '../browser.ts'
import { Looks, languages } from './looks.ts'

/** What a status page may have to tell; each alone, beside an intake where all else went well. */
const states: readonly Record<string, unknown>[] = [
  ...eligibilityStates.map((eligibility) => ({ eligibility })),
  ...paymentStates.map((payment) => ({ payment })),
  { photosClean: 1 },
  { photosClean: 1, photosRejected: 1 },
  { eligibility: 'checking', askedByFile: true },
  { visitStatus: 'cancelled' },
]

/** The status page in each of its states, and what a link says that leads nowhere: the api's own pages, over what a test puts into its stores. */
export async function claimStatus(language: LanguageTag): Promise<ClaimLine> {
  const looks = new Looks(`patient.status-${language}`)
  const world = makeWorld()
  const branding = world.deps.intakes.branding
  world.deps.intakes.branding = async (tenantId) => ({ ...(await branding(tenantId)), languages: [...languages] })
  // A language is offered once its texts are there.
  world.deps.intakes.consentTexts = async () => languages.flatMap(texts)
  const app = await buildApp(world.deps)
  const browser = await launch()
  try {
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const view = await browser.view({ width: 320, language })
    for (const state of states) {
      const { token, facts } = world.link({ status: 'submitted', proof: 'given', ...('visitStatus' in state ? { visitStatus: 'cancelled' } : {}) })
      const journey = world.journeys.get(facts.intakeId)
      if (!journey) throw new Error('a link that was sent has a journey')
      Object.assign(journey, { eligibility: 'confirmed', payment: 'stored', photosExpected: 2, photosClean: 2, ...state })
      await view.page.goto(`${url}/status/${token}?lang=${language}`)
      if ((await view.page.evaluate('document.documentElement.lang')) !== language) throw new Error(`the page is not in ${language}`)
      await looks.at(view.page, JSON.stringify(state))
    }
    const ended = world.link({ expiresAt: '2020-01-01T00:00:00.000Z' })
    for (const [path, state] of [
      ['/status/nobody-has-this-token', 'unknown'],
      [`/status/${ended.token}`, 'ended'],
      ['/confirmed', 'back from the bank'],
      ['/forgotten', 'a device that is not the patient’s'],
    ] as const) {
      await view.page.goto(`${url}${path}?lang=${language}`)
      await looks.at(view.page, state)
    }
    await view.close()
    return looks.line(states.length + 4)
  } finally {
    await browser.close()
    await app.close()
  }
}
