import { rmSync } from 'node:fs'
import { claimFolder, endLeftovers, pruneAbandoned, rememberProcesses } from './leftovers.ts'
import { freePorts } from './ports.ts'
import { type Running, startPostgres } from './postgres.ts'
import { onEnd } from './processes.ts'
import { stateFolder } from './state-folder.ts'

/**
 * A PostgreSQL for one run, thrown away afterwards; also after Ctrl-C, and by the next run after a `kill -9`. `durable`: a commit waits for
 * the disk all the same, as it does where it is measured.
 */
export async function withThrowAwayPostgres<T>(name: string, work: (postgres: Running, folder: string) => Promise<T>, { durable = false } = {}): Promise<T> {
  await pruneAbandoned()
  const folder = stateFolder(`${name}-${process.pid}`)
  claimFolder(folder)
  await endLeftovers(folder)
  const postgres = await startPostgres(folder, (await freePorts()).postgres, { throwAway: !durable })
  rememberProcesses(folder, [postgres.pid])
  const end = async () => {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const forget = onEnd(end)
  try {
    return await work(postgres, folder)
  } finally {
    forget()
    await end()
  }
}
