import type { SftpFaults } from '../scenario/scenario.ts'

/** What the SFTP server does wrong; counted ones wear off. */
export class Faults {
  #set: SftpFaults = {}

  set(faults: SftpFaults): void {
    this.#set = structuredClone(faults)
  }
  get slowMs(): number {
    return this.#set.slowMs ?? 0
  }
  refuses(what: 'refuseRename' | 'refuseRemove'): boolean {
    const left = this.#set[what]
    if (typeof left !== 'number') return left === true
    this.#set[what] = Math.max(0, left - 1)
    return left > 0
  }
  /** `bytes`: of files that this connection has moved. True: cut it now. */
  disconnectsAt(bytes: number): boolean {
    const cut = this.#set.disconnect
    if (!cut || cut.times <= 0 || bytes <= cut.afterBytes) return false
    cut.times -= 1
    return true
  }
}
