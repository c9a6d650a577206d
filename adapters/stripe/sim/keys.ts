import type { Reply } from './objects.ts'

/** Idempotency keys as Stripe keeps them: the first result comes again, a 402 or 500 too; other parameters are refused. */
export class Keys {
  #kept = new Map<string, { fingerprint: string; reply: Reply; at: number }>()
  readonly #memoryMs: number
  constructor(memoryMs: number) {
    this.#memoryMs = memoryMs
  }
  look(key: string, fingerprint: string): { is: 'new' } | { is: 'replay'; reply: Reply } | { is: 'conflict' } {
    const kept = this.#kept.get(key)
    if (!kept || Date.now() - kept.at > this.#memoryMs) return { is: 'new' }
    return kept.fingerprint === fingerprint ? { is: 'replay', reply: kept.reply } : { is: 'conflict' }
  }
  keep(key: string, fingerprint: string, reply: Reply): void {
    this.#kept.set(key, { fingerprint, reply, at: Date.now() })
  }
  forget(): void {
    this.#kept.clear()
  }
}
