import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { IntakeSubmission } from '@heliox/core/identity'
import type { Envelope } from '@heliox/core/kit'
import type { LinkFacts, OutboxRow, Published, QueueItem, QueueStore, ShownAuthorisation, UploadWish } from '@heliox/core/ports'
import { makeOutboxSource } from './outbox-source.ts'
import { openPool, type Pool } from './pool.ts'
import { demoConsentTexts } from './seed/consent-texts.ts'
import { demo } from './seed/demo.ts'
import { makeStores, type Stores } from './stores.ts'
import { freshDatabase, type TestDatabase } from './testing.ts'
import { openVault, type Vault } from './vault.ts'
import type { Wake } from './wake.ts'

/** For the tests of this folder: a seeded database with the stores as each process has them. */
export interface TestHub {
  db: TestDatabase
  now: Date
  tenantId: string
  otherTenantId: string
  owner: Pool
  api: { pool: Pool; vault: Vault; stores: Stores }
  engine: { pool: Pool; vault: Vault; stores: Stores }
  relay: Pool
  close(): Promise<void>
}

export async function openTestHub(options: { wake?: Wake } = {}): Promise<TestHub> {
  const db = await freshDatabase({ seed: true })
  const now = new Date('2026-02-02T15:00:00Z')
  const clock = { now: () => now }
  const side = (role: 'hub_api' | 'hub_engine', process: string) => {
    const pool = openPool(db.urlAs(role), { max: 8 })
    const vault = openVault({ pool, kmsFile: db.kmsFile })
    return { pool, vault, stores: makeStores({ pool, vault, process, clock, wake: options.wake }) }
  }
  const owner = openPool(db.ownerUrl, { max: 4 })
  const api = side('hub_api', 'api-1')
  const engine = side('hub_engine', 'engine-1')
  const relay = openPool(db.urlAs('hub_relay'), { max: 4 })
  return {
    db,
    now,
    tenantId: demo.lakeside.id,
    otherTenantId: demo.rhein.id,
    owner,
    api,
    engine,
    relay,
    async close() {
      await Promise.all([owner, api.pool, engine.pool, relay].map((pool) => pool.end()))
      await db.drop()
    },
  }
}

/** The queue as somebody of ops sees it. */
export async function openItems(hub: TestHub, filter: Partial<Parameters<QueueStore['list']>[1]> = {}): Promise<QueueItem[]> {
  const page = await hub.api.stores.queue.list(hub.tenantId, { status: 'open', sort: 'visit', grouped: false, limit: 200, ...filter }, randomUUID(), hub.now)
  return page.items
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A token and its hash. */
export function newToken(): [token: string, sha256: string] {
  const token = randomBytes(32).toString('base64url')
  return [token, sha256(token)]
}

/** A clinic that texts and mails. */
export async function connectMessages({ api, tenantId, now }: TestHub): Promise<void> {
  for (const adapterId of ['twilio', 'mail'])
    await api.stores.connectionAdmin.save(tenantId, adapterId, {}, { webhookToken: 'x'.repeat(32) }, 'user:admin', now)
}

/** A visit with its link, as the front desk makes it. */
export async function newLink(hub: TestHub, tenantId = hub.tenantId): Promise<LinkFacts> {
  const [token, tokenSha256] = newToken()
  const details = { startsAt: '2026-02-09T16:00:00Z', minutes: 20, practitioner: 'Dr. Imani Reyes' }
  const expiresAt = new Date('2026-02-10T00:00:00Z')
  await hub.api.stores.clinic.createVisit(tenantId, details, { token, tokenSha256, expiresAt }, 'user:desk', hub.now)
  const link = await hub.api.stores.intake.findLink(tokenSha256, hub.now)
  if (!link) throw new Error('the link was not found')
  return link
}

/** A photo of one part, as a browser announces it; no two are the same file. */
export const photoWish = (id: string, over: Partial<UploadWish> = {}): UploadWish => ({
  ...{ id, kind: 'card-front', contentType: 'image/jpeg', quarantineKey: `q/${id}`, bytes: 1_000, sha256: sha256(id), partBytes: 1_000 },
  ...over,
})

export const submission = IntakeSubmission.parse({
  answers: {
    givenName: 'Ruth',
    familyName: 'Okafor',
    birthDate: '1981-04-09',
    payerSex: 'F',
    phone: '+1 312 555 0100',
    email: null,
    address: { line1: '12 Pier Road', line2: null, city: 'Chicago', state: 'IL', postalCode: '60601' },
    payerId: 'HELIO1',
    memberId: 'HX99871',
    groupNumber: null,
  },
  consents: demoConsentTexts.filter((text) => text.language === 'en').map((text) => ({ textId: text.id, textSha256: text.sha256, granted: true })),
  signature: { typedName: 'Ruth Okafor', language: 'en', drawing: null },
  uploadIds: [],
  confirmationTokenId: 'ctoken_demo_0001',
})

/** The text under which a card is left after the form, as the patient's page hands it over. */
export const shownAuthorisation = (language = 'en'): ShownAuthorisation => {
  const text = demoConsentTexts.find((one) => one.kind === 'card-authorisation' && one.language === language)
  return { textId: text?.id ?? '', textSha256: text?.sha256 ?? '', signedFrom: { userAgent: 'a phone', ip: '192.0.2.7' }, timeZone: 'America/Chicago' }
}

export const submitMeta = (idempotencyKey: string = randomUUID()) => ({
  idempotencyKey,
  payerName: 'Helio Health Plan',
  timeZone: 'America/Chicago',
  signedFrom: { userAgent: 'test', ip: '192.0.2.1' },
  proofSha256s: [] as string[],
  browserSha256: newToken()[1],
  rememberedSha256: null as string | null,
  traceparent: null,
  correlationId: 'c-1',
})

/** What a bus answers that takes these rows and refuses those. */
export const published = (confirmed: readonly OutboxRow[], refused: readonly OutboxRow[] = []): Published => ({
  confirmed: new Set(confirmed.map((row) => row.id)),
  refused: new Set(refused.map((row) => row.id)),
})

/** Everything due in one outbox, taken as the relay takes it. */
export async function drainAll(hub: TestHub, schema: string, now: Date = hub.now): Promise<{ envelope: Envelope; routingKey: string }[]> {
  const source = makeOutboxSource(hub.relay)
  const taken: { envelope: Envelope; routingKey: string }[] = []
  for (;;) {
    const claimed = await source.drain(schema, 100, now, async (rows) => {
      taken.push(...rows)
      return published(rows)
    })
    if (claimed === 0) return taken
  }
}

/** A submitted intake and its event. */
export async function submittedIntake(hub: TestHub, tenantId = hub.tenantId): Promise<{ link: LinkFacts; envelope: Envelope }> {
  const link = await newLink(hub, tenantId)
  const outcome = await hub.api.stores.intake.submit(link, submission, submitMeta(), hub.now)
  if (outcome !== 'submitted') throw new Error(`submit: ${outcome}`)
  const rows = await drainAll(hub, 'identity')
  const found = rows.find((row) => row.envelope.type === 'intake.submitted.v1' && row.envelope.intakeId === link.intakeId)
  if (!found) throw new Error('no event of the submit')
  return { link, envelope: found.envelope }
}
