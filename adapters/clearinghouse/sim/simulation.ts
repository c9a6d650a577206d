import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SimJournal } from '../../sim-journal.ts'
import { Deliveries } from './batch/delivery.ts'
import { type FolderName, Folders, isUnfinished } from './batch/folders.ts'
import { Intake } from './batch/intake.ts'
import { Clearinghouse } from './clearinghouse.ts'
import { type ClockSetting, SimClock } from './clock.ts'
import { clockOf, controlPort } from './control-port.ts'
import { json } from './rest/http.ts'
import { RealTimeDoor } from './rest/real-time.ts'
import { partnerRoutes } from './rest/routes.ts'
import { Tokens } from './rest/tokens.ts'
import { Scenario } from './scenario/scenario.ts'
import { Faults } from './sftp/faults.ts'
import { HostKeys } from './sftp/host-key.ts'
import { publicKeys } from './sftp/login.ts'
import { type SftpServer, startSftp } from './sftp/server.ts'

export interface Settings {
  token: string
  port: number
  sftpPort: number
  /** OpenSSH public keys, one a line. */
  sftpKeys: string
  clock: ClockSetting
  scenario: Scenario | undefined
  /** A file. Without it nothing outlives this process. */
  journal: string | undefined
}
/** What the control port may do. */
export interface Simulation {
  house: Clearinghouse
  folders: Folders
  sftpFaults: Faults
  play(scenario: Scenario): void
  putFile(folder: FolderName, name: string, bytes: Buffer): boolean
  changeHostKey(to: 'next' | 'first'): string
  expireTokens(): void
  reset(): void
}
export interface Running {
  url: string
  sftp: { host: string; port: number; hostKeySha256: string }
  clock: SimClock
  stop(): Promise<void>
}

/** Both doors, the control port and the clock, in this process; nothing of it is on disk but the journal. */
export async function startSimulation(settings: Settings): Promise<Running> {
  const first = settings.scenario ?? Scenario.parse({})
  // What the command line says about the clock goes before what the scenario says.
  const journal = new SimJournal()
  const clock = new SimClock({ ...(first.clock ? clockOf(first.clock) : {}), ...settings.clock }, journal)
  const house = new Clearinghouse(clock, first, journal)
  const folders = new Folders(clock, journal)
  const deliveries = new Deliveries(house, folders)
  const intake = new Intake(house, deliveries)
  const door = new RealTimeDoor(house)
  const tokens = new Tokens(settings.token, clock, journal)
  const hostKeys = new HostKeys(settings.token, journal)
  const sftpFaults = new Faults(journal)
  const take = (name: string): void =>
    journal.together(() => {
      const file = folders.get('to-clearinghouse', name)
      folders.remove('to-clearinghouse', name)
      if (file) intake.take(file.bytes)
    })
  if (!journal.open(settings.journal)) sftpFaults.set(first.sftp ?? {})
  goOn()

  const sftp: SftpServer = await startSftp(
    { house, folders, faults: sftpFaults, take, token: settings.token, hostKeys, keys: publicKeys(settings.sftpKeys) },
    settings.sftpPort,
  )
  /** What fell due while it was away happens now, each at its moment; an upload that the kill cut off is taken as far as it came. */
  function goOn(): void {
    deliveries.resume()
    clock.set({})
    for (const name of folders.names('to-clearinghouse')) if (!isUnfinished(name)) take(name)
  }
  const simulation: Simulation = {
    house,
    folders,
    sftpFaults,
    changeHostKey: (to) => sftp.changeHostKey(to),
    expireTokens: () => tokens.expire(),
    play(scenario) {
      journal.together(() => {
        house.play(scenario)
        sftpFaults.set(scenario.sftp ?? {})
      })
      if (scenario.clock) clock.set(clockOf(scenario.clock))
    },
    putFile: (folder, name, bytes) =>
      journal.together(() => {
        const kept = folders.put(folder, name, bytes)
        if (kept && folder === 'to-clearinghouse' && !isUnfinished(name)) take(name)
        return kept
      }),
    reset: () =>
      journal.together(() => {
        house.reset()
        clock.forget()
        deliveries.clear()
        folders.clear()
        intake.clear()
        door.clear()
        sftpFaults.set(first.sftp ?? {})
      }),
  }
  const partner = partnerRoutes({ house, door, tokens })
  // Longer than anybody rests between two requests: a busy machine would send the next one into a socket that is just closing.
  const http = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (req, res) => {
    const url = new URL(req.url ?? '/', 'http://sim')
    const answered = url.pathname.startsWith('/_sim/') ? controlPort(simulation, req, res, url) : partner(req, res, url)
    answered.catch((error: unknown) => {
      // Its own mistakes must be seen by whoever drives it; an error's text may hold a value of a member, its name does not.
      house.log.add('failed', { error: error instanceof Error ? error.name : 'unknown' })
      if (res.headersSent) res.destroy()
      else json(res, 500, { error: { code: 'SIMULATOR_FAILED' } })
    })
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(settings.port, '127.0.0.1', resolve)
  })
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    sftp: { host: '127.0.0.1', port: sftp.port, hostKeySha256: sftp.hostKeySha256() },
    clock,
    stop: () =>
      new Promise((resolve) => {
        clock.stop()
        sftp.stop()
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}
