import type { LinkFacts } from '@heliox/core/ports'

/** Some 500 bytes each. The one looked up longest ago is forgotten first, and costs a look-up. */
const rememberedMax = 10_000

/**
 * Open links that this process has looked up, each as one browser may use it. What is remembered may not be so any more: only a commit that
 * compares it may rest on it. A patient has called a dozen times before the form is sent, so its last click finds its link here.
 */
export class RememberedLinks {
  readonly #links = new Map<string, LinkFacts>()

  of(tokenSha256: string, proofSha256s: readonly string[]): LinkFacts | undefined {
    return this.#links.get(keyOf(tokenSha256, proofSha256s))
  }

  /** What a look-up found; undefined: nothing that a form could be sent at. */
  learn(tokenSha256: string, proofSha256s: readonly string[], link: LinkFacts | undefined): void {
    const key = keyOf(tokenSha256, proofSha256s)
    this.#links.delete(key)
    if (!link) return
    this.#links.set(key, link)
    if (this.#links.size > rememberedMax) this.#links.delete(this.#links.keys().next().value as string)
  }
}

const keyOf = (tokenSha256: string, proofSha256s: readonly string[]): string => [tokenSha256, ...proofSha256s].join(' ')
