import { rmSync } from 'node:fs'
import { claimFolder, endLeftovers, pruneAbandoned } from '@heliox/docker/local/leftovers'
import { freePorts } from '@heliox/docker/local/ports'
import { startPostgres } from '@heliox/docker/local/postgres'
import { onEnd, Processes } from '@heliox/docker/local/processes'
import type { Progress } from '@heliox/docker/local/progress'
import { stateFolder } from '@heliox/docker/local/state-folder'

interface Services {
  folder: string
  processes: Processes
  /** A server of its own, empty. */
  postgresUrl: string
  progress: Progress
}

/** A database server, and what else the work starts; all of it ended afterwards, whatever happens. */
export async function withThrowAwayServices<T>(name: string, work: (services: Services) => Promise<T>): Promise<T> {
  const startedMs = performance.now()
  const progress: Progress = (text) => process.stderr.write(`${name} ${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${text}\n`)
  await pruneAbandoned()
  const folder = stateFolder(`${name}-${process.pid}`)
  claimFolder(folder)
  await endLeftovers(folder)
  const processes = new Processes({ folder, progress, supervise: false })
  const end = async (): Promise<void> => {
    await processes.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const forget = onEnd(end)
  try {
    const postgres = await processes.keep(startPostgres(folder, (await freePorts()).postgres, { throwAway: true }))
    return await work({ folder, processes, postgresUrl: postgres.url, progress })
  } finally {
    forget()
    await end()
  }
}
