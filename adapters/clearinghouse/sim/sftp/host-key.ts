import { createECDH, createHash, createPrivateKey, hkdfSync } from 'node:crypto'
import ssh2 from 'ssh2'
import type { SimJournal } from '../../../sim-journal.ts'

export interface HostKey {
  pem: string
  /** As OpenSSH prints it behind `SHA256:`. */
  sha256: string
}

/** Follows from the token: the same after a restart, so that a connection that pins it stays good. `generation` 0 is the first. */
function hostKeyOf(token: string, generation: number): HostKey {
  const seed = Buffer.from(hkdfSync('sha256', token, 'clearinghouse simulator', `host key ${generation}`, 32))
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(seed)
  const point = curve.getPublicKey()
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'))
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d: seed.toString('base64url'), x, y }, format: 'jwk' })
  const pem = key.export({ type: 'sec1', format: 'pem' }).toString()
  const parsed = ssh2.utils.parseKey(pem)
  if (parsed instanceof Error) throw parsed
  return { pem, sha256: createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '') }
}

/** Which of the keys it shows now. */
export class HostKeys {
  #generation = 0
  readonly #token: string
  readonly #show: (generation: number) => void

  constructor(token: string, journal: SimJournal) {
    this.#token = token
    this.#show = journal.change('host-key', (generation) => {
      this.#generation = generation
    })
  }
  current(): HostKey {
    return hostKeyOf(this.#token, this.#generation)
  }
  change(to: 'next' | 'first'): void {
    this.#show(to === 'first' ? 0 : this.#generation + 1)
  }
}
