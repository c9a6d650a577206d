import { PartnerFault } from '@heliox/core/kit'
import type { MessageRefusal } from '@heliox/core/messaging'

/** A "no" of the mail server's, by its codes; its text is never passed on: it quotes addresses. */
export interface Refused {
  reason: MessageRefusal
  code: string
}
interface SmtpError {
  code?: string
  originalCode?: string
  command?: string
  response?: string
  responseCode?: number
}
/** Greylisting asks for minutes; a full box may take longer. */
const laterMs = 120_000

/** Returns a "no"; throws everything else as a fault. */
export function whatItMeans(error: unknown, { isBegun, isAborted }: { isBegun: boolean; isAborted: boolean }): Refused {
  const said = (error ?? {}) as SmtpError
  if (typeof said.responseCode === 'number' && said.responseCode >= 400) return ofResponse(said, said.responseCode)
  const detail = [said.code, said.originalCode, said.command].filter((word) => word && /^[\w ]{1,40}$/.test(word)).join(' ') || 'no code'
  const beforeEffect = !isBegun
  if (isAborted || said.code === 'ETIMEDOUT') throw new PartnerFault('timeout', 'The mail server did not answer in time.', { detail, beforeEffect })
  if (isBegun) throw new PartnerFault('uncertain', 'The connection to the mail server was lost after the mail was handed in.', { detail })
  if (said.code === 'ETLS' || isAboutTls(said.originalCode)) throw ofTls(said, detail)
  if (said.code === 'EPROTOCOL' || said.code === 'EMESSAGE' || said.code === 'EENVELOPE')
    throw new PartnerFault('contract', 'This does not answer as a mail server does.', { detail, beforeEffect })
  if (said.code === 'EAUTH') throw new PartnerFault('credentials', 'The mail server offers no way to sign in that we know.', { detail, beforeEffect })
  throw new PartnerFault('unavailable', 'The mail server cannot be reached.', { detail, beforeEffect })
}

const isAboutTls = (code: string | undefined): boolean => /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|EPROTO|UNABLE_TO/.test(code ?? '')
/** A person must look: either somebody is in between, or our setting is wrong. Asking again mends neither. */
function ofTls(said: SmtpError, detail: string): PartnerFault {
  const text = isAboutTls(said.originalCode) ? 'The mail server’s certificate is not to be trusted.' : 'The mail server offers no encryption.'
  return new PartnerFault('credentials', text, { detail, beforeEffect: true })
}

function ofResponse(said: SmtpError, basic: number): Refused {
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(said.response ?? '')?.[1] ?? null
  const code = enhanced === null ? String(basic) : `${basic}-${enhanced}`
  const command = said.command ?? ''
  // Whatever was said instead of "accepted", it was not: nothing of it happened.
  const options = { detail: `${command.slice(0, 20)} ${code}`, beforeEffect: true }
  if (said.code === 'ETLS' || command === 'STARTTLS') throw new PartnerFault('credentials', 'The mail server offers no encryption.', options)
  if (basic === 421) throw new PartnerFault('unavailable', 'The mail server is away.', options)
  if (said.code === 'EAUTH' || mustSignIn.has(basic)) {
    if (basic < 500) throw new PartnerFault('unavailable', 'The mail server cannot sign anybody in now.', options)
    throw new PartnerFault('credentials', 'The mail server does not accept our user name or password.', options)
  }
  if (basic < 500) throw new PartnerFault('throttled', 'The mail server asks us to come again later.', { ...options, retryAfterMs: laterMs })
  if (command === 'MAIL FROM') return { reason: 'sender-refused', code }
  if (command === 'RCPT TO') return { reason: ofMailbox(enhanced), code }
  if (command === 'DATA') return { reason: aboutMailbox(enhanced) ?? 'content-refused', code }
  throw new PartnerFault('contract', 'The mail server does not understand us.', options)
}
const mustSignIn = new Set([530, 534, 535, 538])

const aboutMailbox = (enhanced: string | null): MessageRefusal | undefined => {
  if (enhanced?.startsWith('5.1.')) return enhanced === '5.1.7' || enhanced === '5.1.8' ? 'sender-refused' : 'mailbox-unknown'
  if (enhanced === '5.2.2') return 'mailbox-full'
  return enhanced?.startsWith('5.2.') ? 'mailbox-unknown' : undefined
}
/** 5.7: not allowed to send there, or through this server. That is ours to mend, whoever the mail is for. */
const ofMailbox = (enhanced: string | null): MessageRefusal => aboutMailbox(enhanced) ?? (enhanced?.startsWith('5.7.') ? 'sender-refused' : 'mailbox-unknown')
