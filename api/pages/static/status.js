// Keeps the status page current: the server says that something changed, and the same page is fetched again, so that the
// words are written in one place only. Without this script the page is complete, only not live.
const token = location.pathname.split('/').pop() ?? ''
const firstDelayMs = 1000
const delayMsMax = 30_000
/** Several beats of the server (`streamHeartbeatMs`). */
const silenceMsMax = 60_000

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

/** What was typed in this tab is the patient's too. */
for (const form of document.querySelectorAll('form[data-forget]')) {
  form.addEventListener('submit', () => {
    try {
      sessionStorage.clear()
    } catch {
      // Storage that is blocked holds nothing.
    }
  })
}

/** A plan is agreed to by the hash of the words that stand above the button. */
function offerPlan() {
  for (const button of document.querySelectorAll('[data-agree][hidden]')) {
    const said = button.closest('section')?.querySelector('[data-agree-said]')
    if (said) said.textContent = ''
    button.hidden = false
    button.addEventListener('click', async () => {
      if (button.disabled) return
      button.disabled = true
      const body = JSON.stringify({ planId: button.dataset.agree, termsSha256: button.dataset.terms, language: button.dataset.language })
      const headers = { authorization: `Intake ${token}`, 'content-type': 'application/json' }
      const answer = await fetch('/api/intake/plan/sign', { method: 'POST', headers, body }).catch(() => undefined)
      if (said) said.textContent = answer?.ok ? said.dataset.agreeSaid : said.dataset.agreeFailed
      if (answer?.ok) button.remove()
      else button.disabled = false
    })
  }
}
offerPlan()

async function refresh() {
  const answer = await fetch(location.href, { cache: 'no-store' })
  if (!answer.ok) return
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const now = document.querySelector('#status')
  const then = next.querySelector('#status')
  if (now && then && now.innerHTML !== then.innerHTML) {
    now.replaceWith(document.adoptNode(then))
    offerPlan()
  }
}

/** The page must not say that it is live while nothing reaches it. */
function say(isLive) {
  const line = document.querySelector('[data-live]')
  const words = line && (isLive ? line.dataset.live : line.dataset.lost)
  if (words && line.textContent !== words) line.textContent = words
}

let current
let wake
/** A phone that slept, or lost its network, is told by nobody that its stream is dead: it asks anew, at once. */
const again = () => {
  current?.abort()
  wake?.()
}
addEventListener('online', again)
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') again()
})

/** Reads one stream to its end. Every complete event is a reason to look again. The server beats in between: silence is a lost connection. */
async function follow() {
  const stop = new AbortController()
  current = stop
  const { signal } = stop
  let quiet
  const heard = () => {
    clearTimeout(quiet)
    quiet = setTimeout(again, silenceMsMax)
  }
  heard()
  try {
    const answer = await fetch('/api/intake/status/stream', { headers: { authorization: `Intake ${token}` }, cache: 'no-store', signal })
    if (!answer.ok || !answer.body) throw new Error(`stream ${answer.status}`)
    say(true)
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ''
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      heard()
      rest += value
      const events = rest.split('\n\n')
      rest = events.pop() ?? ''
      if (events.some((event) => event.startsWith('event: status'))) await refresh()
    }
  } finally {
    clearTimeout(quiet)
  }
}

let delayMs = firstDelayMs
for (;;) {
  try {
    await follow()
    delayMs = firstDelayMs
  } catch {
    // The connection or the server is away for a while: what is on the page stays, and we ask again more and more slowly.
    if (delayMs > firstDelayMs) say(false)
    delayMs = Math.min(delayMs * 2, delayMsMax)
  }
  await new Promise((resolve) => {
    wake = resolve
    setTimeout(resolve, delayMs)
  })
}
