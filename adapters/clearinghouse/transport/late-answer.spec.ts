import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { answer, rows } from '../fixtures/response.ts'
import { contextOf } from '../testing/context.ts'
import { withServer } from '../testing/server.ts'
import { postInquiry } from './rest.ts'

const x12 = Buffer.from('ISA')
const whole = answer(rows('EB*1**30'))
type Step = (req: IncomingMessage, res: ServerResponse) => void
const later =
  (location: string | undefined, retryAfter?: string): Step =>
  (_req, res) => {
    res.writeHead(202, { ...(location === undefined ? {} : { location }), ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) })
    res.end()
  }
const status =
  (code: number, body = whole): Step =>
  (_req, res) => {
    res.writeHead(code)
    res.end(body)
  }

/** Answers each request by the next step, the last one for ever. */
async function ask(steps: Step[], withinMs = 5_000) {
  const seen: string[] = []
  const listener: RequestListener = (req, res) => {
    seen.push(`${req.method} ${req.url} ${req.headers.authorization} ${req.headers['idempotency-key'] ?? '-'}`)
    const step = steps[Math.min(seen.length, steps.length) - 1]
    step?.(req, res)
  }
  return withServer(listener, async (url) => {
    const beganMs = performance.now()
    const result = await postInquiry(x12, contextOf({ config: { restUrl: url }, idempotencyKey: 'effect-1' }), withinMs).catch((error: unknown) => error)
    return { result, seen, tookMs: performance.now() - beganMs }
  })
}
const textOf = (result: unknown): string => (typeof result === 'object' && result && 'bytes' in result ? String(result.bytes) : '')
const faultIn = ({ result }: { result: unknown }): PartnerFault => {
  if (result instanceof PartnerFault) return result
  throw new Error('an answer came where a fault was due', { cause: result })
}

describe('An answer that comes later (202)', () => {
  it('is fetched where the clearinghouse says, with our token, as often as it says "not yet"', async () => {
    const { result, seen } = await ask([later('/edi/results/7', '0'), later(undefined, '0'), later(undefined, '0'), status(200)])
    expect(textOf(result)).to.equal(whole)
    expect(seen).to.deep.equal([
      'POST /edi/realtime/eligibility Bearer token-of-the-tests effect-1',
      ...Array.from({ length: 3 }, () => 'GET /edi/results/7 Bearer token-of-the-tests -'),
    ])
  })
  it('may move on, and be named from where it is', async () => {
    const { seen } = await ask([later('results/7', '0'), later('8', '0'), status(200)])
    expect(seen.map((line) => line.split(' ')[1])).to.deep.equal(['/edi/realtime/eligibility', '/edi/realtime/results/7', '/edi/realtime/results/8'])
  })
  it('is not looked for before the wait that was asked for', async () => {
    const { result, tookMs } = await ask([later('/r', '1'), status(200)])
    expect(textOf(result)).to.equal(whole)
    expect(tookMs).to.be.within(990, 3_000)
  })
  for (const place of ['http://127.0.0.1:1/r', 'https://elsewhere.example/r', '//elsewhere.example/r', 'ftp://127.0.0.1/r', 'http://'])
    it(`takes our token nowhere else: "${place}" is contract`, async () => {
      const { seen, ...asked } = await ask([later(place, '0'), status(200)])
      expect(faultIn(asked)).to.include({ kind: 'contract', detail: 'HTTP 202' })
      expect(seen).to.have.length(1)
    })
  it('needs a place', async () => {
    expect(faultIn(await ask([later(undefined, '0'), status(200)])).kind).to.equal('contract')
  })
  it('is a timeout when the time is up, also while it waits', async () => {
    const asked = await ask([later('/r', '0')], 400)
    expect(faultIn(asked).kind).to.equal('timeout')
    expect(asked.seen.length).to.be.within(2, 6)
    expect(asked.tookMs).to.be.below(2_000)
  })
  it('is a timeout at once when the wait would be too long, and says how long it is', async () => {
    const asked = await ask([later('/r', '30')], 20_000)
    expect(faultIn(asked)).to.include({ kind: 'timeout', retryAfterMs: 30_000 })
    expect(asked.tookMs).to.be.below(1_000)
  })
  it('is uncertain when the place knows nothing of it', async () => {
    for (const code of [404, 410]) expect(faultIn(await ask([later('/r', '0'), status(code)])).kind).to.equal('uncertain')
  })
  it('may be a failure like any other', async () => {
    expect(faultIn(await ask([later('/r', '0'), status(503)])).kind).to.equal('unavailable')
    expect(faultIn(await ask([later('/r', '0'), status(200, '{"error":{"code":"TIMEOUT"}}')])).kind).to.equal('timeout')
    expect(faultIn(await ask([later('/r', '0'), status(307)])).kind).to.equal('contract')
    expect(faultIn(await ask([later('/r', '0'), (req) => req.socket.destroy()])).kind).to.equal('uncertain')
  })
})
