import { Readable } from 'node:stream'
import { PartnerFault } from '@heliox/core/kit'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { MailContext } from '../config.ts'
import { type Refused, whatItMeans } from './what-it-means.ts'

interface Envelope {
  from: string
  to: string
}
const responseBytesMax = 16 * 1024

/**
 * One mail over a connection of its own. `accepted` is the server's word after the last dot. What broke off before the first byte of the mail
 * was asked for did not happen; what broke off after that nobody knows, and SMTP has no way to ask.
 */
export async function handIn(ctx: MailContext, envelope: Envelope, mail: Buffer): Promise<'accepted' | Refused> {
  let isBegun = false
  const bytes = function* () {
    isBegun = true
    yield mail
  }
  return connected(
    ctx,
    async (connection) => {
      await told((done) => connection.send({ from: envelope.from, to: [envelope.to], size: mail.length }, Readable.from(bytes()), done))
      return 'accepted' as const
    },
    () => isBegun,
  )
}

/** Greets, encrypts and signs in, and sends nothing. */
export async function greet(ctx: MailContext): Promise<'accepted' | Refused> {
  return connected(
    ctx,
    async () => 'accepted' as const,
    () => false,
  )
}

async function connected<T>(ctx: MailContext, work: (connection: SMTPConnection) => Promise<T>, isBegun: () => boolean): Promise<T | Refused> {
  const connection = open(ctx)
  let onAbort: () => void = () => undefined
  // An error may come at any moment, also between two steps of ours.
  const broken = new Promise<never>((_, reject) => {
    connection.once('error', reject)
    onAbort = () => reject(new Error('aborted'))
    ctx.signal.addEventListener('abort', onAbort, { once: true })
  })
  broken.catch(() => undefined)
  const step = <S>(promise: Promise<S>): Promise<S> => Promise.race([promise, broken])
  try {
    ctx.signal.throwIfAborted()
    await step(told((done) => connection.connect(done)))
    const [user, pass] = [ctx.config.user, ctx.secrets.password]
    await step(told((done) => connection.login({ user, pass, credentials: { user, pass } }, done)))
    return await step(work(connection))
  } catch (error) {
    if (error instanceof PartnerFault) throw error
    return whatItMeans(error, { isBegun: isBegun(), isAborted: ctx.signal.aborted })
  } finally {
    ctx.signal.removeEventListener('abort', onAbort)
    // Whoever was told "accepted" says goodbye; anything else is hung up on.
    connection.on('error', () => undefined)
    connection.close()
  }
}

/** Encryption is demanded and the certificate checked. Plain text goes to this machine only, and never with real patients. */
function open({ config, production }: MailContext): SMTPConnection {
  const { host, port, security, caCertificate } = config
  if (security === 'none' && (production || !loopback.has(host)))
    throw new PartnerFault('credentials', 'This connection is set to send mail without encryption, which is for development only.', { beforeEffect: true })
  const waits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, dnsTimeout: 5_000, socketCloseTimeout: 1_000 }
  return new SMTPConnection({
    ...{ host, port, ...waits, maxResponseSize: responseBytesMax, logger: false, name: 'hub', allowInternalNetworkInterfaces: true },
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(caCertificate !== undefined && { ca: caCertificate }) },
  })
}
const loopback = new Set(['localhost', '127.0.0.1', '::1'])

function told(ask: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => ask((error) => (error ? reject(error) : resolve())))
}
