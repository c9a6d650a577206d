import { escaped, type Look, linked, simPage, timed } from '../../sim-page.ts'
import type { Text, Texts } from './texts.ts'

/** What a patient sees: a list of phones, and one of them with its texts. */
const look: Look = {
  icon: "<rect x='4' y='1' width='8' height='14' rx='2' fill='#0f5f6b'/>",
  style: `
:root{--mine:#0f5f6b;--theirs:#eef1f4}
@media (prefers-color-scheme:dark){:root{--mine:#12737f;--theirs:#242b31}}
main{max-width:34rem}
.texts li{display:flex;flex-direction:column;align-items:flex-start;margin-block-end:.75rem}
.texts .said{align-items:flex-end}
.bubble{max-width:88%;padding:.5rem .75rem;border-radius:1rem;background:var(--theirs);white-space:pre-line;overflow-wrap:anywhere}
.said .bubble{background:var(--mine);color:#fff}
.bubble a{color:inherit}
form{display:flex;flex-wrap:wrap;gap:.5rem;margin-block:.5rem}
label{flex-basis:100%}
input[type=text]{flex:1;min-width:0;font:inherit;padding:.5rem;min-height:44px;border:1px solid var(--soft);border-radius:.5rem;background:transparent;color:inherit}
button{font:inherit;min-height:44px;min-width:44px;padding:.5rem 1rem;border:1px solid var(--soft);border-radius:.5rem;background:transparent;color:inherit;cursor:pointer}`,
}

export function phonesPage(all: readonly Text[]): string {
  const phones = new Map<string, Text[]>()
  for (const text of all) {
    const phone = text.direction === 'inbound' ? text.from : text.to
    phones.set(phone, [...(phones.get(phone) ?? []), text])
  }
  const rows = [...phones].map(([phone, texts]) => {
    const [newest] = texts as [Text, ...Text[]]
    const count = texts.length === 1 ? '1 text' : `${texts.length} texts`
    return `<li><a href="/?phone=${encodeURIComponent(phone)}"><strong>${escaped(phone)}</strong> <span class="soft">${count}, ${timed(newest.atMs)}</span><br>${escaped(newest.body.slice(0, 90))}</a></li>`
  })
  const body = rows.length > 0 ? `<ul class="rows">${rows.join('')}</ul>` : '<p>No text was sent yet. Send a patient their link, and it appears here.</p>'
  return simPage(
    look,
    'Patients’ phones',
    `<h1>Patients’ phones</h1><p class="soft">A simulated Twilio: nothing leaves this machine.</p><div id="kept">${body}</div>`,
  )
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
    return `<li class="${isSaid ? 'said' : 'got'}"><div class="bubble">${linked(text.body)}</div><span class="soft">${timed(text.atMs)}, ${escaped(status)}</span></li>`
  })
  const hidden = `<input type="hidden" name="from" value="${escaped(phone)}"><input type="hidden" name="to" value="${escaped(number)}">`
  const words = ['STOP', 'START', 'HELP'].map((word) => `<button name="body" value="${word}">${word}</button>`).join('')
  const stopped = texts.isStopped(number, phone) ? '<p>This phone said STOP: Twilio takes no more texts for it.</p>' : ''
  return simPage(
    look,
    `Phone ${phone}`,
    `<p><a href="/">All phones</a></p><h1>Phone ${escaped(phone)}</h1><p class="soft">Texts from ${escaped(number)}</p>
<div id="kept"><ul class="texts">${rows.join('')}</ul>${stopped}</div>
<form method="post" action="/answer">${hidden}${words}</form>
<form method="post" action="/answer">${hidden}<label for="body">Answer</label><input type="text" id="body" name="body" maxlength="1600" autocomplete="off" required><button>Send</button></form>`,
  )
}
