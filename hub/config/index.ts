import { regions } from '@heliox/core/identity'
import { z } from 'zod'

/**
 * The settings of api, relay and engine, read once at start from the environment; a missing one is a clear error, never a
 * default that fails open. `db/main.ts` has those of the migration; `HUB_BARRIER` is for tests (`hub/barrier`).
 */
const shared = {
  HUB_ENV: z.enum(['development', 'test', 'production']),
  HUB_REGION: z.enum(regions),
  /** `api-1`, `engine-2`: in logs, leases and the journey. */
  HUB_PROCESS: z.string().min(1).max(40),
  HUB_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** The simulator whose clock this process follows (`hub/clock`); for development and tests, refused in production. */
  HUB_CLOCK_URL: z.url({ protocol: /^http$/ }).optional(),
}
const database = { DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }) }
const vault = { HUB_KMS_FILE: z.string().min(1) }
const brokerUrl = z.url({ protocol: /^amqps?$/ })
const bus = z.discriminatedUnion('HUB_BUS', [
  z.object({ HUB_BUS: z.literal('postgres'), HUB_BUS_DATABASE_URL: database.DATABASE_URL }),
  // The addresses of a cluster's nodes, with commas between them.
  z.object({
    HUB_BUS: z.literal('rabbitmq'),
    AMQP_URL: z.string().refine((list) => list.split(',').every((one) => brokerUrl.safeParse(one.trim()).success), 'must be amqp addresses'),
  }),
])
const objects = {
  S3_ENDPOINT: z.url(),
  /** The endpoint as the browser reaches it; the signature covers its host. */
  S3_PUBLIC_ENDPOINT: z.url(),
  /** What signatures name, and where the photos lie: of the part of the world of HUB_REGION. `auto` and names of other makers' stores are taken as they are. */
  S3_REGION: z
    .literal('')
    .transform(() => undefined)
    .or(z.string().max(60))
    .optional(),
  S3_ACCESS_KEY: z.string().min(1),
  S3_SECRET_KEY: z.string().min(1),
  S3_BUCKET_QUARANTINE: z.string().min(3),
  S3_BUCKET_CLEAN: z.string().min(3),
}
/** At least 32 characters that the API and the live views share: who comes without it did not come through the sign-in. */
const liveKey = z.string().min(32).max(200)
const liveViews = {
  /** The live views that run, `{"<tenant id>": "http://host:port"}`; empty: none. */
  HUB_LIVE_URLS: z
    .string()
    .default('{}')
    .transform((text, context) => {
      const parsed = LiveUrls.safeParse(jsonOrUndefined(text === '' ? '{}' : text))
      if (parsed.success) return parsed.data
      context.addIssue({ code: 'custom', message: 'must be a JSON object of tenant ids and http addresses' })
      return z.NEVER
    }),
  HUB_LIVE_KEY: z
    .literal('')
    .transform(() => undefined)
    .or(liveKey)
    .optional(),
}
const LiveUrls = z.record(z.uuid(), z.url({ protocol: /^http$/ }))
function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
/** A live view without the key would be open to whoever finds its port. */
const withItsKey = (settings: { HUB_LIVE_URLS: Record<string, string>; HUB_LIVE_KEY?: string | undefined }) =>
  Object.keys(settings.HUB_LIVE_URLS).length === 0 || settings.HUB_LIVE_KEY !== undefined
/** Real patients live in real time. */
const inRealTime = (settings: { HUB_ENV: string; HUB_CLOCK_URL?: string | undefined }) =>
  settings.HUB_ENV !== 'production' || settings.HUB_CLOCK_URL === undefined
const ofClock = { path: ['HUB_CLOCK_URL'], message: 'not in production' }
const ofLive = { path: ['HUB_LIVE_KEY'], message: 'live views need it' }

/** How the object stores that name their regions after parts of the world begin them. */
const partsOfTheWorld = ['us', 'ca', 'mx', 'sa', 'eu', 'af', 'ap', 'me', 'il', 'cn']
const partOf = (region: string): string => region.split('-')[0] ?? ''
/** Photos of patients in Europe are not signed into an American bucket because somebody forgot a variable: only there is a region that goes without saying. */
function inItsPart({ HUB_REGION, S3_REGION }: { HUB_REGION: string; S3_REGION?: string | undefined }): boolean {
  if (S3_REGION === undefined) return partOf(HUB_REGION) === 'us'
  return partOf(S3_REGION) === partOf(HUB_REGION) || !partsOfTheWorld.includes(partOf(S3_REGION))
}
const ofStore = { path: ['S3_REGION'], message: 'must be set, and be in the part of the world of HUB_REGION' }
const withStore = <S extends { S3_REGION?: string | undefined }>(settings: S) => ({ ...settings, S3_REGION: settings.S3_REGION ?? 'us-east-1' })
export const ApiConfig = z
  .object({
    ...shared,
    ...database,
    ...vault,
    ...objects,
    HUB_HOST: z.string().default('127.0.0.1'),
    HUB_PORT: z.coerce.number().int().min(0).max(65535),
    /** `1` behind a proxy that ends TLS: the client's address is then read from its header, for limits and signatures. */
    HUB_TRUST_PROXY: z.enum(['0', '1']).default('0'),
    /** What patients and staff type; links are made from it. */
    HUB_PUBLIC_URL: z.url(),
    ...liveViews,
  })
  .and(bus)
  .refine(inRealTime, ofClock)
  .refine(withItsKey, ofLive)
  .refine(inItsPart, ofStore)
  .transform(withStore)
export const RelayConfig = z
  .object({ ...shared, ...database })
  .and(bus)
  .refine(inRealTime, ofClock)
export const EngineConfig = z
  .object({
    ...shared,
    ...database,
    ...vault,
    ...objects,
    /** As for the api: partners are told to call it, and messages to patients lead there. */
    HUB_PUBLIC_URL: z.url(),
    /** Node-RED's user folder; a temporary one when left out. */
    HUB_ENGINE_DIR: z.string().min(1).optional(),
  })
  .and(bus)
  .refine(inRealTime, ofClock)
  .refine(inItsPart, ofStore)
  .transform(withStore)
/** The view of one clinic: the API's address, a token of its service account, and the key it shares with the API. */
export const LiveConfig = z.object({
  HUB_ENV: shared.HUB_ENV,
  HUB_REGION: shared.HUB_REGION,
  HUB_PROCESS: shared.HUB_PROCESS,
  HUB_LOG_LEVEL: shared.HUB_LOG_LEVEL,
  HUB_HOST: z.string().default('127.0.0.1'),
  HUB_PORT: z.coerce.number().int().min(0).max(65535),
  HUB_API_URL: z.url({ protocol: /^https?$/ }),
  HUB_LIVE_TOKEN: z.string().min(20).max(100),
  HUB_LIVE_KEY: liveKey,
})
export type ApiConfig = z.output<typeof ApiConfig>
export type RelayConfig = z.output<typeof RelayConfig>
export type EngineConfig = z.output<typeof EngineConfig>

export function readConfig<S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv = process.env): z.output<S> {
  const result = schema.safeParse(env)
  if (result.success) return result.data
  // Names, and what we say ourselves: a value may be a secret.
  const wrong = result.error.issues.map(({ path, code, message }) => `${path.join('.') || 'HUB_BUS'}${code === 'custom' ? ` (${message})` : ''}`)
  throw new Error(`settings missing or wrong: ${[...new Set(wrong)].join(', ')}`)
}
