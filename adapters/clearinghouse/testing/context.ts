import { randomUUID } from 'node:crypto'
import type { CallContext, ControlNumbers } from '@heliox/core/kit'
import { memoryLocks, memoryNumbers, noObjects } from '../../testing.ts'
import { ClearinghouseConfig, ClearinghouseSecrets } from '../config.ts'

export interface ContextOptions {
  config?: Record<string, unknown>
  secrets?: Record<string, unknown>
  idempotencyKey?: string
  timeoutMs?: number
  numbers?: ControlNumbers
  now?: () => Date
  /** Every line that was logged, as one text. */
  lines?: string[]
}

type TestContext = CallContext<ClearinghouseConfig, ClearinghouseSecrets>

/** What the hub hands to an operation, parsed as the hub parses it. */
export function contextOf(options: ContextOptions = {}): TestContext {
  const write = (fields: Record<string, unknown>, text: string): void => void options.lines?.push(`${text} ${JSON.stringify(fields)}`)
  const now = options.now ?? (() => new Date('2026-12-01T09:00:00Z'))
  return {
    config: ClearinghouseConfig.parse({ restUrl: 'http://127.0.0.1:9', submitterId: 'HELIOXHUB', receiverId: 'CLEARSIM', usage: 'T', ...options.config }),
    secrets: ClearinghouseSecrets.parse({ restToken: 'token-of-the-tests', ...options.secrets }),
    idempotencyKey: options.idempotencyKey ?? randomUUID(),
    signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
    log: { info: write, warn: write, error: write },
    now,
    production: false,
    objects: noObjects,
    locks: memoryLocks(),
    numbers: options.numbers ?? memoryNumbers(now),
  }
}
