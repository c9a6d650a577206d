import type { SimJournal } from '../../../sim-journal.ts'
import type { SftpFaults } from '../scenario/scenario.ts'

/** What the SFTP server does wrong; counted ones wear off. */
export class Faults {
  #set: SftpFaults = {}

  readonly set: (faults: SftpFaults) => void

  constructor(journal: SimJournal) {
    this.set = journal.change('sftp-faults', (faults) => {
      this.#set = faults
    })
  }
  get slowMs(): number {
    return this.#set.slowMs ?? 0
  }
  refuses(what: 'refuseRename' | 'refuseRemove'): boolean {
    const left = this.#set[what]
    if (typeof left !== 'number') return left === true
    if (left > 0) this.set({ ...this.#set, [what]: left - 1 })
    return left > 0
  }
  /** `bytes`: of files that this connection has moved. True: cut it now. */
  disconnectsAt(bytes: number): boolean {
    const cut = this.#set.disconnect
    if (!cut || cut.times <= 0 || bytes <= cut.afterBytes) return false
    this.set({ ...this.#set, disconnect: { ...cut, times: cut.times - 1 } })
    return true
  }
}
