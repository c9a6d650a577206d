import { rmSync } from 'node:fs'
import { claimFolder, endLeftovers, pruneAbandoned, rememberProcesses } from './leftovers.ts'
import { freePorts } from './ports.ts'
import { type Running, startPostgres } from './postgres.ts'
import { onEnd } from './processes.ts'
import { stateFolder } from './state-folder.ts'

/** A PostgreSQL for one run, thrown away afterwards; also after Ctrl-C, and by the next run after a `kill -9`. */
export async function withThrowAwayPostgres<T>(name: string, work: (postgres: Running) => Promise<T>): Promise<T> {
  await pruneAbandoned()
  const folder = stateFolder(`${name}-${process.pid}`)
  claimFolder(folder)
  await endLeftovers(folder)
  const postgres = await startPostgres(folder, (await freePorts()).postgres, { throwAway: true })
  rememberProcesses(folder, [postgres.pid])
  const end = async () => {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const forget = onEnd(end)
  try {
    return await work(postgres)
  } finally {
    forget()
    await end()
  }
}
