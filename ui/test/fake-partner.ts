import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32, deflateSync } from 'node:zlib'

/** On a port of its own, as in life: the quarantine bucket that the browser puts photos into, and a card form in a frame. */
const script = `window.Stripe = () => ({
  elements: (options) => {
    window.elementsOptions = options
    const both = options.paymentMethodTypes.includes('us_bank_account')
    let frame, origin = ORIGIN, handlers = {}
    const ask = (what) => new Promise((resolve) => {
      const channel = new MessageChannel()
      channel.port1.onmessage = (event) => resolve(event.data)
      frame.contentWindow.postMessage(what, origin, [channel.port2])
    })
    return {
      ask,
      create: () => ({
        on: (name, handler) => { handlers[name] = handler },
        mount: (target) => {
          frame = document.createElement('iframe')
          frame.src = origin + (both ? '/frame/both' : '/frame')
          frame.title = both ? 'Payment details' : 'Card details'
          frame.width = '100%'
          frame.height = both ? '350' : '260'
          frame.onload = () => handlers.ready && handlers.ready()
          target.append(frame)
        },
        destroy: () => frame && frame.remove(),
      }),
      submit: async () => ((await ask('state')).complete ? {} : { error: { type: 'validation_error', message: 'Your card number is incomplete.' } }),
    }
  },
  createConfirmationToken: async ({ elements }) => {
    const { account, last4 } = await elements.ask('state')
    if (account) return { confirmationToken: { id: 'ctoken_test_' + last4, payment_method_preview: { type: 'us_bank_account', us_bank_account: { last4 } } } }
    return { confirmationToken: { id: 'ctoken_test_' + last4, payment_method_preview: { type: 'card', card: { brand: 'visa', last4 } } } }
  },
})`
const accountFields = `<fieldset><legend>Pay with</legend><label><input type="radio" name="kind" value="card" checked> Card</label>
<label><input type="radio" name="kind" value="us_bank_account"> US bank account</label></fieldset>
<label class="account">Your account at the test bank <select id="account"><option value="">Choose</option><option value="000123456789">Account ending in 6789</option></select></label>`
const frameOf = (more: string): string => `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Card details</title>
<style>body{font:16px system-ui;margin:0;background:#fff;color:#111}label{display:block;margin-bottom:12px}input:not([type=radio]),select{display:block;width:100%;box-sizing:border-box;padding:10px;border:1px solid #777;border-radius:6px;font:inherit}main:has([value=us_bank_account]:checked) .card,main:has([value=card]:checked) .account{display:none}</style>
<main>${more}<div class="card"><label>Card number <input id="number" inputmode="numeric" autocomplete="cc-number"></label>
<label>Expiry (MM / YY) <input id="expiry" inputmode="numeric"></label><label>Security code <input id="cvc" inputmode="numeric"></label></div></main>
<script>addEventListener('message', (event) => {
  const account = document.querySelector('[value=us_bank_account]:checked') && document.getElementById('account').value
  if (typeof account === 'string') return event.ports[0].postMessage({ complete: account !== '', account: true, last4: account.slice(-4) })
  const number = document.getElementById('number').value.replace(/\\D/g, '')
  event.ports[0].postMessage({ complete: number.length === 16 && document.getElementById('expiry').value !== '' && document.getElementById('cvc').value !== '', last4: number.slice(-4) })
})</script></html>`

interface FakePartner {
  url: string
  /** Photos as they arrived, by key. */
  photos: Map<string, { type: string; bytes: number }>
  reset(): void
  close(): Promise<void>
}

export async function fakePartner(): Promise<FakePartner> {
  const photos: FakePartner['photos'] = new Map()
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-methods': 'PUT, GET', 'access-control-allow-headers': 'content-type' }
    if (request.method === 'OPTIONS') return void response.writeHead(204, cors).end()
    if (path === '/v3/')
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(script.replaceAll('ORIGIN', `'http://${request.headers.host}'`))
    if (path === '/frame') return void response.writeHead(200, { 'content-type': 'text/html' }).end(frameOf(''))
    if (path === '/frame/both') return void response.writeHead(200, { 'content-type': 'text/html' }).end(frameOf(accountFields))
    if (path.startsWith('/photo')) return void response.writeHead(200, { 'content-type': 'image/png' }).end(cardPicture())
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    request.on('end', () => {
      photos.set(path, { type: request.headers['content-type'] ?? '', bytes })
      response.writeHead(200, cors).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    photos,
    reset: () => photos.clear(),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A PNG that looks a little like a card, made by hand: 320 by 200, a band on a light ground. */
export function cardPicture(): Buffer {
  const [width, height] = [320, 200]
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = y > 30 && y < 70 ? [15, 92, 120] : x > 20 && x < 200 && y > 100 && y % 24 < 8 ? [120, 130, 140] : [228, 236, 240]
      rows.set(colour, y * (width * 3 + 1) + 1 + x * 3)
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), content])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(content.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}
