import { escaped, type Look, linked, simPage, timed } from '../../sim-page.ts'
import type { Mail } from './inbox.ts'

/** The patients' inboxes: a list, and one mail as a mail program shows it. */
const look: Look = {
  icon: "<path d='M1 3h14v10H1z' fill='#0f5f6b'/><path d='M1 3l7 6 7-6' fill='none' stroke='white'/>",
  style: `
h2{font-size:1rem;margin:1.5rem 0 .5rem}
a{color:inherit}
iframe{display:block;width:100%;height:26rem;border:1px solid var(--edge);border-radius:.5rem;background:#fff;color-scheme:light}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--edge);border-radius:.5rem;padding:.75rem;margin:0;font:inherit}
pre.head{font:14px/1.4 ui-monospace,monospace}`,
}

export function inboxPage(mails: readonly Mail[]): string {
  const rows = mails.map(
    ({ id, subject, envelopeTo, from, atMs }) =>
      `<li><a href="/?mail=${id}"><strong>${escaped(subject)}</strong><br><span class="soft">to ${escaped(envelopeTo)}, from ${escaped(from)}, ${timed(atMs)}</span></a></li>`,
  )
  const body =
    rows.length > 0 ? `<ul class="rows">${rows.join('')}</ul>` : '<p>No mail was sent yet. Send a patient their link by mail, and it appears here.</p>'
  return simPage(
    look,
    'Patients’ mail',
    `<h1>Patients’ mail</h1><p class="soft">A simulated mail server: nothing leaves this machine.</p><div id="kept">${body}</div>`,
  )
}

/** The HTML stands in a frame that may load nothing and run nothing; its links open beside it. */
export function mailPage(mail: Mail): string {
  const policy = `<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'"><base target="_blank">`
  const inFrame = escaped(mail.html.replace('<head>', `<head>${policy}`))
  return simPage(
    look,
    mail.subject,
    `<p><a href="/">All mail</a></p><h1>${escaped(mail.subject)}</h1>
<p class="soft">From ${escaped(mail.from)}<br>To ${escaped(mail.envelopeTo)}<br>${timed(mail.atMs)}</p>
<h2>As a mail program shows it</h2>
<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${inFrame}"></iframe>
<h2>As text</h2><pre>${linked(mail.text)}</pre>
<h2>Its head</h2><pre class="head">${escaped(mail.headers.join('\n'))}</pre>`,
  )
}
