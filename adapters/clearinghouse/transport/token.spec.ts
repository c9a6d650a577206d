import type { RequestListener } from 'node:http'
import { type FaultKind, PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { answer, rows } from '../fixtures/response.ts'
import { contextOf } from '../testing/context.ts'
import { bodyOf, withServer } from '../testing/server.ts'
import { postInquiry } from './rest.ts'

const x12 = Buffer.from('ISA')
/** Hands out token-1, token-2 …; takes only those that `valid` says. */
function tokenDoor(options: { expiresIn?: unknown; valid?: (token: string) => boolean; status?: number; body?: string; delayMs?: number } = {}) {
  const seen: { asked: string[]; used: string[] } = { asked: [], used: [] }
  const listener: RequestListener = async (req, res) => {
    if (req.url === '/edi/oauth/token') {
      seen.asked.push(await bodyOf(req))
      const token = `token-${seen.asked.length}`
      const body = options.body ?? JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: options.expiresIn ?? 300 })
      setTimeout(() => {
        res.writeHead(options.status ?? 200)
        res.end(body)
      }, options.delayMs ?? 0)
      return
    }
    const token = (req.headers.authorization ?? '').replace('Bearer ', '')
    seen.used.push(token)
    await bodyOf(req)
    res.writeHead((options.valid ?? (() => true))(token) ? 200 : 401)
    res.end(answer(rows('EB*1**30')))
  }
  return { seen, listener }
}
let clients = 0
/** A connection of its own each time: tokens are kept per connection, and tests must not share them. */
const connectionTo = (restUrl: string) => ({
  config: { restUrl, clientId: `client-${++clients}` },
  secrets: { restToken: undefined, clientSecret: 'secret-of-the-tests' },
})
const kindOf = async (work: Promise<unknown>): Promise<FaultKind> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof PartnerFault) return error.kind
  throw new Error('an answer came where a fault was due', { cause: error })
}

describe('The clearinghouse’s tokens', () => {
  it('are fetched with the client’s id and secret, and used until shortly before they end', async () => {
    const { seen, listener } = tokenDoor()
    await withServer(listener, async (url) => {
      let now = new Date('2026-12-01T09:00:00Z')
      const connection = connectionTo(url)
      const ask = () => postInquiry(x12, contextOf({ ...connection, now: () => now }), 5_000)
      await ask()
      now = new Date('2026-12-01T09:04:29Z')
      await ask()
      expect(seen.used).to.deep.equal(['token-1', 'token-1'])
      // 30 s before its end: it would not be sure to outlive the request.
      now = new Date('2026-12-01T09:04:31Z')
      await ask()
      expect(seen.used).to.deep.equal(['token-1', 'token-1', 'token-2'])
      expect(Object.fromEntries(new URLSearchParams(seen.asked[0]))).to.deep.equal({
        grant_type: 'client_credentials',
        client_id: connection.config.clientId,
        client_secret: 'secret-of-the-tests',
      })
    })
  })
  it('are fetched once for all who wait', async () => {
    const { seen, listener } = tokenDoor({ delayMs: 30 })
    await withServer(listener, async (url) => {
      const connection = connectionTo(url)
      await Promise.all(Array.from({ length: 12 }, () => postInquiry(x12, contextOf(connection), 5_000)))
      expect([seen.asked.length, new Set(seen.used).size, seen.used.length]).to.deep.equal([1, 1, 12])
    })
  })
  it('are fetched anew, once, when one is refused before its time; by all who were refused together', async () => {
    let valid = (token: string): boolean => token === 'token-1'
    const { seen, listener } = tokenDoor({ valid: (token) => valid(token), delayMs: 20 })
    await withServer(listener, async (url) => {
      const connection = connectionTo(url)
      await postInquiry(x12, contextOf(connection), 5_000)
      valid = (token) => token === 'token-2'
      await Promise.all(Array.from({ length: 6 }, () => postInquiry(x12, contextOf(connection), 5_000)))
      expect(seen.asked.length).to.equal(2)
      valid = () => false
      expect(await kindOf(postInquiry(x12, contextOf(connection), 5_000))).to.equal('credentials')
      expect(seen.asked.length, 'and no third time for one call').to.equal(3)
    })
  })
  it('of one connection are not another’s', async () => {
    const { seen, listener } = tokenDoor()
    await withServer(listener, async (url) => {
      const first = connectionTo(url)
      await postInquiry(x12, contextOf(first), 5_000)
      await postInquiry(x12, contextOf({ ...first, secrets: { ...first.secrets, clientSecret: 'another-secret' } }), 5_000)
      expect(seen.used).to.deep.equal(['token-1', 'token-2'])
    })
  })
  it('a fixed one is used as it is, and not asked for again when it is refused', async () => {
    const { seen, listener } = tokenDoor({ valid: () => false })
    await withServer(listener, async (url) => {
      expect(await kindOf(postInquiry(x12, contextOf({ config: { restUrl: url } }), 5_000))).to.equal('credentials')
      expect(seen).to.deep.equal({ asked: [], used: ['token-of-the-tests'] })
    })
  })
  it('that end at once are used for the call that fetched them', async () => {
    const { seen, listener } = tokenDoor({ expiresIn: 0 })
    await withServer(listener, async (url) => {
      const connection = connectionTo(url)
      await postInquiry(x12, contextOf(connection), 5_000)
      await postInquiry(x12, contextOf(connection), 5_000)
      expect(seen.used).to.deep.equal(['token-1', 'token-2'])
    })
  })
  const refusals: [title: string, options: Parameters<typeof tokenDoor>[0], kind: FaultKind][] = [
    ['the client is not known', { status: 401, body: '{"error":"invalid_client"}' }, 'credentials'],
    ['the request is refused', { status: 400, body: '{"error":"invalid_grant"}' }, 'credentials'],
    ['the token door is out of order', { status: 503 }, 'unavailable'],
    ['the token door is too busy', { status: 429 }, 'throttled'],
    ['the answer is a web page', { body: '<html>' }, 'contract'],
    ['the token would break the header line', { body: JSON.stringify({ access_token: 'a\r\nx-evil: 1' }) }, 'contract'],
    ['there is no token in it', { body: '{"token_type":"Bearer"}' }, 'contract'],
  ]
  for (const [title, options, kind] of refusals)
    it(`are ${kind} when ${title}, and no patient is sent`, async () => {
      const { seen, listener } = tokenDoor(options)
      await withServer(listener, async (url) => {
        const connection = connectionTo(url)
        expect(await kindOf(postInquiry(x12, contextOf(connection), 5_000))).to.equal(kind)
        expect(seen.used).to.deep.equal([])
        // A failure is not kept.
        await kindOf(postInquiry(x12, contextOf(connection), 5_000))
        expect(seen.asked.length).to.equal(2)
      })
    })
  it('that do not come leave nothing uncertain: nothing was asked yet', async () => {
    const connection = connectionTo('http://127.0.0.1:9/edi')
    expect(await kindOf(postInquiry(x12, contextOf(connection), 5_000))).to.equal('unavailable')
    await withServer(
      (req) => req.socket.destroy(),
      async (url) => {
        expect(await kindOf(postInquiry(x12, contextOf(connectionTo(url)), 5_000))).to.equal('unavailable')
      },
    )
    const { listener } = tokenDoor({ delayMs: 2_000 })
    await withServer(listener, async (url) => {
      expect(await kindOf(postInquiry(x12, contextOf({ ...connectionTo(url), timeoutMs: 100 }), 5_000))).to.equal('unavailable')
    })
  })
  it('need both an id and a secret', async () => {
    const secrets = { restToken: undefined, clientSecret: 'secret-of-the-tests' }
    expect(await kindOf(postInquiry(x12, contextOf({ secrets }), 5_000))).to.equal('credentials')
  })
})
