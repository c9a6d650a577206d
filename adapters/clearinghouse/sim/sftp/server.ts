import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Connection, ParsedKey } from 'ssh2'
import ssh2 from 'ssh2'
import type { Folders } from '../batch/folders.ts'
import type { Clearinghouse } from '../clearinghouse.ts'
import type { Faults } from './faults.ts'
import type { HostKey, HostKeys } from './host-key.ts'
import { attemptOf } from './login.ts'
import { serveSftp } from './session.ts'

interface SftpParts {
  house: Clearinghouse
  folders: Folders
  faults: Faults
  take(name: string): void
  token: string
  hostKeys: HostKeys
  keys: readonly ParsedKey[]
}
export interface SftpServer {
  port: number
  hostKeySha256(): string
  /** From now on another key (or the first one again); open connections are cut. */
  changeHostKey(to: 'next' | 'first'): string
  stop(): void
}

/** A real SFTP server on this machine; its TCP side is ours, so that it can hang up, say nothing, or speak another language. */
export async function startSftp(parts: SftpParts, port: number): Promise<SftpServer> {
  const { hostKeys } = parts
  const { control } = parts.house
  const sockets = new Set<Socket>()
  const accepted = new Map<string, { socket: Socket; stalls: boolean }>()
  let key = hostKeys.current()
  let ssh = makeSsh(key)

  function makeSsh(hostKey: HostKey): ssh2.Server {
    const server = new ssh2.Server({ hostKeys: [hostKey.pem], ident: 'clearinghouse-sim' }, (client, info) => {
      const from = accepted.get(`${info.ip}:${info.port}`)
      if (from) serveClient(client, from, parts)
      else client.end()
    })
    return server
  }
  const listener = createServer({ noDelay: true }, (socket) => {
    socket.setNoDelay(true)
    sockets.add(socket)
    const name = `${socket.remoteAddress}:${socket.remotePort}`
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      accepted.delete(name)
    })
    const fault = control.take(['drops', 'stalls', 'throttles', 'answers-garbage'])
    // Whoever stalls lets you in first: nothing of it is seen before the first request.
    accepted.set(name, { socket, stalls: fault === 'stalls' })
    if (fault === 'drops') socket.destroy()
    else if (fault === 'throttles') socket.end('Exceeded MaxStartups\r\n')
    else if (fault === 'answers-garbage') socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')
    else ssh.injectSocket(socket)
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(port, '127.0.0.1', resolve)
  })
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (listener.address() as AddressInfo).port,
    hostKeySha256: () => key.sha256,
    changeHostKey(to) {
      hostKeys.change(to)
      key = hostKeys.current()
      ssh = makeSsh(key)
      cutAll()
      return key.sha256
    },
    stop() {
      listener.close()
      cutAll()
    },
  }
}

function serveClient(client: Connection, { socket, stalls }: { socket: Socket; stalls: boolean }, parts: SftpParts): void {
  const { house } = parts
  const log = (what: string): void => house.log.add(what, { door: 'sftp' })
  const methods: ['password', 'publickey'] = ['password', 'publickey']
  let refuses = false
  client.on('error', () => socket.destroy())
  client.on('authentication', (ctx) => {
    if (ctx.method !== 'none' && house.control.take(['refuses-key']) === 'refuses-key') refuses = true
    const attempt = refuses ? 'refused' : attemptOf(ctx, parts.token, parts.keys)
    if (attempt === 'refused') {
      if (ctx.method !== 'none') log('login-refused')
      ctx.reject(methods)
    } else ctx.accept()
  })
  client.on('ready', () => {
    client.on('session', (accept) => {
      const session = accept()
      session.on('sftp', (acceptSftp) => {
        const finish = serveSftp(acceptSftp(), {
          folders: parts.folders,
          faults: parts.faults,
          control: house.control,
          journal: house.journal,
          take: parts.take,
          stalls,
          hangUp: () => socket.destroy(),
        })
        socket.on('close', finish)
      })
    })
  })
}
