import { inspect } from 'node:util'
import { type Barrier, type CallContext, defineAdapter, defineContract, type Log, type ReceivedFile } from '@heliox/core/kit'
import type { ReceiveStore } from '@heliox/core/ports'
import { z } from 'zod'
import type { ReceiveDeps } from './deps.ts'

/** For tests of the loop around them: the contract of `ReceiveStore` in memory, and a partner whose door a test moves. */

export const Item = defineContract({ name: 'Item', version: 1, phi: false, schema: z.object({ n: z.int() }) })
export const everyMs = 60_000
const fileBytesMax = 100_000

interface Kept {
  tenantId: string
  fileId: string
  sha256: string
  bytes: Buffer
  items: { n: number }[]
  commits: number[]
  read: boolean
  failed: number
}

export type Collect = (
  ctx: CallContext<{ on: boolean; everyMinutes: number }, { token: string }>,
  keep: (file: ReceivedFile) => Promise<'kept' | 'known'>,
) => Promise<void>

export class Receiving {
  nowMs = Date.parse('2026-01-05T15:00:00.000Z')
  readonly kept: Kept[] = []
  readonly turns: { tenantId: string; atMs: number }[] = []
  readonly opened: string[] = []
  readonly lines: string[] = []
  readonly closed: { tenantId: string; everyMs: number }[] = []
  readonly silence: { tenantId: string; atMs: number }[] = []
  readonly waiting = new Set<string>()
  readonly regions = new Map<string, string>()
  tenants = ['t1']
  /** Per tenant; undefined: no connection. */
  config: (tenantId: string) => unknown = () => ({ on: true, everyMinutes: 15 })
  collect: Collect = async () => undefined
  /** One item a line; a line that is no number makes this reader throw, as a bug would. */
  read = async function* (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<{ n: number }> {
    let text = ''
    for await (const chunk of bytes) text += Buffer.from(chunk).toString()
    for (const line of text.split('\n').filter(Boolean)) {
      if (!/^\d+$/.test(line)) throw new TypeError(`cannot read ${line}`)
      yield { n: Number(line) }
    }
  }
  onStop: (at: Barrier, scope?: string) => Promise<void> = async () => undefined
  failing: 'nothing' | 'storage' = 'nothing'
  readonly #leases = new Map<string, { untilMs: number; lookedMs: number }>()

  readonly files: ReceiveStore = {
    tenants: async () => {
      if (this.failing === 'storage') throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' })
      return this.tenants
    },
    takeTurn: async (tenantId, receiver, _owner, times, now) => {
      const key = `${tenantId}/${receiver}`
      const lease = this.#leases.get(key)
      if (lease && (lease.untilMs > now.getTime() || now.getTime() - lease.lookedMs < times.everyMs)) return undefined
      this.turns.push({ tenantId, atMs: now.getTime() })
      this.#leases.set(key, { untilMs: now.getTime() + times.leaseMs, lookedMs: now.getTime() })
      return { giveBack: async () => void this.#leases.set(key, { untilMs: 0, lookedMs: now.getTime() }) }
    },
    keepFile: async (tenantId, _receiver, { sha256, bytes }) => {
      if (this.kept.some((file) => file.tenantId === tenantId && file.sha256 === sha256)) return 'known'
      this.kept.push({ tenantId, fileId: `file-${this.kept.length + 1}`, sha256, bytes, items: [], commits: [], read: false, failed: 0 })
      return 'kept'
    },
    lastKept: async () => null,
    unread: async (tenantId, _receiver, limit) =>
      this.kept
        .filter((file) => file.tenantId === tenantId && !file.read && file.failed === 0)
        .slice(0, limit)
        .map(({ fileId, items }) => ({ fileId, items: items.length, receivedAt: new Date(this.nowMs).toISOString() })),
    openFile: async (_tenantId, fileId) => {
      const { bytes } = this.file(fileId)
      return (async function* () {
        yield bytes
      })()
    },
    recordItems: async (_tenantId, fileId, { first, items, last }) => {
      const file = this.file(fileId)
      if (file.read || first !== file.items.length) return 'not-ours'
      file.items.push(...(items as { n: number }[]))
      file.commits.push(items.length)
      file.read = last
      return 'recorded'
    },
    readFailed: async (_tenantId, _receiver, fileId) => {
      this.file(fileId).failed += 1
    },
  }

  file(fileId: string): Kept {
    const found = this.kept.find((file) => file.fileId === fileId)
    if (!found) throw new Error('no such file')
    return found
  }

  /** Nothing of an earlier process is left but what its store holds. */
  deps(options: { timeoutMs?: number; isCalled?: boolean } = {}): ReceiveDeps {
    const write = (fields: Record<string, unknown>, text: string): void => void this.lines.push(inspect({ ...fields, text }, { depth: 9 }))
    const log: Log = { info: write, warn: write, error: write }
    const partner = defineAdapter({
      id: 'partner',
      title: 'Partner',
      config: z.object({ on: z.boolean(), everyMinutes: z.number() }),
      secrets: z.object({ token: z.string(), webhookToken: z.string().optional() }),
      health: async () => ({ ok: true, text: 'fine' }),
      operations: () => ({}),
      receive: (receiver) => ({
        inbox: receiver({
          ...(options.isCalled && { webhook: { bodyBytesMax: fileBytesMax, verify: () => 'genuine' as const } }),
          summary: 'Files.',
          version: 1,
          event: 'partner.item-received.v1',
          item: Item,
          everyMs,
          timeoutMs: options.timeoutMs ?? 5_000,
          fileBytesMax,
          enabled: ({ on }) => on,
          collect: (ctx, keep) => this.collect(ctx, keep),
          read: (bytes) => this.read(bytes),
        }),
      }),
    })
    const absent = async (): Promise<never> => {
      throw new Error('not asked for here')
    }
    return {
      region: 'us-east',
      adapters: [partner],
      files: this.files,
      batches: {
        waiting: async () => [...this.waiting],
        closeBatch: async (tenantId, rules) => {
          this.closed.push({ tenantId, everyMs: rules.everyMs })
          return this.waiting.delete(tenantId) ? `batch-${this.closed.length}` : undefined
        },
        watchSilence: async (tenantId, now) => {
          this.silence.push({ tenantId, atMs: now.getTime() })
          return 0
        },
      },
      connections: {
        tenant: async (id) => ({ id, slug: id, name: id, region: this.regions.get(id) ?? 'us-east', timeZone: 'UTC', npi: '1234567893' }),
        connection: async (tenantId) => {
          this.opened.push(tenantId)
          const config = this.config(tenantId)
          return config === undefined ? undefined : { config, secrets: { token: 'secret-token' } }
        },
        settings: async (tenantId) => this.config(tenantId),
      },
      numbers: { take: absent },
      locks: { serially: absent, keyOf: absent },
      objects: { get: absent, put: absent, remove: absent },
      batching: {
        adapterId: 'partner',
        rulesOf: (config) => ({ everyMs: ((config as { everyMinutes: number } | undefined)?.everyMinutes ?? 99) * 60_000, inquiriesMax: 500 }),
      },
      clock: { now: () => new Date(this.nowMs) },
      stop: (at, scope) => this.onStop(at, scope),
      log,
      production: false,
      process: 'engine-1',
    }
  }
}

/** Numbers, one a line. */
export const numbered = (count: number, from = 1): Buffer => Buffer.from(Array.from({ length: count }, (_, i) => `${from + i}\n`).join(''))

export async function until(what: string, good: () => boolean, withinMs = 5_000): Promise<void> {
  const endMs = performance.now() + withinMs
  while (!good()) {
    if (performance.now() > endMs) throw new Error(`waited for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
