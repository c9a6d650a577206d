import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FaultKind, PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { memoryLocks, memoryNumbers, noObjects } from '../../testing.ts'
import { clearinghouse } from '../adapter.ts'
import { ClearinghouseConfig } from '../config.ts'
import { inquiryV2 as inquiry } from '../fixtures/inquiry.ts'
import { answer, rows } from '../fixtures/response.ts'
import { ping } from './rest.ts'

const token = 'token-of-the-tests'
const now = new Date('2026-12-01T09:00:00Z')

/** One request against a server that answers as told. */
async function against<T>(
  listener: RequestListener,
  work: (ctx: Parameters<typeof clearinghouse.operations.checkEligibility.call>[1]) => Promise<T>,
  timeoutMs = 5_000,
): Promise<T> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
  try {
    return await work({
      config: ClearinghouseConfig.parse({ restUrl: `http://127.0.0.1:${port}/edi`, submitterId: 'HELIOXHUB', receiverId: 'CLEARSIM', usage: 'T' }),
      secrets: { restToken: token },
      idempotencyKey: 'effect-1',
      signal: AbortSignal.timeout(timeoutMs),
      log: silent,
      now: () => now,
      production: false,
      objects: noObjects,
      numbers: memoryNumbers(),
      locks: memoryLocks(),
    })
  } finally {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}
const ask = (listener: RequestListener, timeoutMs?: number) =>
  against(listener, (ctx) => clearinghouse.operations.checkEligibility.call(inquiry, ctx), timeoutMs)
async function faultOf(listener: RequestListener, timeoutMs?: number): Promise<PartnerFault> {
  try {
    await ask(listener, timeoutMs)
  } catch (error) {
    if (error instanceof PartnerFault) return error
    throw error
  }
  throw new Error('an answer came where a fault was due')
}
const reply =
  (status: number, body = '', headers: Record<string, string> = {}): RequestListener =>
  (_req, res) => {
    res.writeHead(status, headers)
    res.end(body)
  }

describe('The clearinghouse over REST', () => {
  it('sends one POST with token, key and X12, below the path of its address', async () => {
    let seen = ''
    const result = await ask((req, res) => {
      seen = [req.method, req.url, req.headers.authorization, req.headers['idempotency-key'], req.headers['content-type']].join(' ')
      res.end(answer(rows('EB*1**30')))
    })
    expect(seen).to.equal(`POST /edi/realtime/eligibility Bearer ${token} effect-1 application/edi-x12`)
    expect(result.is).to.equal('ok')
  })

  const statuses: [status: number, kind: FaultKind][] = [
    [400, 'contract'],
    [401, 'credentials'],
    [403, 'credentials'],
    [404, 'contract'],
    [408, 'timeout'],
    [409, 'throttled'],
    [422, 'contract'],
    [429, 'throttled'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'timeout'],
    [202, 'contract'],
    [204, 'contract'],
  ]
  for (const [status, kind] of statuses)
    it(`HTTP ${status} is ${kind}, even with a good 271 in it`, async () => {
      const body = status === 204 ? '' : answer(rows('EB*1**30'))
      expect(await faultOf(reply(status, body))).to.include({ kind, detail: `HTTP ${status}` })
    })
  it('does not follow a redirect with the token in hand', async () => {
    let calls = 0
    const fault = await faultOf((_req, res) => {
      calls += 1
      res.writeHead(307, { location: '/elsewhere' })
      res.end()
    })
    expect(fault.kind).to.equal('contract')
    expect(calls).to.equal(1)
  })
  const waits: [header: string, ms: number | undefined][] = [
    ['7', 7_000],
    ['Tue, 01 Dec 2026 09:00:30 GMT', 30_000],
    ['Tue, 01 Dec 2026 08:00:00 GMT', 0],
    ['999999', 3_600_000],
    ['soon', undefined],
  ]
  for (const [header, ms] of waits)
    it(`waits ${ms} ms for Retry-After "${header}"`, async () => {
      expect((await faultOf(reply(429, '', { 'retry-after': header }))).retryAfterMs).to.equal(ms)
    })

  const documents: [title: string, body: string, kind: FaultKind][] = [
    ['a known failure: payer down', '{"error":{"code":"PAYER_UNAVAILABLE"}}', 'unavailable'],
    ['a known failure: clearinghouse down', '{"error":{"code":"SERVICE_UNAVAILABLE"}}', 'unavailable'],
    ['a known failure: payer silent', ' {"error":{"code":"TIMEOUT"}}', 'timeout'],
    ['a known failure: too fast', '{"error":{"code":"RATE_LIMITED"}}', 'throttled'],
    ['a known failure: token', '{"error":{"code":"UNAUTHORIZED"}}', 'credentials'],
    ['an unknown failure', '{"error":{"code":"constructor"}}', 'contract'],
    ['JSON that is cut off', '{"error":{"co', 'contract'],
    ['JSON that says active', '{"status":"active"}', 'contract'],
    ['a web page', '<html><body>maintenance</body></html>', 'contract'],
    ['nothing', '', 'contract'],
    ['half of a 271', answer(rows('EB*1**30')).slice(0, 300), 'contract'],
    ['too much', 'x'.repeat(1024 * 1024 + 1), 'contract'],
  ]
  for (const [title, body, kind] of documents)
    it(`HTTP 200 with ${title} is ${kind}`, async () => {
      expect((await faultOf(reply(200, body))).kind).to.equal(kind)
    })
  it('knows a payer that is down from a clearinghouse that is', async () => {
    const scopes = await Promise.all(
      ['PAYER_UNAVAILABLE', 'TIMEOUT', 'SERVICE_UNAVAILABLE'].map(async (code) => (await faultOf(reply(200, `{"error":{"code":"${code}"}}`))).scope),
    )
    expect(scopes).to.deep.equal(['payer', 'payer', 'partner'])
  })

  it('is a timeout while it waits for the headers, and while it waits for the rest', async () => {
    expect((await faultOf(() => undefined, 150)).kind).to.equal('timeout')
    const stalled: RequestListener = (_req, res) => {
      res.writeHead(200)
      res.write(answer(rows('EB*1**30')).slice(0, 200))
    }
    expect((await faultOf(stalled, 150)).kind).to.equal('timeout')
  })
  it('is uncertain when the line goes dead after the question, before or within the answer', async () => {
    expect((await faultOf((req) => req.on('data', () => req.socket.destroy()))).kind).to.equal('uncertain')
    const half: RequestListener = (_req, res) => {
      res.writeHead(200, { 'content-length': '900' })
      res.write(answer(rows('EB*1**30')).slice(0, 200), () => res.destroy())
    }
    expect((await faultOf(half)).kind).to.equal('uncertain')
  })
  it('is unavailable when nobody listens: nothing was sent', async () => {
    const ctx = await against(reply(200), async (open) => open)
    const fault = await clearinghouse.operations.checkEligibility.call(inquiry, ctx).catch((error: unknown) => error)
    expect(fault).to.be.instanceOf(PartnerFault).and.include({ kind: 'unavailable', detail: 'ECONNREFUSED' })
  })
  it('is not sent at all when X12 cannot carry a value', async () => {
    let calls = 0
    const counting: RequestListener = (_req, res) => {
      calls += 1
      res.end()
    }
    const fault = await against(counting, (ctx) =>
      clearinghouse.operations.checkEligibility.call({ ...inquiry, memberId: 'HX~1' }, ctx).catch((error: unknown) => error),
    )
    expect(fault).to.include({ kind: 'contract', detail: 'refused-value at 2100C NM109' })
    expect(calls).to.equal(0)
  })
  it('reads Latin-1 where an answer is not UTF-8', async () => {
    const latin = Buffer.from(answer(rows('EB*1**30', 'MSG*PLAN PEÑA')), 'latin1')
    const result = await ask((_req, res) => res.end(latin))
    expect(result.value).to.deep.include({ verdict: 'active' })
  })
  it('is unknown when the door itself says that it is made up', async () => {
    const mocked = (header: string) =>
      ask((_req, res) => {
        res.setHeader('X-Api-Mock-Response', header)
        res.end(answer(rows('EB*1**30')))
      })
    for (const header of ['true', 'TRUE', 'demo']) expect((await mocked(header)).value, header).to.deep.include({ verdict: 'unknown', marks: ['mock'] })
    for (const header of ['false', '']) expect((await mocked(header)).value, header).to.deep.include({ verdict: 'active' })
  })
  it('puts neither patient nor token into a fault', async () => {
    for (const listener of [reply(400, 'HX4471002'), reply(200, 'MARLOWE'), reply(401, token)]) {
      const fault = await faultOf(listener)
      expect(JSON.stringify([fault.message, fault.detail, String(fault.cause)])).not.to.match(/MARLOWE|HX4471002|token-of-the-tests/)
    }
  })
  it('is healthy by a question about nobody', async () => {
    let seen = ''
    const health = await against((req, res) => {
      seen = `${req.method} ${req.url}`
      res.end('{}')
    }, ping)
    expect([seen, health.ok]).to.deep.equal(['GET /edi/health', true])
    expect(await against(reply(503), ping)).to.deep.equal({ ok: false, text: 'The clearinghouse is out of order.' })
  })
})
