import { randomBytes, randomUUID } from 'node:crypto'
import type { CallContext, ValueOf } from '@heliox/core/kit'
import type { MailMessage } from '@heliox/core/messaging'
import { type Simulator, startSimulator } from '../../contract-suite.ts'
import { memoryLocks, memoryNumbers, noObjects } from '../../testing.ts'
import { mail } from '../adapter.ts'
import type { MailConfig, MailSecrets } from '../config.ts'

/** What the specs of this adapter share: a mail server, and what is sent through it. */
export const password = randomBytes(12).toString('hex')
export const now = '2026-11-23T15:00:00Z'

export const startMail = (env: Record<string, string> = {}) =>
  startSimulator(new URL('../sim/main.ts', import.meta.url), { SIM_TOKEN: password, SIM_SMTP_PORT: '0', ...env })

/** `url` decides where: a simulator that is gone has another one than its ready line says. */
export const connection = (sim: Pick<Simulator, 'url' | 'ready'>, config: Partial<MailConfig> = {}) => {
  const { port } = sim.ready.smtp as { port: number }
  const at = new URL(sim.url)
  const isThere = sim.url === sim.ready.url
  return {
    config: mail.config.parse({
      ...{ host: '127.0.0.1', port: isThere ? port : Number(at.port), security: 'none', user: 'hub' },
      ...{ fromAddress: 'no-reply@lakeside.example', fromName: 'Lakeside Clinic' },
      ...config,
    }),
    secrets: { password },
  }
}

interface ContextOptions {
  config?: Partial<MailConfig>
  secrets?: MailSecrets
  timeoutMs?: number
  production?: boolean
  lines?: string[]
}
export const contextOf = (sim: Pick<Simulator, 'url' | 'ready'>, options: ContextOptions = {}): CallContext<MailConfig, MailSecrets> => {
  const { config, secrets } = connection(sim, options.config)
  const log = (fields: Record<string, unknown>, text: string): void => void options.lines?.push(JSON.stringify(fields), text)
  return {
    config,
    secrets: options.secrets ?? secrets,
    idempotencyKey: randomUUID(),
    signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
    log: { info: log, warn: log, error: log },
    now: () => new Date(now),
    production: options.production ?? false,
    objects: noObjects,
    numbers: memoryNumbers(),
    locks: memoryLocks(),
  }
}

export const letter = (more: Partial<ValueOf<typeof MailMessage>> = {}): ValueOf<typeof MailMessage> => ({
  messageId: randomUUID(),
  to: 'ana@patients.example',
  language: 'en',
  subject: 'Before your visit at Lakeside Clinic',
  paragraphs: ['Please fill in your form before your visit on Tuesday, 24 November, 9:20.', 'It takes about six minutes.'],
  link: { url: `http://127.0.0.1:7400/i/${randomUUID()}`, label: 'Fill in the form' },
  footer: 'Lakeside Clinic, +1 312 555 0142',
  code: null,
  unsubscribeUrl: null,
  notAfter: null,
  ...more,
})
