import type { Mail } from './inbox.ts'

/** The patients' inboxes: a list, and one mail as a mail program shows it. For people who try the demo, and for screenshots. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
const linked = (text: string): string =>
  escaped(text).replace(/https?:\/\/[^\s<]+[^\s<.,;:!?)]/g, (url) => `<a href="${url}" target="_blank" rel="noreferrer">${url}</a>`)
const time = (ms: number): string => `<time datetime="${new Date(ms).toISOString()}">${new Date(ms).toISOString().slice(5, 16).replace('T', ' ')} UTC</time>`

const style = `
:root{color-scheme:light dark;--ink:#1c2126;--soft:#5a646d;--paper:#fff;--edge:#c9d1d8}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecef;--soft:#a9b4bd;--paper:#14181b;--edge:#3a444c}}
*{box-sizing:border-box}
body{margin:0;font:17px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{max-width:42rem;margin:0 auto;padding:1rem}
h1{font-size:1.25rem;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.25rem 0}
.soft{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}
a{color:inherit}
ul{list-style:none;margin:1rem 0;padding:0}
li{border:1px solid var(--edge);border-radius:.5rem;margin-block-end:.5rem}
li a{display:block;padding:.75rem;text-decoration:none;overflow-wrap:anywhere}
li a:hover strong{text-decoration:underline}
iframe{display:block;width:100%;height:26rem;border:1px solid var(--edge);border-radius:.5rem;background:#fff;color-scheme:light}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--edge);border-radius:.5rem;padding:.75rem;margin:0;font:inherit}
pre.head{font:14px/1.4 ui-monospace,monospace}
:focus-visible{outline:3px solid #1a73e8;outline-offset:2px}`
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 3h14v10H1z' fill='%230f5f6b'/%3E%3Cpath d='M1 3l7 6 7-6' fill='none' stroke='white'/%3E%3C/svg%3E"

const page = (title: string, body: string, script = ''): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title>
<link rel="icon" href="${icon}"><style>${style}</style></head><body><main>${body}</main>${script}</body></html>`

/** Looks again by itself; readable without a script. */
const again = `<script>
const look = async () => {
  if (document.hidden) return
  const next = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
  const [now, then] = [document.querySelector('#mails'), next.querySelector('#mails')]
  if (now && then && now.innerHTML !== then.innerHTML) now.innerHTML = then.innerHTML
}
setInterval(() => look().catch(() => undefined), 2000)
</script>`

export function inboxPage(mails: readonly Mail[]): string {
  const rows = mails.map(
    ({ id, subject, envelopeTo, from, atMs }) =>
      `<li><a href="/?mail=${id}"><strong>${escaped(subject)}</strong><br><span class="soft">to ${escaped(envelopeTo)}, from ${escaped(from)}, ${time(atMs)}</span></a></li>`,
  )
  const body = rows.length > 0 ? `<ul>${rows.join('')}</ul>` : '<p>No mail was sent yet. Send a patient their link by mail, and it appears here.</p>'
  return page(
    'Patients’ mail',
    `<h1>Patients’ mail</h1><p class="soft">A simulated mail server: nothing leaves this machine.</p><div id="mails">${body}</div>`,
    again,
  )
}

/** The HTML stands in a frame that may load nothing and run nothing; its links open beside it. */
export function mailPage(mail: Mail): string {
  const policy = `<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'"><base target="_blank">`
  const inFrame = escaped(mail.html.replace('<head>', `<head>${policy}`))
  return page(
    mail.subject,
    `<p><a href="/">All mail</a></p><h1>${escaped(mail.subject)}</h1>
<p class="soft">From ${escaped(mail.from)}<br>To ${escaped(mail.envelopeTo)}<br>${time(mail.atMs)}</p>
<h2>As a mail program shows it</h2>
<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${inFrame}"></iframe>
<h2>As text</h2><pre>${linked(mail.text)}</pre>
<h2>Its head</h2><pre class="head">${escaped(mail.headers.join('\n'))}</pre>`,
  )
}
