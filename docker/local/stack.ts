import { mkdirSync, rmSync } from 'node:fs'
import { demoTwilio } from '@heliox/db/seed/connections'
import { demo, demoClinicOf, demoHookKey } from '@heliox/db/seed/demo'
import pg from 'pg'
import { type SftpPlace, sftpPlace } from './banner.ts'
import { type Child, startChild } from './child.ts'
import { ensureDebianPackages } from './debian.ts'
import { claimFolder, endLeftovers, pruneAbandoned } from './leftovers.ts'
import { startObjects } from './objects.ts'
import { checkFixedPorts, freePorts, type Ports } from './ports.ts'
import { type Running, startPostgres } from './postgres.ts'
import { onEnd, Processes } from './processes.ts'
import type { Progress } from './progress.ts'
import { findBroker, rabbitMqInstalled, startRabbitMq } from './rabbitmq.ts'
import { localSecrets } from './secrets.ts'
import type { Killable } from './service.ts'
import { stateFolder, usCoreFolder } from './state-folder.ts'
import { buildUi } from './ui.ts'

export type BusName = 'postgres' | 'rabbitmq'

/** Everything one hub needs on one machine, as real processes; what `docker/compose.yaml` describes for a machine with Docker. */
export interface Stack {
  bus: BusName
  busText: string
  folder: string
  urls: Record<'public' | 'clearinghouse' | 'fhir' | 'stripe' | 'twilio' | 'mail' | 'scanner' | 'objects', string>
  /** Undefined without an old scheduler. */
  legacyScheduler: { url: string; apiKey: string } | undefined
  /** As the database's owner: for tests that look behind the API. */
  ownerUrl: string
  scanner: Child
  database: Killable
  /** Undefined where the bus is in the database, or the broker is somebody else's. */
  broker: Killable | undefined
  /** The clearinghouse's folders, as the hub reaches them. */
  sftp: SftpPlace & { user: string; password: string }
  child(name: string): Child
  names(): string[]
  /** Starts it again (after a kill), with extra settings if any. */
  restart(name: string, extra?: Record<string, string>): Promise<Child>
  start(name: string, like: HubProcess, extra?: Record<string, string>): Promise<Child>
  stop(): Promise<void>
}

export interface StackOptions {
  /** `up`: fixed ports, data kept. Anything else: free ports, a folder of its own, thrown away at stop. */
  kind: 'up' | 'throw-away'
  bus: BusName | undefined
  progress: Progress
  region?: string
  /** How long an inquiry of the demo clinic waits for others to share its file; a few seconds when left out. */
  batchEveryMinutes?: number
  /** Restart a process that died by itself; tests that kill things do it themselves. */
  supervise?: boolean
  /** The simulated partners keep what they did over a `kill -9`, as real ones would. */
  journals?: boolean
  /** Arms api, relay and engine while they run (`hub/barrier`). */
  barrierFile?: string
  extra?: Partial<Record<HubProcess, Record<string, string>>>
  /** The demo clinic has an old scheduler beside the hub; `up` has it always. */
  legacyScheduler?: boolean
  /** With the live view of the demo clinic; `up` has it always. */
  live?: boolean
}

/** The processes of the hub itself. */
type HubProcess = 'api' | 'relay' | 'engine' | 'live'

/** A person can mend it: shown without a stack trace. */
export class CannotStart extends Error {}

let runs = 0
const entry = { api: 'api/main.ts', relay: 'hub/outbox/main.ts', engine: 'hub/flows-runtime/main.ts', live: 'hub/live/main.ts' } as const

export async function startStack(options: StackOptions): Promise<Stack> {
  const { progress } = options
  runs += 1
  const folder = stateFolder(options.kind === 'up' ? 'up' : `run-${process.pid}-${runs}`)
  mkdirSync(`${folder}/logs`, { recursive: true })
  claimFolder(folder)
  await endLeftovers(folder)
  await pruneAbandoned()
  const ports: Ports = options.kind === 'up' ? await checkFixedPorts() : await freePorts()
  const secrets = localSecrets(folder)
  const processes = new Processes({ folder, progress, supervise: options.supervise ?? false })
  let forget: () => void = () => undefined
  const stopAll = async () => {
    progress('stopping')
    await processes.stop()
    if (options.kind !== 'up' && process.env.HUB_KEEP !== '1') rmSync(folder, { recursive: true, force: true })
    forget()
    progress('stopped; nothing is left running')
  }
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= stopAll()
    return stopped
  }
  // Ctrl-C is how `make up` is meant to end.
  forget = onEnd(stop, options.kind === 'up' ? 0 : 130)

  try {
    const throwAway = options.kind !== 'up'
    const region = options.region ?? 'us-east'
    const base = { HUB_ENV: throwAway ? 'test' : 'development', HUB_REGION: region }
    const armed: Record<string, string> = options.barrierFile ? { HUB_BARRIER_FILE: options.barrierFile } : {}
    // One time for the hub and its payers: their calendars, our waits.
    const clock = { HUB_CLOCK_URL: `http://127.0.0.1:${ports.clearinghouse}` }
    const publishableKey = `pk_test_${secrets.tokens.stripe.slice(-12)}`
    const url = (port: number) => `http://127.0.0.1:${port}`

    progress('starting PostgreSQL, object store, scanner and the partners’ simulators')
    // The broker takes longest to come up: the database is migrated meanwhile.
    const opening = openBroker(options, folder, ports.rabbitmq, processes)
    opening.catch(() => undefined)
    const sim = (id: 'clearinghouse' | 'fhir' | 'stripe' | 'twilio' | 'mail', more: Record<string, string> = {}) =>
      processes.start(id, {
        file: `adapters/${id}/sim/main.ts`,
        env: { SIM_PORT: String(ports[id]), SIM_TOKEN: secrets.tokens[id], ...more, ...(options.journals && { SIM_JOURNAL: `${folder}/${id}.journal` }) },
      })
    const withLegacy = options.legacyScheduler ?? options.kind === 'up'
    const startLegacy = () =>
      processes.start('legacy-scheduler', {
        file: 'adapters/legacy-scheduler/sim/main.ts',
        env: {
          SIM_PORT: String(ports.legacyScheduler),
          SIM_TOKEN: secrets.tokens.legacyScheduler,
          ...(options.journals && { SIM_JOURNAL: `${folder}/legacy-scheduler.journal` }),
        },
      })
    const [postgres, objects, clearinghouse] = await Promise.all([
      processes.keepKillable(() => startPostgres(folder, ports.postgres, { throwAway })),
      processes.keep(startObjects(folder, ports.objects)),
      sim('clearinghouse', { SIM_SFTP_PORT: String(ports.clearinghouseSftp) }),
      sim('fhir'),
      sim('stripe', {
        SIM_PUBLISHABLE_KEY: publishableKey,
        SIM_WEBHOOK_URL: `${url(ports.api)}/hooks/stripe/${demoHookKey(demoClinicOf(region), 'stripe')}`,
        SIM_WEBHOOK_SECRET: secrets.webhooks.stripe,
        // Signatures grow old by the hub's time, and that is the clearinghouse's.
        SIM_CLOCK_URL: `${url(ports.clearinghouse)}/_sim/clock`,
      }),
      sim('twilio', {
        SIM_ACCOUNT_SID: demoTwilio.accountSid,
        SIM_AUTH_TOKEN: secrets.webhooks.twilio,
        SIM_NUMBERS: JSON.stringify(
          Object.fromEntries(
            demo.tenants.map((tenant) => [demoTwilio.numbers[tenant.slug], `${url(ports.api)}/hooks/twilio/${demoHookKey(tenant, 'twilio')}`]),
          ),
        ),
        // What was sent when is told in the hub's time.
        SIM_CLOCK_URL: `${url(ports.clearinghouse)}/_sim/clock`,
      }),
      sim('mail', { SIM_SMTP_PORT: String(ports.mailSmtp) }),
      processes.start('scanner', {
        file: 'adapters/scanner/embedded/main.ts',
        env: { HUB_ENV: base.HUB_ENV, SCAN_PORT: String(ports.scanner), SCAN_CONTROL_PORT: String(ports.scannerControl) },
      }),
      buildUi(progress),
      ...(withLegacy ? [startLegacy()] : []),
    ] as const)

    const sftp = sftpPlace(clearinghouse.ready)
    const ownerUrl = await ensureDatabase(postgres.first)
    const roleUrl = (role: keyof typeof secrets.passwords) => {
      const u = new URL(ownerUrl)
      u.username = role
      u.password = secrets.passwords[role]
      return u.toString()
    }
    progress('migrating the database and seeding the demo clinic')
    const kmsFile = `${folder}/kms.json`
    const migrated = await startChild({
      name: 'migrate',
      file: 'db/main.ts',
      logFile: `${folder}/logs/migrate.log`,
      env: {
        ...base,
        HUB_OWNER_URL: ownerUrl,
        HUB_KMS_FILE: kmsFile,
        HUB_ROLE_PASSWORDS: JSON.stringify(secrets.passwords),
        HUB_SEED: JSON.stringify({
          clearinghouse: { url: url(ports.clearinghouse), token: secrets.tokens.clearinghouse, sftp, batchEveryMinutes: options.batchEveryMinutes ?? 0.05 },
          fhir: { url: url(ports.fhir), token: secrets.tokens.fhir },
          stripe: {
            ...{ url: url(ports.stripe), secretKey: secrets.tokens.stripe, publishableKey },
            ...{ webhookSecret: secrets.webhooks.stripe, returnUrl: `${url(ports.api)}/confirmed` },
          },
          scanner: { host: '127.0.0.1', port: ports.scanner },
          twilio: { url: url(ports.twilio), apiKeySecret: secrets.tokens.twilio, webhookToken: secrets.webhooks.twilio },
          mail: { host: '127.0.0.1', port: ports.mailSmtp, password: secrets.tokens.mail },
          ...(withLegacy && { legacyScheduler: { url: url(ports.legacyScheduler), apiKey: secrets.tokens.legacyScheduler } }),
          live: { token: secrets.live.token },
        }),
      },
    })
    await migrated.ended
    const broker = await opening

    const bus: Record<string, string> =
      broker.name === 'rabbitmq' ? { HUB_BUS: 'rabbitmq', AMQP_URL: broker.amqpUrl } : { HUB_BUS: 'postgres', HUB_BUS_DATABASE_URL: roleUrl('hub_bus') }
    const store = {
      HUB_KMS_FILE: kmsFile,
      S3_ENDPOINT: url(ports.objects),
      S3_PUBLIC_ENDPOINT: url(ports.objects),
      S3_REGION: region === 'us-east' ? 'us-east-1' : 'eu-west-1',
      S3_ACCESS_KEY: objects.accessKey,
      S3_SECRET_KEY: objects.secretKey,
      S3_BUCKET_QUARANTINE: objects.buckets.quarantine,
      S3_BUCKET_CLEAN: objects.buckets.clean,
    }
    const withLive = options.live ?? options.kind === 'up'
    const liveOfApi = { HUB_LIVE_URLS: JSON.stringify({ [demo.lakeside.id]: url(ports.live) }), HUB_LIVE_KEY: secrets.live.key }
    const envOf = {
      api: {
        ...base,
        ...clock,
        ...bus,
        ...store,
        DATABASE_URL: roleUrl('hub_api'),
        HUB_PORT: String(ports.api),
        HUB_PUBLIC_URL: url(ports.api),
        ...(withLive && liveOfApi),
      },
      relay: { ...base, ...clock, ...bus, DATABASE_URL: roleUrl('hub_relay') },
      engine: {
        ...base,
        ...clock,
        ...bus,
        ...store,
        DATABASE_URL: roleUrl('hub_engine'),
        HUB_PUBLIC_URL: url(ports.api),
        HUB_ENGINE_DIR: folder,
        US_CORE_PACKAGES: usCoreFolder,
      },
      live: { ...base, HUB_PORT: String(ports.live), HUB_API_URL: url(ports.api), HUB_LIVE_TOKEN: secrets.live.token, HUB_LIVE_KEY: secrets.live.key },
    }
    const start = (name: string, like: keyof typeof entry, extra: Record<string, string> = {}) =>
      processes.start(name, { file: entry[like], env: { ...envOf[like], ...armed, HUB_PROCESS: name, ...options.extra?.[like], ...extra } })
    progress('starting api, relay and engine')
    await Promise.all([start('api', 'api'), start('relay', 'relay'), start('engine', 'engine')])
    // Nobody's work waits for a view: without it everything else goes on.
    if (withLive) await start('live', 'live').catch(() => progress('the live view did not start; see logs/live.log'))

    return {
      bus: broker.name,
      busText: broker.text,
      folder,
      urls: {
        public: url(ports.api),
        clearinghouse: url(ports.clearinghouse),
        fhir: url(ports.fhir),
        stripe: url(ports.stripe),
        twilio: url(ports.twilio),
        mail: url(ports.mail),
        scanner: url(ports.scannerControl),
        objects: url(ports.objects),
      },
      legacyScheduler: withLegacy ? { url: url(ports.legacyScheduler), apiKey: secrets.tokens.legacyScheduler } : undefined,
      ownerUrl,
      database: postgres.service,
      broker: broker.name === 'rabbitmq' ? broker.service : undefined,
      scanner: processes.child('scanner'),
      sftp: { ...sftp, user: 'hub', password: secrets.tokens.clearinghouse },
      child: (name) => processes.child(name),
      names: () => processes.names(),
      restart: (name, extra = {}) => processes.restart(name, ({ HUB_BARRIER: _, ...env }) => ({ ...env, ...extra })),
      start,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The database is ours alone inside the embedded server. */
async function ensureDatabase(postgres: Running): Promise<string> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  const { rowCount } = await client.query("select 1 from pg_database where datname = 'heliox'")
  if (rowCount === 0) await client.query('create database heliox')
  await client.end()
  return postgres.url.replace(/\/postgres$/, '/heliox')
}

type Broker = { name: 'postgres'; text: string } | { name: 'rabbitmq'; text: string; amqpUrl: string; service?: Killable }

/**
 * `HUB_BUS` decides; unset: `AMQP_URL`, else a broker that lets us in, else embedded. A stack that is thrown away never shares
 * a broker: a running `make up` there would take its events.
 */
async function openBroker(options: StackOptions, folder: string, port: number, processes: Processes): Promise<Broker> {
  const { bus, kind, progress } = options
  if (bus === 'postgres') return { name: 'postgres', text: 'PostgreSQL (embedded; HUB_BUS=postgres)' }
  if (kind === 'up' && process.env.AMQP_URL) return { name: 'rabbitmq', text: 'RabbitMQ at AMQP_URL', amqpUrl: process.env.AMQP_URL }
  if (bus === undefined) {
    const found = kind === 'up' ? await findBroker() : undefined
    return found
      ? { name: 'rabbitmq', text: 'RabbitMQ on localhost:5672, in a vhost of our own', amqpUrl: found }
      : { name: 'postgres', text: 'PostgreSQL (embedded; no broker found)' }
  }
  if (!rabbitMqInstalled()) {
    const lacking = ensureDebianPackages(['rabbitmq-server'], progress)
    if (lacking.length > 0)
      throw new CannotStart('RabbitMQ is missing, and only root on Debian can install it here: install it, set AMQP_URL, or use HUB_BUS=postgres.')
  }
  progress('starting RabbitMQ')
  const { first, service } = await processes.keepKillable(() => startRabbitMq(folder, port))
  return { name: 'rabbitmq', text: `RabbitMQ, our own broker on port ${port}`, amqpUrl: first.amqpUrl, service }
}
