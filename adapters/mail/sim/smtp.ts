import { createServer, type Server, type Socket } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import type { Control } from './control.ts'

/** A mail server's "no", with its words as they would be: they quote the address. */
class No extends Error {
  readonly responseCode: number
  constructor(responseCode: number, message: string) {
    super(message)
    this.responseCode = responseCode
  }
}
/** By what stands before the @: how each kind of box answers. */
const boxes: Readonly<Record<string, { at: 'rcpt' | 'data'; no: (address: string) => No }>> = {
  unknown: { at: 'rcpt', no: (address) => new No(550, `5.1.1 <${address}>: no such user here`) },
  moved: { at: 'rcpt', no: (address) => new No(551, `<${address}> is not local`) },
  full: { at: 'rcpt', no: (address) => new No(552, `5.2.2 <${address}>: over quota`) },
  relay: { at: 'rcpt', no: (address) => new No(550, `5.7.1 <${address}>: relay access denied`) },
  grey: { at: 'rcpt', no: (address) => new No(451, `4.7.1 <${address}>: greylisted, come again later`) },
  busy: { at: 'rcpt', no: (address) => new No(452, `4.2.2 <${address}>: too much mail at once`) },
  spam: { at: 'data', no: (address) => new No(554, `5.7.1 mail for <${address}> looks like spam`) },
  slow: { at: 'data', no: (address) => new No(451, `4.3.0 mail for <${address}> cannot be queued now`) },
}

interface SmtpOptions {
  control: Control
  user: string
  password: string
  /** Without a certificate it offers no encryption. */
  tls: { cert: string; key: string; fromStart: boolean } | undefined
  /** Everything it was told before the line was encrypted, for a test of what is said in the open. */
  heard: (line: string) => void
  keep(raw: Buffer, to: string): Promise<void>
}
const mailBytesMax = 1024 * 1024

/** A mail server in front of which stands our own door: what it does wrong at once, a proper server cannot be told to do. */
export function smtpServer({ control, user, password, tls, heard, keep }: SmtpOptions): Server {
  const sockets = new Map<number, Socket>()
  const hangUp = ({ remotePort }: SMTPServerSession): void => void sockets.get(remotePort)?.destroy()
  const boxOf = (address: string) => boxes[address.split('@')[0]?.toLowerCase() ?? '']

  const smtp = new SMTPServer({
    name: 'mail.sim',
    banner: 'simulated mail server',
    ...(tls ? { cert: tls.cert, key: tls.key } : { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }),
    secure: tls?.fromStart ?? false,
    allowInsecureAuth: tls === undefined,
    authOptional: false,
    size: mailBytesMax,
    logger: false,
    disableReverseLookup: true,
    onAuth(auth, _session, done) {
      if (control.take('auth') === 'refuses-key' || auth.username !== user || auth.password !== password)
        return done(new No(535, `5.7.8 authentication failed for ${auth.username}`))
      done(null, { user: auth.username })
    },
    onRcptTo({ address }, _session, done) {
      const mode = control.take('rcpt')
      if (mode === 'stalls') return
      if (mode === 'rejects') return done(new No(550, `5.1.1 <${address}>: no such user here`))
      if (mode === 'throttles') return done(new No(451, `4.7.1 <${address}>: greylisted, come again later`))
      const box = boxOf(address)
      done(box?.at === 'rcpt' ? box.no(address) : undefined)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? ''
        const box = boxOf(to)
        const mode = control.take('data')
        if (stream.sizeExceeded) return done(new No(552, '5.3.4 too large'))
        if (box?.at === 'data') return done(box.no(to))
        if (mode === 'breaks') return hangUp(session)
        keep(Buffer.concat(chunks), to).then(
          () => (mode === 'accepts-then-drops' ? hangUp(session) : done(null, 'queued')),
          (error: Error) => done(error),
        )
      })
    },
  })
  smtp.on('error', () => undefined)

  return createServer((socket) => {
    const { remotePort = 0 } = socket
    sockets.set(remotePort, socket)
    socket.on('close', () => sockets.delete(remotePort))
    socket.on('error', () => undefined)
    let isPlain = true
    socket.on('data', (bytes: Buffer) => {
      // A handshake begins with this byte; from there on nobody can listen.
      isPlain &&= bytes[0] !== 0x16
      if (isPlain) heard(bytes.toString('utf8'))
    })
    const mode = control.take('connect')
    if (mode === 'drops') return socket.destroy()
    if (mode === 'is-away') return socket.end('421 4.3.2 mail.sim is going down\r\n')
    if (mode === 'answers-garbage') return socket.end('HTTP/1.1 400 Bad Request\r\n\r\n<html><body>Bad Request</body></html>')
    smtp.server.emit('connection', socket)
  })
}
