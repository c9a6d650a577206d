import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IntakeSubmission } from '@heliox/core/identity'
import { partKey } from '@heliox/core/media'
import type { LinkFacts } from '@heliox/core/ports'
import type { Journey, JourneyStep } from '@heliox/core/reporting'
import { makeStores, makeWake, openPool, openVault, type Stores, seed } from '@heliox/db'
import { submission } from '@heliox/db/fixtures'
import { demoConnections } from '@heliox/db/seed/connections'
import { demo } from '@heliox/db/seed/demo'
import { freshDatabase } from '@heliox/db/testing'
import { systemClock } from '../../clock/index.ts'
import { makeObjects, type Objects } from '../../objects/index.ts'
import { startProcess, type TestProcess } from './process.ts'

/**
 * The engine as a process, with a real database, the bus on PostgreSQL, an S3 server and every partner's simulator; the
 * relay is a process too, and this one plays the API through its stores. For tests of whole journeys, and of what a kill does to them.
 */
export interface HubStack {
  stores: Stores
  objects: Objects
  tenantId: string
  sims: Record<'clearinghouse' | 'fhir' | 'stripe' | 'scanner', TestProcess>
  startEngine(env?: Record<string, string>): Promise<TestProcess>
  newLink(): Promise<LinkFacts>
  /** A photo in quarantine, said to be complete. */
  putPhoto(link: LinkFacts, kind: 'card-front' | 'card-back', photo: Buffer): Promise<string>
  /** A card as the browser leaves it, by its test number. */
  cardToken(number: string): Promise<string>
  submit(link: LinkFacts, changes?: Partial<IntakeSubmission['answers']> & { uploadIds?: string[]; token?: string | null }): Promise<void>
  journey(intakeId: string): Promise<{ journey: Journey; steps: JourneyStep[] } | undefined>
  /** What a partner really did, by key. */
  effects(partner: keyof HubStack['sims']): Promise<Record<string, { count: number; byKey: Record<string, number> }>>
  fault(partner: keyof HubStack['sims'], mode: 'answers' | 'stalls' | 'drops' | 'accepts-then-drops'): Promise<void>
  count(sql: string, values?: unknown[]): Promise<number>
  close(): Promise<void>
}

const publishableKey = 'pk_test_heliox'
const secretKey = 'sk_test_heliox_engine'
const simToken = 'sim-token-engine'
const bytes = { quarantine: 'quarantine', clean: 'clean-photos' }

export async function startHubStack(): Promise<HubStack> {
  const clock = systemClock()
  const closers: (() => Promise<unknown>)[] = []
  const later = <T>(thing: T, close: (thing: T) => Promise<unknown>): T => {
    closers.unshift(() => close(thing))
    return thing
  }
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0)) await closer()
  }
  try {
    const folder = later(await mkdtemp(join(tmpdir(), 'heliox-stack-')), (path) => rm(path, { recursive: true, force: true }))
    const db = later(await freshDatabase(), (database) => database.drop())
    const start = async (file: string, env: Record<string, string>): Promise<TestProcess> => later(await startProcess(file, env), (p) => p.kill('SIGKILL'))
    const [clearinghouse, fhir, stripe, scanner, s3] = await Promise.all([
      start('adapters/clearinghouse/sim/main.ts', { SIM_TOKEN: simToken }),
      start('adapters/fhir/sim/main.ts', { SIM_TOKEN: simToken }),
      start('adapters/stripe/sim/main.ts', { SIM_TOKEN: secretKey, SIM_PUBLISHABLE_KEY: publishableKey }),
      start('adapters/scanner/embedded/main.ts', { HUB_ENV: 'test', SCAN_PORT: '0', SCAN_CONTROL_PORT: '0' }),
      startS3(join(folder, 's3')),
    ])
    closers.unshift(() => s3.close())
    const sims = { clearinghouse, fhir, stripe, scanner }
    const lakeside = demoConnections(
      {
        clearinghouse: { url: clearinghouse.ready.url, token: simToken },
        fhir: { url: fhir.ready.url, token: simToken },
        stripe: { url: stripe.ready.url, secretKey, publishableKey, returnUrl: 'https://hub.example/confirmed' },
        scanner: { host: '127.0.0.1', port: Number(new URL(scanner.ready.url).port) },
      },
      demo.lakeside,
    )
    await seed({ ownerUrl: db.ownerUrl, kmsFile: db.kmsFile, now: clock.now(), connections: { lakeside } })

    const objects = later(
      makeObjects({ endpoint: s3.url, publicEndpoint: s3.url, region: 'us-east-1', accessKey: 'S3RVER', secretKey: 'S3RVER', buckets: bytes }),
      async (o) => o.close(),
    )
    await objects.ensureBuckets()
    const api = later(openPool(db.urlAs('hub_api'), { max: 4 }), (pool) => pool.end())
    const owner = later(openPool(db.ownerUrl, { max: 2 }), (pool) => pool.end())
    const wake = later(makeWake(api), (w) => w.close())
    const stores = makeStores({ pool: api, vault: openVault({ pool: api, kmsFile: db.kmsFile }), process: 'api-1', clock, wake })
    const busConfig = { HUB_BUS: 'postgres', HUB_BUS_DATABASE_URL: db.urlAs('hub_bus') } as const
    const envOf = { HUB_ENV: 'test', HUB_REGION: 'us-east', ...busConfig }
    await start('hub/outbox/main.ts', { ...envOf, HUB_PROCESS: 'relay-1', DATABASE_URL: db.urlAs('hub_relay') })

    const tenantId = demo.lakeside.id
    return {
      stores,
      objects,
      tenantId,
      sims,
      close,
      startEngine: (env = {}) =>
        start('hub/flows-runtime/main.ts', {
          ...envOf,
          HUB_PROCESS: 'engine-1',
          HUB_PUBLIC_URL: 'http://hub.example',
          HUB_ENGINE_DIR: join(folder, 'engine'),
          DATABASE_URL: db.urlAs('hub_engine'),
          HUB_KMS_FILE: db.kmsFile,
          S3_ENDPOINT: s3.url,
          S3_PUBLIC_ENDPOINT: s3.url,
          S3_ACCESS_KEY: 'S3RVER',
          S3_SECRET_KEY: 'S3RVER',
          S3_BUCKET_QUARANTINE: bytes.quarantine,
          S3_BUCKET_CLEAN: bytes.clean,
          ...env,
        }),
      async newLink() {
        const now = clock.now()
        const tokenSha256 = createHash('sha256').update(randomUUID()).digest('hex')
        const inDays = (days: number): Date => new Date(now.getTime() + days * 86_400_000)
        const details = { startsAt: inDays(7).toISOString(), minutes: 20, practitioner: 'Dr. Imani Reyes' }
        await stores.clinic.createVisit(tenantId, details, { token: randomUUID(), tokenSha256, expiresAt: inDays(7) }, 'user:desk', now)
        const link = await stores.intake.findLink(tokenSha256, now)
        if (!link) throw new Error('no link')
        await stores.intake.open(link, now)
        return link
      },
      async putPhoto(link, kind, photo) {
        const id = randomUUID()
        const quarantineKey = `${tenantId}/${id}`
        const sha256 = createHash('sha256').update(photo).digest('hex')
        const wish = { id, kind, contentType: 'image/jpeg', quarantineKey, bytes: photo.length, sha256, partBytes: photo.length }
        await stores.intake.requestUpload(link, wish, clock.now())
        await objects.put('quarantine', partKey(quarantineKey, 0), photo, 'image/jpeg')
        await stores.intake.completeUpload(link, id, clock.now())
        return id
      },
      cardToken: (number) => cardToken(stripe.ready.url, number),
      async submit(link, { uploadIds = [], token, ...answers } = {}) {
        const confirmationTokenId = token === undefined ? await cardToken(stripe.ready.url) : token
        const submission: IntakeSubmission = { ...blank, answers: { ...somebody(), ...answers }, uploadIds, confirmationTokenId }
        const meta = {
          idempotencyKey: randomUUID(),
          payerName: 'Helio Health Plan',
          timeZone: 'America/Chicago',
          signedFrom: { userAgent: 'test', ip: '192.0.2.1' },
          proofSha256s: [],
          browserSha256: createHash('sha256').update(randomUUID()).digest('hex'),
          rememberedSha256: null,
          traceparent: null,
          correlationId: randomUUID(),
        }
        const outcome = await stores.intake.submit(link, submission, meta, clock.now())
        if (outcome !== 'submitted') throw new Error(`submit: ${outcome}`)
      },
      journey: (intakeId) => stores.ops.journey(tenantId, intakeId),
      async effects(partner) {
        const { url, control } = sims[partner].ready
        return (await (await fetch(new URL('/_sim/effects', control ?? url))).json()) as never
      },
      async fault(partner, mode) {
        const { url, control } = sims[partner].ready
        const answer = await fetch(new URL('/_sim/faults', control ?? url), { method: 'POST', body: JSON.stringify({ mode, times: null }) })
        if (!answer.ok) throw new Error(`fault knob of ${partner}: HTTP ${answer.status}`)
      },
      async count(sql, values = []) {
        const { rows } = await owner.query<{ n: string }>(sql, values)
        return Number(rows[0]?.n)
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The S3 server of development; it ships no types. */
async function startS3(directory: string): Promise<{ url: string; close(): Promise<void> }> {
  const S3rver = createRequire(import.meta.url)('s3rver') as new (options: Record<string, unknown>) => { run(): Promise<AddressInfo>; close(): Promise<void> }
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory })
  const { port } = await server.run()
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

/** What the browser would get from Stripe's own script. */
async function cardToken(url: string, number = '4242424242424242'): Promise<string> {
  const card = { number, exp_month: '12', exp_year: '34', cvc: '123' }
  const body = new URLSearchParams({ 'payment_method_data[type]': 'card' })
  for (const [name, value] of Object.entries(card)) body.set(`payment_method_data[card][${name}]`, value)
  const answer = await fetch(`${url}/v1/confirmation_tokens`, { method: 'POST', headers: { authorization: `Bearer ${publishableKey}` }, body })
  return ((await answer.json()) as { id: string }).id
}

let made = 0
/** Nobody whom a chart of the one before could be taken for: that would wait for a person who compares them. */
function somebody(): IntakeSubmission['answers'] {
  made += 1
  return { ...blank.answers, birthDate: `${1930 + (made % 80)}-04-09`, phone: `+1 312 555 ${String(1000 + made)}` }
}

const blank: IntakeSubmission = { ...submission, confirmationTokenId: null }
