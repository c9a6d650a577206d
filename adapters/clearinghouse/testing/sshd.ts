import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { killHard, treeOf } from '@heliox/docker/local/process-tree'

/** A real OpenSSH server for tests: host keys of its own, one user with the rights of nobody, gone afterwards. */
export interface Sshd {
  config: { sftpHost: string; sftpPort: number; sftpUser: string; sftpHostKeySha256: string }
  /** Fingerprints of the other kinds of key that it holds. */
  otherKeys: { rsa: string; ecdsa: string }
  secrets: { sftpPrivateKey: string }
  /** Where a session begins, on this machine: the test writes there as the partner's own processes would. */
  files: string
  /** Hands a file or folder to the user that logs in. */
  give(path: string): void
  /** Whether a session holds this file open now. */
  holds(path: string): boolean
  /** What it logged since it was asked last. */
  log(): string
  /** The line of everyone who is logged in breaks. */
  killSessions(): void
  stop(): Promise<void>
}

const binary = '/usr/sbin/sshd'
/** Why there is none on this machine; undefined: there is one. */
export const noSshd: string | undefined = !existsSync(binary)
  ? 'openssh-server is not installed'
  : process.getuid?.() !== 0
    ? 'a server that others log in to needs root'
    : undefined

/** `forbidden`: SFTP requests that it refuses, for example `rename`. */
export async function startSshd(forbidden: readonly string[] = []): Promise<Sshd> {
  const base = mkdtempSync(`${tmpdir()}/hub-sshd-`)
  const [uid, gid] = ids('nobody')
  const files = `${base}/files`
  const give = (path: string): void => chownSync(path, uid, gid)
  mkdirSync(files)
  chmodSync(base, 0o755)
  const key = (name: string, type: string): string => {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', `${base}/${name}`])
    return execFileSync('ssh-keygen', ['-lf', `${base}/${name}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? ''
  }
  const [ed25519, rsa, ecdsa] = [key('ed25519', 'ed25519'), key('rsa', 'rsa'), key('ecdsa', 'ecdsa')]
  key('user', 'ed25519')
  writeFileSync(`${base}/authorized`, readFileSync(`${base}/user.pub`))
  if (!existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 })

  const port = await freePort()
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...['ed25519', 'rsa', 'ecdsa'].map((name) => `HostKey ${base}/${name}`),
    `PidFile ${base}/pid`,
    `AuthorizedKeysFile ${base}/authorized`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'StrictModes no',
    'AllowUsers nobody',
    'Subsystem sftp internal-sftp',
    [`ForceCommand internal-sftp -d ${files}`, ...(forbidden.length > 0 ? ['-P', forbidden.join(',')] : [])].join(' '),
  ]
  writeFileSync(`${base}/config`, `${settings.join('\n')}\n`)
  const server = spawn(binary, ['-D', '-f', `${base}/config`, '-E', `${base}/log`], { stdio: 'ignore' })
  await listening(port, server, `${base}/log`)
  let logged = 0
  return {
    config: { sftpHost: '127.0.0.1', sftpPort: port, sftpUser: 'nobody', sftpHostKeySha256: ed25519 },
    otherKeys: { rsa, ecdsa },
    secrets: { sftpPrivateKey: readFileSync(`${base}/user`, 'utf8') },
    files,
    give,
    holds: (path) => below(server).some((pid) => openFiles(pid).includes(path)),
    log() {
      const all = readFileSync(`${base}/log`, 'utf8')
      const fresh = all.slice(logged)
      logged = all.length
      return fresh
    },
    killSessions() {
      for (const pid of below(server)) killHard(pid)
    },
    async stop() {
      for (const pid of below(server)) killHard(pid)
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGTERM')
        await once(server, 'exit')
      }
      rmSync(base, { recursive: true, force: true })
    },
  }
}

function ids(user: string): [uid: number, gid: number] {
  const [, , uid, gid] = /** passwd line */ (
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`${user}:`)) ?? ''
  ).split(':')
  return [Number(uid), Number(gid)]
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}

async function listening(port: number, server: ChildProcess, log: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (server.exitCode !== null) throw new Error(`sshd ended: ${existsSync(log) ? readFileSync(log, 'utf8') : ''}`)
    const socket = connect(port, '127.0.0.1')
    const up = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false)
    socket.destroy()
    if (up) return
    await wait(50)
  }
  throw new Error('sshd did not come up')
}

/** Whoever it serves: a process for each login, and theirs. */
const below = (server: ChildProcess): number[] => (server.pid === undefined ? [] : treeOf(server.pid).slice(1))
function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
  } catch {
    return []
  }
}
