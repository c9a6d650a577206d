// Takes a consent back, in two steps: what it means is read before it is done. Without this script the page says whom to call.
const token = location.pathname.split('/').pop() ?? ''
const said = document.querySelector('[data-said]')
if (said) said.textContent = ''

for (const place of document.querySelectorAll('[data-consent]')) {
  const part = (name) => place.querySelector(`[data-${name}]`)
  const [ask, sure, yes, keep] = [part('ask'), part('sure'), part('do'), part('keep')]
  place.hidden = false
  ask.addEventListener('click', () => {
    sure.hidden = false
    ask.hidden = true
    yes.focus()
  })
  keep.addEventListener('click', () => {
    sure.hidden = true
    ask.hidden = false
    ask.focus()
  })
  yes.addEventListener('click', async () => {
    if (yes.disabled) return
    yes.disabled = true
    said.textContent = said.dataset.saving
    const headers = { authorization: `Intake ${token}` }
    const answer = await fetch(`/api/intake/consents/${place.dataset.consent}/withdraw`, { method: 'POST', headers }).catch(() => undefined)
    if (answer?.ok) return location.reload()
    said.textContent = said.dataset.failed
    yes.disabled = false
  })
}
