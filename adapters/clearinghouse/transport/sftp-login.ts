import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { PartnerFault } from '@heliox/core/kit'
import type { ServerHostKeyAlgorithm, SFTPWrapper } from 'ssh2'
import SftpClient from 'ssh2-sftp-client'
import type { ClearinghouseContext } from './http.ts'

interface SftpLine {
  sftp: SFTPWrapper
  /** Rejects when the line breaks, or the time is up; never resolves. */
  lost: Promise<never>
  hangUp(): void
}

const greetingCharsMax = 2_000
const goodbyeMs = 1_000

/** A server may hold a key of each kind and show the one that both sides like best; the pinned one may be another. */
const hostKeyKinds: readonly (readonly ServerHostKeyAlgorithm[])[] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256'],
]

/**
 * A session with the server that holds the pinned key; nothing of ours, not even the user's name, goes to another. Throws `PartnerFault`:
 * nothing was done yet, so no outcome is unknown.
 */
export async function login(ctx: ClearinghouseContext): Promise<SftpLine> {
  const { sftpHost, sftpUser, sftpHostKeySha256 } = ctx.config
  const { sftpPassword, sftpPrivateKey } = ctx.secrets
  if (sftpHost === undefined || sftpUser === undefined || sftpHostKeySha256 === undefined)
    throw new PartnerFault('credentials', 'The connection names no SFTP server with its user and host key.')
  if (sftpPassword === undefined && sftpPrivateKey === undefined)
    throw new PartnerFault('credentials', 'The connection has neither a password nor a private key for the SFTP server.')
  const pinned = sftpHostKeySha256.replace(/^SHA256:/, '')
  // The kinds in turn, until the server shows the pinned key.
  for (const kinds of hostKeyKinds) {
    const line = await attempt(ctx, { host: sftpHost, username: sftpUser, pinned, kinds })
    if (line !== 'other-key') return line
  }
  throw new PartnerFault(
    'credentials',
    "The SFTP server does not show the host key of the settings. It may have been replaced, or it is not the clearinghouse's. Nothing was sent.",
  )
}

async function attempt(
  ctx: ClearinghouseContext,
  to: { host: string; username: string; pinned: string; kinds: readonly ServerHostKeyAlgorithm[] },
): Promise<SftpLine | 'other-key'> {
  const socket = await dial(to.host, ctx.config.sftpPort, ctx.signal)
  const client = new SftpClient('hub', { error: () => undefined, end: () => undefined, close: () => undefined })
  let level = ''
  let greeting = ''
  let shown = false
  let matched = false
  client.on('error', (error: Error & { level?: string }) => {
    level ||= error.level ?? ''
  })
  const cut = (): void => void socket.destroy()
  const lost = new Promise<never>((_, reject) => {
    const gone = (): void => reject(new Error('the line is lost'))
    socket.once('close', gone)
    ctx.signal.addEventListener('abort', cut, { once: true })
    socket.once('close', () => ctx.signal.removeEventListener('abort', cut))
    if (ctx.signal.aborted) cut()
  })
  // Nobody may be listening at the moment it breaks.
  lost.catch(() => undefined)
  try {
    const connecting = client.connect({
      sock: socket,
      username: to.username,
      ...(ctx.secrets.sftpPassword === undefined ? {} : { password: ctx.secrets.sftpPassword }),
      ...(ctx.secrets.sftpPrivateKey === undefined ? {} : { privateKey: ctx.secrets.sftpPrivateKey }),
      algorithms: { serverHostKey: [...to.kinds] },
      hostVerifier: (key: Buffer) => {
        shown = true
        matched = createHash('sha256').update(key).digest('base64').replace(/=+$/, '') === to.pinned
        return matched
      },
      // The call's own limit ends it.
      readyTimeout: 0,
    })
    // After ssh2's own listener, which has paused the socket: nothing is lost to it.
    socket.on('data', (bytes: Buffer) => {
      if (greeting.length < greetingCharsMax) greeting += bytes.toString('latin1', 0, greetingCharsMax)
    })
    // A loser of the race must not be an unhandled rejection.
    connecting.catch(() => undefined)
    const sftp = (await Promise.race([connecting, lost])) as unknown as SFTPWrapper
    return { sftp, lost, hangUp: () => hangUp(client, socket) }
  } catch (error) {
    cut()
    if (ctx.signal.aborted) throw new PartnerFault('timeout', 'The SFTP server did not answer in time.', { cause: error })
    if (shown && !matched) return 'other-key'
    if (level === 'client-authentication') throw new PartnerFault('credentials', 'The SFTP server does not accept our user with this password or key.')
    if (error instanceof Error && /no matching host key/i.test(error.message)) return 'other-key'
    throw faultBeforeLogin(level, greeting, error)
  }
}

/** Says goodbye; a server that does not hang up then is not waited for. */
function hangUp(client: SftpClient, socket: Socket): void {
  client.end().catch(() => undefined)
  const timer = setTimeout(() => socket.destroy(), goodbyeMs)
  socket.once('close', () => clearTimeout(timer))
}

/** What was heard before the session stood, of which only its kind is told on. */
function faultBeforeLogin(level: string, greeting: string, cause: unknown): PartnerFault {
  // OpenSSH over its MaxStartups says so in plain text, before any SSH.
  if (/^(Exceeded MaxStartups|Not allowed at this time)/.test(greeting))
    return new PartnerFault('throttled', 'The SFTP server has too many logins at once.', { cause })
  const lost = cause instanceof Error && /connection lost|ECONNRESET|the line is lost|unexpected (end|close)/i.test(cause.message)
  const speaksSsh = greeting === '' || /(^|\n)SSH-/.test(greeting)
  if (speaksSsh && (lost || level === '' || level === 'client-socket'))
    return new PartnerFault('unavailable', 'The SFTP server hung up before we were logged in.', { cause })
  return new PartnerFault('contract', 'What answers at the address of the SFTP server does not speak SSH as we do.', { cause })
}

/**
 * Nagle off: SFTP is many small messages, each waited for. With it 2 MB took 150 to 190 ms up and 320 ms down here, in place of 25 to 65 and
 * 45 ms, and a login 350 ms in place of 140; a client that waits for each message took 5.8 s in place of 61 ms.
 */
async function dial(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port }).setNoDelay(true)
  // ssh2 adds its own later; an error in between must not end the process.
  socket.on('error', () => undefined)
  try {
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw new PartnerFault('timeout', 'The SFTP server did not answer in time.', { cause: error })
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    throw new PartnerFault('unavailable', 'The SFTP server cannot be reached.', { detail: code, cause: error })
  }
}
