import { limits, sha256Hex } from '@heliox/core/kit'
import type { LinkFacts } from '@heliox/core/ports'
import type { ApiDeps } from '../deps.ts'
import { linkUse } from '../kit/link.ts'
import { texts } from './clinics.ts'
import type { World } from './world.ts'

/** What a patient's link leads to. */
/** As a row that was read: what changes there later changes nothing here. */
const copyOf = (link: LinkFacts | undefined): LinkFacts | undefined => link && { ...link }

function sameOpenLink(remembered: LinkFacts, link: LinkFacts | undefined, now: Date): boolean {
  if (!link || linkUse(link, now) !== 'open' || link.proof === 'asked' || link.visitStatus === 'cancelled') return false
  return link.startsAt === remembered.startsAt && link.proof === remembered.proof
}

export const fakeIntakes = (world: World): ApiDeps['intakes'] => ({
  findLink: async (sha) => copyOf(world.links.get(sha)),
  open: async ({ intakeId }) => {
    for (const link of world.links.values()) if (link.intakeId === intakeId) link.status = 'opened'
  },
  branding: async () => ({ brandColour: '#1f6f5c', contactPhone: '+1 512 555 0100', languages: ['en', 'es'], logoSha256: null }),
  payers: async () => [{ id: 'HELIO1', name: 'Helio Health Plan', timeZone: 'America/Chicago', aliases: [], cardPayerIds: [], supported: true }],
  forms: async () => [],
  consentTexts: async () => [...texts('en'), ...texts('es')],
  requestUpload: async (link, wish) => {
    const { intakeId, tenantId } = link
    const begun = [...world.uploads.values()].find(
      (u) => u.intakeId === intakeId && u.status === 'expected' && u.sha256 === wish.sha256 && u.kind === wish.kind,
    )
    if (begun) return { upload: begun, begun: false }
    if ([...world.uploads.values()].filter((u) => u.intakeId === link.intakeId).length >= limits.uploadsPerIntakeMax) return 'too-many'
    const upload = { ...wish, intakeId, tenantId, status: 'expected' as const, clean: null }
    world.uploads.set(upload.id, upload)
    return { upload, begun: true }
  },
  completeUpload: async (link, id) => {
    const upload = world.uploads.get(id)
    if (!upload || upload.intakeId !== link.intakeId) return 'not-found'
    if (upload.status === 'expected') upload.status = 'quarantined'
    return 'ok'
  },
  upload: async (link, id) => {
    const upload = world.uploads.get(id)
    return upload?.intakeId === link.intakeId ? upload : undefined
  },
  submit: async (link, submission, meta, now) => {
    const body = JSON.stringify(submission)
    const { rememberedSha256 } = meta
    if (rememberedSha256 !== null && !sameOpenLink(link, world.links.get(rememberedSha256), now)) return 'stale'
    const same = world.submits.find((s) => s.intakeId === link.intakeId && s.key === meta.idempotencyKey)
    if (same) return same.body === body ? 'replayed' : 'conflict'
    const kept = [...world.links.values()].find(({ intakeId }) => intakeId === link.intakeId)
    if (kept?.status === 'submitted') return 'closed'
    world.submits.push({ intakeId: link.intakeId, key: meta.idempotencyKey, body, meta })
    if (kept) kept.status = 'submitted'
    return 'submitted'
  },
})

export const fakeCorrections = (world: World): ApiDeps['corrections'] => ({
  asked: async (tenantId, intakeId) => world.offers.has(`${tenantId} ${intakeId}`),
  offer: async (link) => world.offers.get(`${link.tenantId} ${link.intakeId}`),
  submit: async (link, fields, meta) => {
    const earlier = world.corrections.find((one) => one.intakeId === link.intakeId && one.key === meta.idempotencyKey)
    if (earlier) return JSON.stringify(earlier.fields) === JSON.stringify(fields) ? 'replayed' : 'conflict'
    const offer = world.offers.get(`${link.tenantId} ${link.intakeId}`)
    if (!offer || Object.keys(fields).some((name) => !name.endsWith('ayerText') && !(offer.fields as readonly string[]).includes(name))) return 'not-asked'
    world.corrections.push({ intakeId: link.intakeId, key: meta.idempotencyKey, fields, payerName: meta.payerName })
    world.offers.delete(`${link.tenantId} ${link.intakeId}`)
    return 'corrected'
  },
  askPatient: async () => 'asked',
  open: async (tenantId, intakeId, fields, purpose, actor) => {
    if (!(world.journeys.get(intakeId)?.tenantId === tenantId)) return undefined
    world.audits.push({ tenantId, actor, action: 'phi.read', resource: `intake:${intakeId}`, outcome: 'ok', purpose })
    return Object.fromEntries(fields.map((name) => [name, `of ${name}`]))
  },
  atDesk: async (tenantId, intakeId, actor) => {
    if (!(world.journeys.get(intakeId)?.tenantId === tenantId)) return undefined
    world.audits.push({ tenantId, actor, action: 'phi.read', resource: `intake:${intakeId}`, outcome: 'ok', purpose: 'front desk' })
    const secondary = { payerId: null, payerText: 'Grandfathered Mutual', memberId: 'SEC1', groupNumber: null, nameOnCard: null }
    const insurance = { payerId: 'HELIO1', payerText: null, memberId: 'FIRST1', groupNumber: 'G7' }
    return { ...insurance, payerSex: 'F', gender: 'female', guardian: null, secondary, nameOnCard: null, noCard: true }
  },
  correct: async () => 'corrected',
})

/** Who a patient is: the real ones are in `proof.spec.ts` of the routes, over the database. */
export const fakeProofs = {
  contacts: { revisions: async () => new Map(), save: async () => 'saved', read: async () => new Map() },
  proofs: {
    view: async () => ({ asksBirthDate: true, to: [], language: null, code: null, pausedUntil: null }),
    sendCode: async () => 'no-address',
    prove: async () => ({ outcome: 'ended', triesLeft: 0, pausedUntil: null, provedUntil: null }),
    end: async () => undefined,
    showCode: async () => 'not-found',
  },
  drafts: { read: async () => ({ version: 0, draft: null }), save: async () => ({ version: 1, provedUntil: null }), clear: async () => undefined },
  knownPatients: { ofLink: async () => ({ contact: null, previous: null }) },
} satisfies Pick<ApiDeps, 'contacts' | 'proofs' | 'drafts' | 'knownPatients'>

/** What was agreed to: `world.consents`, by intake. */
export const fakeConsents = (world: World): ApiDeps['consents'] => ({
  given: async (link) => world.consents.get(link.intakeId)?.given ?? [],
  receipt: async (link) => world.consents.get(link.intakeId),
  withdraw: async (link, consentId, at) => {
    const consent = world.consents.get(link.intakeId)?.given.find(({ id }) => id === consentId)
    if (consent) consent.withdrawnAt ??= at.toISOString()
    return consent?.text.kind
  },
  recordWithdrawal: async ({ tenantId, intakeId }, { kind, cameBy }, actor, at) => {
    const isHere = [...world.links.values()].some((link) => link.tenantId === tenantId && link.intakeId === intakeId)
    const consent = isHere ? world.consents.get(intakeId)?.given.find(({ text }) => text.kind === kind) : undefined
    if (!consent) return undefined
    if (consent.withdrawnAt === null) {
      Object.assign(consent, { withdrawnAt: at.toISOString(), recorded: { name: 'Dana Desk', cameBy } })
      world.audits.push({ tenantId, actor, action: 'consent.withdraw', resource: `intake:${intakeId} consent:${kind}`, outcome: 'ok' })
    }
    return kind
  },
  withdrawn: async () => new Map(),
  texts: async () => [...texts('en'), ...texts('es')],
})

/** How patients see the clinic: one look for all tests of a world. */
export const fakeLook = (world: World): ApiDeps['look'] => {
  let look: Awaited<ReturnType<ApiDeps['look']['read']>> = {
    ...{ name: 'Lakeside Clinic', brandColour: '#1f6f5c', contactPhone: '+1 512 555 0100', languages: ['en', 'es'], logoSha256: null },
  }
  const logos = new Map<string, Buffer>()
  return {
    read: async () => look,
    save: async (tenantId, { logo, ...wanted }, actor) => {
      const logoSha256 = logo ? sha256Hex(logo.toString('base64')) : logo === null ? null : look.logoSha256
      if (logo && logoSha256) logos.set(`${tenantId} ${logoSha256}`, logo)
      look = { ...look, ...wanted, logoSha256 }
      world.audits.push({ tenantId, actor, action: 'clinic.write', resource: 'clinic:look', outcome: 'ok' })
      return look
    },
    logo: async (tenantId, sha256) => logos.get(`${tenantId} ${sha256}`),
  }
}
