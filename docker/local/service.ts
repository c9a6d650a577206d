import type { Running } from './postgres.ts'

/** A service that keeps what it has on disk when it is killed: PostgreSQL, the broker. For tests that take it away in mid-load. */
export interface Killable {
  readonly pid: number
  /** `kill -9`; resolves when nothing of it is left. */
  kill(): Promise<void>
  /** On the same port, with the same data; resolves when it answers. */
  revive(): Promise<void>
}

/** The same service over all its lives. `changed`: it has another process now. */
export async function killable<T extends Running>(
  start: () => Promise<T>,
  changed: () => void,
): Promise<{ first: T; service: Killable & { stop(): Promise<void> } }> {
  const first = await start()
  let current: Running = first
  const service = {
    get pid() {
      return current.pid
    },
    kill: () => current.kill(),
    async revive() {
      current = await start()
      changed()
    },
    stop: () => current.stop(),
  }
  return { first, service }
}
