/** A page that shows what a simulated partner got: for people who try the demo, and for screenshots. It loads nothing from anywhere. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
/** Addresses in a text can be followed, as on a phone. */
export const linked = (text: string): string =>
  escaped(text).replace(/https?:\/\/[^\s<]+[^\s<.,;:!?)]/g, (url) => `<a href="${url}" target="_blank" rel="noreferrer">${url}</a>`)
export const timed = (ms: number): string => {
  const iso = new Date(ms).toISOString()
  return `<time datetime="${iso}">${iso.slice(5, 16).replace('T', ' ')} UTC</time>`
}

const style = `
:root{color-scheme:light dark;--ink:#1c2126;--soft:#5a646d;--paper:#fff;--edge:#c9d1d8}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecef;--soft:#a9b4bd;--paper:#14181b;--edge:#3a444c}}
*{box-sizing:border-box}
body{margin:0;font:17px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{max-width:42rem;margin:0 auto;padding:1rem}
h1{font-size:1.25rem;margin:0 0 .25rem;overflow-wrap:anywhere}
p{margin:.25rem 0}
.soft{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}
ul{list-style:none;margin:1rem 0;padding:0}
.rows li{border:1px solid var(--edge);border-radius:.5rem;margin-block-end:.5rem}
.rows a{display:block;padding:.75rem;color:inherit;text-decoration:none;overflow-wrap:anywhere}
.rows a:hover strong{text-decoration:underline}
:focus-visible{outline:3px solid #1a73e8;outline-offset:2px}`

/** What is inside `#kept` looks again by itself, but not while somebody types; readable without a script. */
const again = `<script>
const look = async () => {
  if (document.hidden || document.activeElement instanceof HTMLInputElement) return
  const next = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
  const [now, then] = [document.querySelector('#kept'), next.querySelector('#kept')]
  if (now && then && now.innerHTML !== then.innerHTML) now.innerHTML = then.innerHTML
}
setInterval(() => look().catch(() => undefined), 2000)
</script>`

/** `icon`: the shapes of an SVG of 16 by 16; `style`: what only these pages have. */
export interface Look {
  icon: string
  style: string
}
export function simPage({ icon, style: own }: Look, title: string, body: string): string {
  const drawn = encodeURIComponent(`<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>${icon}</svg>`)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title>
<link rel="icon" href="data:image/svg+xml,${drawn}"><style>${style}${own}</style></head><body><main>${body}</main>${body.includes('id="kept"') ? again : ''}</body></html>`
}
