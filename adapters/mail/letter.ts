import type { ValueOf } from '@heliox/core/kit'
import type { MailMessage } from '@heliox/core/messaging'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { MailContext } from './config.ts'

type Message = ValueOf<typeof MailMessage>

/** Ours, and the same for ever: who gets it twice has it twice under one name. */
export const messageIdOf = ({ messageId }: Message, { config }: MailContext): string => `<${messageId}@${domainOf(config.fromAddress)}>`
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

/** The mail as bytes. Text and HTML are made of the same parts, so both say the same; nothing in it is fetched from anywhere. */
export async function letterOf(message: Message, ctx: MailContext): Promise<Buffer> {
  const { fromAddress, fromName } = ctx.config
  const composer = new MailComposer({
    from: { name: fromName, address: fromAddress },
    to: { name: '', address: message.to },
    subject: message.subject,
    date: ctx.now(),
    messageId: messageIdOf(message, ctx),
    text: textOf(message),
    html: htmlOf(message),
    headers: {
      'Content-Language': message.language,
      // Nobody's holiday notice should answer it.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...stopHeaders(message),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

/** RFC 8058: the mail program posts there by itself when its reader clicks. It asks for https; elsewhere the address stands alone, to be opened. */
function stopHeaders({ unsubscribeUrl }: Message): Record<string, string> {
  if (unsubscribeUrl === null) return {}
  const { href, protocol } = new URL(unsubscribeUrl)
  return { 'List-Unsubscribe': `<${href}>`, ...(protocol === 'https:' && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }) }
}

export function textOf({ paragraphs, link, code, footer, unsubscribeUrl }: Message): string {
  const parts = [
    ...paragraphs,
    ...(code === null ? [] : [code]),
    ...(link === null ? [] : [`${link.label}:\n${link.url}`]),
    ...(footer === null ? [] : [`-- \n${footer}${unsubscribeUrl === null ? '' : `\n${unsubscribeUrl}`}`]),
  ]
  return `${parts.join('\n\n')}\n`
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)

/** Plain enough for every program: one column, system letters, its colours the reader's own. */
function htmlOf({ subject, language, paragraphs, link, code, footer, unsubscribeUrl }: Message): string {
  const parts = [
    ...paragraphs.map((text) => `<p style="margin:0 0 16px">${escaped(text)}</p>`),
    ...(code === null ? [] : [`<p style="margin:0 0 16px;font-size:32px;letter-spacing:4px"><strong>${escaped(code)}</strong></p>`]),
    ...(link === null ? [] : [linkOf(link)]),
    ...(footer === null ? [] : [`<p style="margin:24px 0 0;font-size:14px;overflow-wrap:anywhere">${escaped(footer)}${stopLink(unsubscribeUrl)}</p>`]),
  ]
  const style = 'margin:0 auto;max-width:36rem;padding:16px;font-family:system-ui,-apple-system,sans-serif;font-size:18px;line-height:1.5'
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escaped(subject)}</title></head>
<body style="margin:0"><div style="${style}">
${parts.join('\n')}
</div></body></html>
`
}
const stopLink = (url: string | null): string => (url === null ? '' : `<br><a href="${escaped(url)}">${escaped(url)}</a>`)
/** The address stands there too: whoever does not trust a button can read where it leads. */
function linkOf({ url, label }: NonNullable<Message['link']>): string {
  const href = escaped(url)
  const button = 'display:inline-block;padding:12px 20px;border:2px solid currentColor;border-radius:8px;text-decoration:none;font-weight:600'
  return `<p style="margin:0 0 8px"><a href="${href}" style="${button}">${escaped(label)}</a></p>
<p style="margin:0 0 16px;font-size:14px;overflow-wrap:anywhere"><a href="${href}">${href}</a></p>`
}
