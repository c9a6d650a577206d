import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Simulator, startSimulator } from '../../contract-suite.ts'
import { makeToken, testCards } from '../fixtures/cards.ts'

const [secretKey, publishableKey] = ['sk_test_kill', 'pk_test_kill']
const atOnce = 8
const payments = 120
const hourMs = 3_600_000

interface Answer {
  status: number
  id: string
  code?: string | undefined
  isReplay: boolean
}

describe('The simulated Stripe, killed', () => {
  let folder = ''
  let path = ''
  let sim: Simulator
  const start = () => {
    const env = { SIM_TOKEN: secretKey, SIM_PUBLISHABLE_KEY: publishableKey, SIM_JOURNAL: path }
    return startSimulator(new URL('./main.ts', import.meta.url), env)
  }
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sim-stripe-'))
    path = join(folder, 'stripe.journal')
    sim = await start()
  })
  afterEach(async () => {
    await sim.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function post(to: string, form: Record<string, string>, idempotencyKey: string): Promise<Answer> {
    const headers = { authorization: `Bearer ${secretKey}`, 'idempotency-key': idempotencyKey }
    const response = await fetch(`${sim.url}/v1/${to}`, { method: 'POST', headers, body: new URLSearchParams(form) })
    const body = (await response.json()) as { id: string; error?: { code?: string } }
    return { status: response.status, id: body.id, code: body.error?.code, isReplay: response.headers.get('idempotent-replayed') === 'true' }
  }
  const tokenOf = (number: string = testCards.kept): Promise<string> => makeToken(sim.url, publishableKey, number)
  const keep = (payment: string, token: string, idempotencyKey = `key-${payment}`) =>
    post('setup_intents', { confirm: 'true', confirmation_token: token, 'metadata[hub_payment]': payment }, idempotencyKey)
  const advance = (ms: number) => sim.control('POST', '/_sim/clock/advance', { ms })
  const again = async () => {
    await sim.kill()
    sim = await start()
  }
  const looksLike = async () => [await sim.effects(), await sim.control('GET', '/_sim/effects/each'), await sim.control('GET', '/_sim/objects')]

  it('has the card that it kept and the key it was kept under, in mid-load: sent again, it is the same card', async () => {
    const tokens = await Promise.all(Array.from({ length: payments }, () => tokenOf()))
    const answered = new Map<number, string>()
    const left = tokens.map((_, n) => n)
    let killed: Promise<void> | undefined
    const worker = async (): Promise<void> => {
      for (let n = left.pop(); n !== undefined && !killed; n = left.pop()) {
        const number = n
        await keep(`payment-${number}`, tokens[number] ?? '').then(
          ({ id }) => answered.set(number, id),
          () => left.push(number),
        )
        if (answered.size >= payments / 3) killed ??= sim.kill()
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    await killed
    expect(answered.size).to.be.within(payments / 3, payments - 1)

    sim = await start()
    for (const [n, token] of tokens.entries()) {
      const answer = await keep(`payment-${n}`, token)
      expect(answer.status).to.equal(200)
      if (answered.has(n)) expect([answer.id, answer.isReplay]).to.deep.equal([answered.get(n), true])
    }
    const { storeCard } = await sim.effects()
    expect([storeCard?.count, Object.keys(storeCard?.byKey ?? {}).length]).to.deep.equal([payments, payments])
    const { succeeded } = (await sim.control('GET', '/_sim/objects')) as { succeeded: Record<string, number> }
    expect(Object.values(succeeded)).to.deep.equal(Array(payments).fill(1))
  })

  it('remembers a key for a day of its own time, whose hours a kill does not take away', async () => {
    const [token, other] = [await tokenOf(), await tokenOf()]
    const first = await keep('p', token)
    await advance(23 * hourMs)
    await again()
    expect(await keep('p', token)).to.deep.equal({ ...first, isReplay: true })
    expect(await keep('p', other), 'the key with another card').to.include({ status: 400 })
    await advance(2 * hourMs)
    await again()
    expect(await keep('p', token), 'a new request now').to.include({ status: 400, code: 'token_already_used', isReplay: false })
    expect((await sim.effects()).storeCard).to.deep.equal({ count: 1, byKey: { 'key-p': 1 } })
  })

  it('takes a token that nobody used for twelve hours, and no longer', async () => {
    const [early, late] = [await tokenOf(), await tokenOf()]
    await advance(11 * hourMs)
    expect(await keep('early', early)).to.include({ status: 200 })
    await advance(2 * hourMs)
    expect(await keep('late', late)).to.include({ status: 400, code: 'resource_missing' })
  })

  it('moves its clock forward only', async () => {
    for (const ms of [-1, '5', Number.MAX_VALUE]) {
      const response = await fetch(`${sim.url}/_sim/clock/advance`, { method: 'POST', body: JSON.stringify({ ms }) })
      expect(response.status).to.equal(400)
    }
    const { now } = (await advance(hourMs)) as { now: string }
    await again()
    const later = (await sim.control('GET', '/_sim/clock')) as { now: string }
    expect(Date.parse(later.now) - Date.parse(now)).to.be.within(0, 20_000)
  })

  it('says the same after a restart: effects, whose they are, objects, a decline, a fault that it was told to play', async () => {
    const [kept, declined] = [await tokenOf(), await tokenOf(testCards.declined)]
    await keep('kept', kept)
    expect(await keep('declined', declined)).to.include({ status: 402 })
    await post('customers', { 'metadata[hub_payment]': 'kept', 'metadata[hub_patient]': 'pat' }, 'key-c')
    await sim.fault('breaks', 1)
    const before = await looksLike()
    expect(before.slice(1)).to.deep.equal([
      [
        { operation: 'storeCard', key: 'key-kept', payment: 'kept', patient: null, token: kept, times: 1 },
        { operation: 'createCustomer', key: 'key-c', payment: 'kept', patient: 'pat', token: null, times: 1 },
      ],
      { customers: { kept: 1 }, setupIntents: { kept: 1, declined: 1 }, paymentIntents: {}, refunds: {}, succeeded: { kept: 1 } },
    ])
    await again()
    expect(await looksLike()).to.deep.equal(before)
    expect(await keep('declined', declined)).to.include({ status: 500 })
    expect(await keep('declined', declined)).to.include({ status: 402, isReplay: true })
    expect(readFileSync(path, 'utf8'), 'no card number').not.to.match(/4000000000000002|4242424242424242/)
    await sim.reset()
    await again()
    expect((await looksLike()).slice(1)).to.deep.equal([[], { customers: {}, setupIntents: {}, paymentIntents: {}, refunds: {}, succeeded: {} }])
  })

  it('tells what happened to whom it could not tell before', async () => {
    const heard: string[] = []
    const door = createServer((req, res) => {
      req.on('data', (chunk: Buffer) => heard.push(chunk.toString('utf8')))
      req.on('end', () => res.end())
    })
    // Nobody listens there yet.
    const port = await freePort()
    await sim.control('PUT', '/_sim/webhooks', { url: `http://127.0.0.1:${port}/`, secret: 'whsec_0123456789abcdef', retryMs: 50 })
    const { id } = await keep('p', await tokenOf())
    await again()
    door.listen(port, '127.0.0.1')
    try {
      const deadline = Date.now() + 15_000
      while (!heard.join('').includes(id) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
      expect(heard.join('')).to.include('setup_intent.succeeded').and.include(id)
    } finally {
      door.closeAllConnections()
      door.close()
    }
  })

  it('never did what it was killed while writing down', async () => {
    const token = await tokenOf()
    const before = await looksLike()
    await keep('p', token)
    await sim.kill()
    truncateSync(path, readFileSync(path).length - 1)
    sim = await start()
    expect(await looksLike()).to.deep.equal(before)
    expect(await keep('p', token)).to.include({ status: 200, isReplay: false })
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
