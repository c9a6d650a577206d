import type { Text, Texts } from './texts.ts'

/** What a patient sees: a list of phones, and one of them with its texts. For people who try the demo, and for screenshots. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
/** Addresses in a text can be followed, as on a phone. */
const linked = (text: string): string =>
  escaped(text).replace(/https?:\/\/[^\s<]+[^\s<.,;:!?)]/g, (url) => `<a href="${url}" target="_blank" rel="noreferrer">${url}</a>`)
const time = (ms: number): string => `<time datetime="${new Date(ms).toISOString()}">${new Date(ms).toISOString().slice(5, 16).replace('T', ' ')} UTC</time>`

const style = `
:root{color-scheme:light dark;--ink:#1c2126;--soft:#5a646d;--paper:#fff;--edge:#c9d1d8;--mine:#0f5f6b;--theirs:#eef1f4}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecef;--soft:#a9b4bd;--paper:#14181b;--edge:#3a444c;--mine:#12737f;--theirs:#242b31}}
*{box-sizing:border-box}
body{margin:0;font:17px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{max-width:34rem;margin:0 auto;padding:1rem}
h1{font-size:1.25rem;margin:0 0 .25rem}
p{margin:.25rem 0}
.soft{color:var(--soft);font-size:.875rem}
ul{list-style:none;margin:1rem 0;padding:0}
.phones li{border:1px solid var(--edge);border-radius:.5rem;margin-block-end:.5rem}
.phones a{display:block;padding:.75rem;color:inherit;text-decoration:none;overflow-wrap:anywhere}
.phones a:hover strong{text-decoration:underline}
.texts li{display:flex;flex-direction:column;align-items:flex-start;margin-block-end:.75rem}
.texts .said{align-items:flex-end}
.bubble{max-width:88%;padding:.5rem .75rem;border-radius:1rem;background:var(--theirs);white-space:pre-line;overflow-wrap:anywhere}
.said .bubble{background:var(--mine);color:#fff}
.bubble a{color:inherit}
form{display:flex;flex-wrap:wrap;gap:.5rem;margin-block:.5rem}
label{flex-basis:100%}
input[type=text]{flex:1;min-width:0;font:inherit;padding:.5rem;min-height:44px;border:1px solid var(--soft);border-radius:.5rem;background:transparent;color:inherit}
button{font:inherit;min-height:44px;min-width:44px;padding:.5rem 1rem;border:1px solid var(--soft);border-radius:.5rem;background:transparent;color:inherit;cursor:pointer}
:focus-visible{outline:3px solid #1a73e8;outline-offset:2px}`
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect x='4' y='1' width='8' height='14' rx='2' fill='%230f5f6b'/%3E%3C/svg%3E"

/** Looks again by itself while nobody types; readable without a script. */
const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title>
<link rel="icon" href="${icon}"><style>${style}</style></head><body><main>${body}</main>
<script>
const look = async () => {
  if (document.hidden || document.activeElement instanceof HTMLInputElement) return
  const next = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
  const [now, then] = [document.querySelector('#texts'), next.querySelector('#texts')]
  if (now && then && now.innerHTML !== then.innerHTML) now.innerHTML = then.innerHTML
}
setInterval(() => look().catch(() => undefined), 2000)
</script></body></html>`

export function phonesPage(all: readonly Text[]): string {
  const phones = new Map<string, Text[]>()
  for (const text of all) {
    const phone = text.direction === 'inbound' ? text.from : text.to
    phones.set(phone, [...(phones.get(phone) ?? []), text])
  }
  const rows = [...phones].map(([phone, texts]) => {
    const [newest] = texts as [Text, ...Text[]]
    const count = texts.length === 1 ? '1 text' : `${texts.length} texts`
    return `<li><a href="/?phone=${encodeURIComponent(phone)}"><strong>${escaped(phone)}</strong> <span class="soft">${count}, ${time(newest.atMs)}</span><br>${escaped(newest.body.slice(0, 90))}</a></li>`
  })
  const body = rows.length > 0 ? `<ul class="phones">${rows.join('')}</ul>` : '<p>No text was sent yet. Send a patient their link, and it appears here.</p>'
  return page('Patients’ phones', `<h1>Patients’ phones</h1><p class="soft">A simulated Twilio: nothing leaves this machine.</p><div id="texts">${body}</div>`)
}

const statusWords: Readonly<Record<string, string>> = {
  queued: 'waiting to be sent',
  sending: 'being sent',
  sent: 'sent',
  delivered: 'delivered',
  undelivered: 'not delivered',
  failed: 'failed',
}

export function phonePage(texts: Texts, phone: string, someNumber: string): string {
  const thread = texts.all().filter(({ from, to }) => from === phone || to === phone)
  const number = thread.map(({ direction, from, to }) => (direction === 'inbound' ? to : from))[0] ?? someNumber
  const rows = thread.toReversed().map((text) => {
    const isSaid = text.direction === 'inbound'
    const status = isSaid ? 'from this phone' : `${statusWords[text.status] ?? text.status}${text.errorCode === null ? '' : ` (${text.errorCode})`}`
    return `<li class="${isSaid ? 'said' : 'got'}"><div class="bubble">${linked(text.body)}</div><span class="soft">${time(text.atMs)}, ${escaped(status)}</span></li>`
  })
  const hidden = `<input type="hidden" name="from" value="${escaped(phone)}"><input type="hidden" name="to" value="${escaped(number)}">`
  const words = ['STOP', 'START', 'HELP'].map((word) => `<button name="body" value="${word}">${word}</button>`).join('')
  const stopped = texts.isStopped(number, phone) ? '<p>This phone said STOP: Twilio takes no more texts for it.</p>' : ''
  return page(
    `Phone ${phone}`,
    `<p><a href="/">All phones</a></p><h1>Phone ${escaped(phone)}</h1><p class="soft">Texts from ${escaped(number)}</p>
<div id="texts"><ul class="texts">${rows.join('')}</ul>${stopped}</div>
<form method="post" action="/answer">${hidden}${words}</form>
<form method="post" action="/answer">${hidden}<label for="body">Answer</label><input type="text" id="body" name="body" maxlength="1600" autocomplete="off" required><button>Send</button></form>`,
  )
}
