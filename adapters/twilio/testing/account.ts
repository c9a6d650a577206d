import { randomBytes, randomUUID } from 'node:crypto'
import type { CallContext, ValueOf } from '@heliox/core/kit'
import type { TextMessage } from '@heliox/core/messaging'
import { type Simulator, startSimulator } from '../../contract-suite.ts'
import { memoryLocks, memoryNumbers, noObjects } from '../../testing.ts'
import { twilio } from '../adapter.ts'
import type { TwilioConfig, TwilioContext, TwilioSecrets } from '../config.ts'

/** What the specs of this adapter share: a clinic's account at the simulator, and what is sent from it. */
export const accountSid = `AC${randomBytes(16).toString('hex')}`
export const apiKeySecret = randomBytes(16).toString('hex')
export const authToken = randomBytes(16).toString('hex')
export const clinicNumber = '+13125550142'
/** Of all specs of adapters. */
export const now = '2026-11-23T15:00:00Z'

export const startTwilio = (env: Record<string, string> = {}) =>
  startSimulator(new URL('../sim/main.ts', import.meta.url), {
    SIM_TOKEN: apiKeySecret,
    SIM_ACCOUNT_SID: accountSid,
    SIM_AUTH_TOKEN: authToken,
    SIM_NUMBERS: JSON.stringify({ [clinicNumber]: '' }),
    SIM_NOW: now,
    SIM_STEP_MS: '20',
    ...env,
  })
export const connection = (sim: Pick<Simulator, 'url'>, config: Partial<TwilioConfig> = {}) => ({
  config: twilio.config.parse({ apiBase: sim.url, accountSid, apiKeySid: `SK${'1'.repeat(32)}`, sender: clinicNumber, ...config }),
  secrets: { apiKeySecret },
})

interface ContextOptions {
  config?: Partial<TwilioConfig>
  secrets?: Partial<TwilioSecrets>
  hookUrl?: string
  timeoutMs?: number
  now?: string
  /** Where every line of its log goes. */
  lines?: string[]
  numbers?: TwilioContext['numbers']
}
export const contextOf = (sim: Pick<Simulator, 'url'>, options: ContextOptions = {}): CallContext<TwilioConfig, TwilioSecrets> => {
  const { config, secrets } = connection(sim, options.config)
  const log = (fields: Record<string, unknown>, text: string): void => void options.lines?.push(JSON.stringify(fields), text)
  return {
    config,
    secrets: { ...secrets, ...options.secrets },
    idempotencyKey: randomUUID(),
    hookUrl: options.hookUrl,
    signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
    log: { info: log, warn: log, error: log },
    now: () => new Date(options.now ?? now),
    production: false,
    objects: noObjects,
    numbers: options.numbers ?? memoryNumbers(),
    locks: memoryLocks(),
  }
}

export const text = (more: Partial<ValueOf<typeof TextMessage>> = {}): ValueOf<typeof TextMessage> => ({
  messageId: randomUUID(),
  to: '+13125550177',
  body: `Lakeside Clinic: please fill in your form before your visit. http://127.0.0.1:7400/i/${randomUUID()} Reply STOP to end texts.`,
  notAfter: null,
  ...more,
})
