/** This machine's time, or another's: what was sent when must be told in the time that the hub lives in. */
export class SimClock {
  readonly #aheadMs: number
  readonly #followed: string | undefined

  constructor(setting: { now?: string | undefined; followed?: string | undefined }) {
    this.#aheadMs = setting.now ? Date.parse(setting.now) - Date.now() : 0
    this.#followed = setting.followed
  }
  async nowMs(): Promise<number> {
    if (!this.#followed) return Date.now() + this.#aheadMs
    const told = await fetch(this.#followed, { signal: AbortSignal.timeout(5_000) }).then(
      (answer) => answer.json() as Promise<{ now: string }>,
      () => undefined,
    )
    return told ? Date.parse(told.now) : Date.now()
  }
}
