import type { ChangeFeed, OpsChange } from '@heliox/core/ports'
import type { FastifyReply } from 'fastify'
import { Refusal } from './errors.ts'
import { edgeLimits } from './limits.ts'

/**
 * Server-sent events. One subscription to the change feed per process, handed out to the open streams. A stream carries no
 * state: what it sends is read again from the database at every change, so a copy of the API that joins late misses nothing.
 * Promise: a slow reader is cut off (it connects again and gets a fresh snapshot), and no stream outlives `streamMsMax`.
 */
interface Stream {
  send(event: string, data: unknown): void
  close(): void
  readonly closed: boolean
}

interface Listener {
  tenantId: string
  /** Null: every intake of the tenant. */
  intakeId: string | null
  changed(intakeId: string): void
  /** Of whoever looks after the hub. */
  ops?: (change: OpsChange) => void
  close(): void
}

export class Live {
  readonly #listeners = new Set<Listener>()
  readonly #perIntakeMax: number
  readonly #heartbeatMs: number
  #stop: (() => Promise<void>) | undefined

  constructor(options: { streamsPerIntakeMax?: number; streamHeartbeatMs?: number } = {}) {
    this.#perIntakeMax = options.streamsPerIntakeMax ?? edgeLimits.streamsPerIntakeMax
    this.#heartbeatMs = options.streamHeartbeatMs ?? edgeLimits.streamHeartbeatMs
  }

  async start(changes: ChangeFeed): Promise<void> {
    const stops = await Promise.all([
      changes.onJourney(({ tenantId, intakeId }) => {
        for (const listener of this.#listeners) {
          if (listener.tenantId === tenantId && (listener.intakeId === null || listener.intakeId === intakeId)) listener.changed(intakeId)
        }
      }),
      changes.onOps((change) => {
        for (const listener of this.#listeners) if (listener.tenantId === change.tenantId) listener.ops?.(change)
      }),
    ])
    this.#stop = async () => {
      await Promise.all(stops.map((stop) => stop()))
    }
  }

  async stop(): Promise<void> {
    for (const listener of [...this.#listeners]) listener.close()
    await this.#stop?.()
    this.#stop = undefined
  }

  get open(): number {
    return this.#listeners.size
  }

  #refuseOver(tenantId: string, intakeId: string | null): void {
    const same = [...this.#listeners].filter((l) => l.tenantId === tenantId && l.intakeId === intakeId).length
    const max = intakeId === null ? edgeLimits.streamsPerTenantMax : this.#perIntakeMax
    if (same >= max || this.#listeners.size >= edgeLimits.streamsMax) throw new Refusal('too-many-requests')
  }

  /** Takes the reply over, and sends what changes for those who look after this clinic's hub. */
  attachOps(reply: FastifyReply, tenantId: string, changed: (stream: Stream, change: OpsChange) => void): void {
    this.attach(reply, { tenantId, intakeId: null }, () => undefined, changed)
  }

  /** Takes the reply over. `changed` is called after every change, and once at the start with null. */
  attach(
    reply: FastifyReply,
    of: { tenantId: string; intakeId: string | null },
    changed: (stream: Stream, intakeId: string | null) => void,
    ops?: (stream: Stream, change: OpsChange) => void,
  ): void {
    this.#refuseOver(of.tenantId, of.intakeId)
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    const write = (text: string): void => {
      if (!stream.closed && !raw.write(text)) stream.close()
    }
    const heartbeat = setInterval(() => write(': still here\n\n'), this.#heartbeatMs)
    const end = setTimeout(() => stream.close(), edgeLimits.streamMsMax)
    let closed = false
    const stream: Stream = {
      send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
      close: () => {
        if (closed) return
        closed = true
        clearInterval(heartbeat)
        clearTimeout(end)
        this.#listeners.delete(listener)
        raw.end()
      },
      get closed() {
        return closed
      },
    }
    const listener: Listener = {
      ...of,
      changed: (intakeId) => changed(stream, intakeId),
      ops: ops && ((change) => ops(stream, change)),
      close: () => stream.close(),
    }
    this.#listeners.add(listener)
    raw.on('close', () => stream.close())
    raw.on('error', () => stream.close())
    changed(stream, null)
  }
}

/** Runs `read` one at a time; changes that come meanwhile are one more run after it, however many they were. */
export function coalesced(read: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let running = false
  let again = false
  const run = async (): Promise<void> => {
    running = true
    try {
      do {
        again = false
        await read()
      } while (again)
    } catch (error) {
      failed(error)
    } finally {
      running = false
    }
  }
  return () => {
    again = true
    if (!running) void run()
  }
}
