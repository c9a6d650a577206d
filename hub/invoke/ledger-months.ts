import type { Clock, Log } from '@heliox/core/kit'
import type { LedgerMonths } from '@heliox/core/ports'
import { guarded, type Repeating, repeat } from '../rounds/index.ts'

/** Of the machine's time. Months are opened long before they come, so that a round that fails matters to nobody. */
const roundMs = 10 * 60_000

/** Keeps the coming months of the ledger open. Every engine does; the first round is over before it takes its first delivery. */
export async function startLedgerMonths({ months, clock, log }: { months: LedgerMonths; clock: Clock; log: Log }): Promise<Repeating> {
  const ending = new AbortController()
  const what = 'opening months of the ledger'
  const open = async (): Promise<void> => {
    for (const { month, is } of await months.open(clock.now())) {
      if (is === 'opened') log.info({ month }, 'a month of the ledger is open')
      if (is === 'in-rest') log.warn({ month }, 'rows came before their month of the ledger was open; they stay with the rest')
    }
  }
  await guarded(what, {}, log, open)
  const rounds = repeat(what, roundMs, ending.signal, log, open)
  return {
    close() {
      ending.abort()
      return rounds.close()
    },
  }
}
