import { adapters } from '@heliox/adapters'
import { regions } from '@heliox/core/identity'
import { systemClock } from '@heliox/hub/clock'
import { readConfig } from '@heliox/hub/config'
import { z } from 'zod'
import { openKmsFile } from './kms.ts'
import { migrate } from './migrate.ts'
import { demoConnections, demoMessaging, SimulatorPlaces } from './seed/connections.ts'
import { demo, demoClinicOf } from './seed/demo.ts'
import { seed } from './seed/index.ts'

/** Migrates, and in development seeds the demo clinics; then ends. Run before every start: both are safe to repeat. */
const json = <S extends z.ZodType>(shape: S) =>
  z
    .string()
    .transform((text, issues) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        issues.addIssue({ code: 'custom', message: 'must be JSON' })
        return z.NEVER
      }
    })
    .pipe(shape)
const password = z.string().min(8)
const Config = z
  .object({
    HUB_ENV: z.enum(['development', 'test', 'production']),
    /** Superuser, or a role with CREATEROLE that owns the database. */
    HUB_OWNER_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    HUB_ROLE_PASSWORDS: json(z.object({ hub_api: password, hub_engine: password, hub_relay: password, hub_bus: password })),
    HUB_KMS_FILE: z.string().min(1).optional(),
    /** Whose demo clinic has every partner; the other region’s only writes to its patients. */
    HUB_REGION: z.enum(regions).default('us-east'),
    HUB_SEED: json(SimulatorPlaces).optional(),
  })
  .refine((config) => !config.HUB_SEED || (config.HUB_ENV !== 'production' && config.HUB_KMS_FILE), { path: ['HUB_SEED'] })

const config = readConfig(Config)
const ran = await migrate(config.HUB_OWNER_URL, { passwords: config.HUB_ROLE_PASSWORDS })
if (config.HUB_KMS_FILE) openKmsFile(config.HUB_KMS_FILE, { create: config.HUB_ENV !== 'production' })
if (config.HUB_SEED && config.HUB_KMS_FILE) {
  const { HUB_SEED: places } = config
  const home = demoClinicOf(config.HUB_REGION)
  await seed({
    ownerUrl: config.HUB_OWNER_URL,
    kmsFile: config.HUB_KMS_FILE,
    now: systemClock().now(),
    connections: Object.fromEntries(
      demo.tenants.map((tenant) => [tenant.slug, parsed(tenant.id === home.id ? demoConnections(places, tenant) : demoMessaging(places, tenant))]),
    ),
    liveToken: places.live?.token,
  })
}

/** By each adapter's own shapes. */
function parsed(connections: ReturnType<typeof demoConnections>): ReturnType<typeof demoConnections> {
  return Object.fromEntries(
    adapters.flatMap(({ id, config, secrets }) => {
      const connection = connections[id]
      return connection ? [[id, { config: config.parse(connection.config), secrets: secrets.parse(connection.secrets) }]] : []
    }),
  )
}
process.stdout.write(`${JSON.stringify({ ready: true, process: 'migrate', url: null, migrations: ran, seeded: Boolean(config.HUB_SEED) })}\n`)
