import { expect } from 'chai'
import { type Asking, ask270 } from '../testing/ask.ts'
import { type SimChild, startChild, token } from '../testing/child.ts'

interface Case {
  does: Record<string, unknown>
  asking?: Partial<Asking>
  usage?: string
  /** X-Api-Mock-Response. */
  header?: string
  has?: string[]
  hasNot?: string[]
  status?: number
}
const ourTrace = 'TRN*2*TRACE1*9HELIOXHUB~'
const cases: Record<string, Case> = {
  active: {
    does: {},
    has: [ourTrace, 'NM1*IL*1*MARLOWE*ROSA****MI*HX4471002~', 'EB*1*IND*30*HM*HELIO GOLD~', 'DTP*347*D8*20261231~', 'BHT*0022*11*REFTRACE1*'],
  },
  inactive: { does: {}, has: ['EB*6*IND*30*', 'DTP*347*D8*20251231~'], hasNot: ['EB*1*'] },
  mixed: { does: {}, has: ['EB*1*IND*30*', 'EB*6*IND*30*'] },
  corrected: { does: {}, has: ['INS*Y*18*001*25~', 'NM1*IL*1*MARLOWE RIGHT*ROSA', 'DMG*D8*19840618*F~', 'EB*1*IND*30*'] },
  'rejected, loop 2000A': { does: { behaviour: 'rejected', code: '42', loop: '2000A' }, has: ['HL*1**20*0~AAA*Y**42*R~NM1*PR*'], hasNot: ['TRN*', 'HL*2*'] },
  'rejected, loop 2100A': { does: { behaviour: 'rejected', code: '79', loop: '2100A' }, has: ['*PI*HELIO1~AAA*N**79*C~SE*'], hasNot: ['HL*2*'] },
  'rejected, loop 2100B': {
    does: { behaviour: 'rejected', code: '51', loop: '2100B' },
    has: ['*XX*1234567893~AAA*N**51*C~SE*', 'HL*2*1*21*0~'],
    hasNot: ['TRN*'],
  },
  'rejected, loop 2100C': { does: { behaviour: 'rejected', code: '72', valid: 'Y', followUp: 'N' }, has: [ourTrace, '*MI*HX4471002~AAA*Y**72*N~SE*'] },
  'rejected, loop 2100D': {
    does: { behaviour: 'rejected', code: '58', loop: '2100D' },
    asking: { dependent: true },
    has: ['HL*3*2*22*1~NM1*IL*', `HL*4*3*23*0~${ourTrace}NM1*03*1*MARLOWE*KIT~AAA*N**58*C~INS*N*19~SE*`],
  },
  'rejected, loop 2110C': { does: { behaviour: 'rejected', code: '70', loop: '2110C' }, has: ['EB*1*IND*30*', 'EB*V*IND*88~AAA*N**70*C~SE*'] },
  'unable-now': { does: {}, has: ['AAA*Y**42*R~SE*'], hasNot: ['TRN*'] },
  'only-under-subscriber, asked as a subscriber': { does: { behaviour: 'only-under-subscriber' }, has: ['AAA*N**75*C~SE*'], hasNot: ['EB*'] },
  'only-under-subscriber, asked under the subscriber': {
    does: { behaviour: 'only-under-subscriber' },
    asking: { dependent: true },
    has: [`HL*4*3*23*0~${ourTrace}NM1*03*1*MARLOWE*KIT~DMG*D8*20140302*M~INS*N*19~`, 'EB*1*IND*30*'],
    hasNot: ['AAA*'],
  },
  'canned-answer': { does: {}, has: [ourTrace, 'NM1*IL*1*SAMPLE*PAT****MI*CANNED0001~', 'EB*1*'], hasNot: ['HX4471002', '1234567893'] },
  'canned-answer, trace and all': { does: { behaviour: 'canned-answer', echoTrace: false }, has: ['TRN*2*CANNEDTRACE0001*'], hasNot: ['TRACE1*9'] },
  'stale-replica': { does: {}, has: [ourTrace, '*MI*HX4471002~', 'DTP*291*D8*20251027~', 'DTP*347*D8*20251231~', 'EB*1*'], hasNot: ['D8*2026'] },
  'stale-replica, without its day': {
    does: { behaviour: 'stale-replica', tellsDay: false },
    has: ['*MI*HX4471002~', 'DTP*346*D8*20250101~'],
    hasNot: ['DTP*291'],
  },
  'gateway-default': { does: {}, has: [`${ourTrace}NM1*IL*1*MARLOWE*ROSA****MI*HX4471002~EB*1**30~SE*`] },
  'echo-of-another': { does: {}, has: [ourTrace, 'NM1*IL*1*OTHERWISE*TERRY', 'EB*1*'], hasNot: ['HX4471002'] },
  'other-patient': { does: {}, has: ['TRN*2*SOMEONE-ELSE*', 'BHT*0022*11*SOMEONE-ELSE*', 'OTHERWISE'], hasNot: ['TRACE1', 'HX4471002'] },
  empty: { does: {}, has: [ourTrace, 'DMG*D8*19840617*F~SE*'], hasNot: ['EB*', 'AAA*'] },
  'test-marked': { does: {}, usage: 'P', has: ['*0*T*:~', 'EB*1*'] },
  'test-marked, by the door': { does: { behaviour: 'test-marked', by: 'header' }, usage: 'P', header: 'true', has: ['*0*P*:~', 'EB*1*'] },
  'outage, HTTP 502': { does: { behaviour: 'outage', status: 502 }, status: 502, has: ['SERVICE_UNAVAILABLE'] },
  'failure-document': { does: {}, has: ['{"error":{"code":"PAYER_UNAVAILABLE"}}'], hasNot: ['ISA'] },
  'duplicate-answer': { does: {}, has: ['ST*271*0001*', 'ST*271*0002*', 'GE*2*'] },
  truncated: { does: { behaviour: 'truncated', share: 0.5 }, has: ['ISA*', 'ST*271*'], hasNot: ['IEA*'] },
  'ta1-only': { does: {}, has: ['TA1*000000101*261122*0400*A*000~IEA*0*'], hasNot: ['ST*'] },
  'ta1-reject': { does: { behaviour: 'ta1-reject', note: '018' }, has: ['TA1*000000101*261122*0400*R*018~IEA*0*'] },
  '999-reject': { does: {}, has: ['AK1*HS*101*005010X279A1~AK9*R*1*1*0*3~SE*'], hasNot: ['AK2*', 'ST*271*'] },
  '999-partial': { does: {}, has: ['AK2*270*0001*005010X279A1~IK5*R*5~AK9*R*1*1*0~'] },
}

describe('The real-time door, by behaviour', () => {
  let sim: SimChild
  before(async () => {
    sim = await startChild()
  })
  beforeEach(() => sim.tell('/_sim/reset'))
  after(() => sim.stop())

  for (const [title, { does, asking, usage, header, has = [], hasNot = [], status = 200 }] of Object.entries(cases))
    it(title, async () => {
      await sim.play({ rules: [{ when: { payer: 'HELIO1' }, does: { behaviour: title, ...does } }] })
      const answer = await sim.post(ask270(asking, usage ? { usage } : {}))
      expect(answer.status).to.equal(status)
      expect(answer.headers.get('x-api-mock-response')).to.equal(header ?? null)
      for (const part of has) expect(answer.text).to.include(part)
      for (const part of hasNot) expect(answer.text).not.to.include(part)
    })

  it('slow: no answer until the clock has moved by 15 s', async () => {
    await sim.play({ rules: [{ does: { behaviour: 'slow' } }] })
    let came = false
    const asked = sim.post(ask270()).then((answer) => {
      came = true
      return answer
    })
    while ((await sim.look<unknown[]>('/_sim/waiting')).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await sim.advance(14_999)
    expect([came, await sim.look('/_sim/effects')]).to.deep.equal([false, { checkEligibility: { count: 0, byKey: {} } }])
    await sim.advance(1)
    expect((await asked).text).to.include('EB*1*IND*30*')
  })
  it('silence: no answer and no effect', async () => {
    await sim.play({ rules: [{ does: { behaviour: 'silence' } }] })
    expect(await hangs(sim, ask270())).to.equal(true)
    expect(await sim.look('/_sim/effects')).to.deep.equal({ checkEligibility: { count: 0, byKey: {} } })
    expect((await sim.get('/realtime/eligibility?trace=TRACE1')).status).to.equal(404)
  })
  it('timeout-after-accepting: the work is done once, and the look-up by trace has the answer', async () => {
    await sim.play({ rules: [{ times: 1, does: { behaviour: 'timeout-after-accepting' } }] })
    expect(await hangs(sim, ask270(), { 'idempotency-key': 'k1' })).to.equal(true)
    const found = await sim.get('/realtime/eligibility?trace=TRACE1')
    expect(found.text).to.include(ourTrace).and.to.include('EB*1*')
    const again = await sim.post(ask270(), { 'idempotency-key': 'k1' })
    expect(again.text).to.equal(found.text)
    expect(await sim.look('/_sim/effects')).to.deep.equal({
      checkEligibility: { count: 1, byKey: { k1: 1 } },
      repeatedInquiry: { count: 1, byKey: { k1: 1 } },
    })
  })
  it('pending: 202 until the time and the polls have passed, then the answer', async () => {
    await sim.play({ rules: [{ does: { behaviour: 'pending', readyAfterMs: 5_000, polls: 2 } }] })
    const first = await sim.post(ask270())
    const location = first.headers.get('location') ?? ''
    expect([first.status, first.headers.get('retry-after')]).to.deep.equal([202, '1'])
    const polls = [(await sim.get(location)).status, (await sim.get(location)).status, (await sim.get(location)).status]
    await sim.advance(5_000)
    const last = await sim.get(location)
    expect([...polls, last.status]).to.deep.equal([202, 202, 202, 200])
    expect(last.text).to.include(ourTrace)
    expect((await sim.get('/realtime/eligibility/results/nobody')).status).to.equal(404)
  })
  it('pending: the same inquiry posted again goes on in the same wait', async () => {
    await sim.play({ rules: [{ does: { behaviour: 'pending', readyAfterMs: 5_000, polls: 0 } }] })
    const post = () => sim.post(ask270(), { 'idempotency-key': 'k1' })
    const first = await post()
    await sim.advance(4_000)
    const second = await post()
    expect([second.status, second.headers.get('location')]).to.deep.equal([202, first.headers.get('location')])
    await sim.advance(1_000)
    const third = await post()
    expect([third.status, third.text.includes(ourTrace)]).to.deep.equal([200, true])
    expect(await sim.look('/_sim/effects')).to.deep.include({ checkEligibility: { count: 1, byKey: { k1: 1 } } })
  })
  it('answers-later: 202, and so many polls as was said', async () => {
    await sim.tell('/_sim/faults', { mode: 'answers-later', times: 2 })
    const location = (await sim.post(ask270())).headers.get('location') ?? ''
    expect([(await sim.get(location)).status, (await sim.get(location)).status, (await sim.get(location)).status]).to.deep.equal([202, 202, 200])
  })
  it('a trace that comes again as new work is a duplicate for all to see', async () => {
    await sim.post(ask270(), { 'idempotency-key': 'k1' })
    await sim.post(ask270(), { 'idempotency-key': 'k2' })
    expect(await sim.look('/_sim/effects')).to.deep.equal({
      checkEligibility: { count: 2, byKey: { k1: 1, k2: 1 } },
      duplicateInquiry: { count: 1, byKey: { TRACE1: 1 } },
    })
  })
  it('the same key with another trace is refused', async () => {
    await sim.post(ask270(), { 'idempotency-key': 'k1' })
    const other = await sim.post(ask270({ trace: 'TRACE2' }), { 'idempotency-key': 'k1' })
    expect([other.status, other.text]).to.deep.equal([422, '{"error":{"code":"KEY_REUSED"}}'])
  })
  it('answers with the delimiters that it was asked with', async () => {
    const asked = ask270().replaceAll('*', '|').replaceAll('~', '\x1e')
    expect((await sim.post(asked)).text)
      .to.include('TRN|2|TRACE1|9HELIOXHUB\x1e')
      .and.to.match(/^ISA\|.{100}:[^~]GS\|/)
  })
  it('answers with the delimiters of the scenario, if it has any', async () => {
    await sim.play({ format: { element: '|', component: '>', repetition: '!', terminator: "'", lineBreaks: true } })
    const { text } = await sim.post(ask270())
    expect(text)
      .to.include("TRN|2|TRACE1|9HELIOXHUB'\n")
      .and.to.match(/\|!\|00501\|.*\|T\|>'\n/)
  })
  it('a reset forgets what was under way: it is never worked on', async () => {
    await sim.play({ rules: [{ does: { behaviour: 'slow' } }] })
    const asked = hangs(sim, ask270())
    while ((await sim.look<unknown[]>('/_sim/waiting')).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await sim.tell('/_sim/reset')
    expect(await asked).to.equal(true)
    await sim.advance(60_000)
    expect(await sim.look('/_sim/effects')).to.deep.equal({ checkEligibility: { count: 0, byKey: {} } })
  })
  it('refuses what is no sound 270 of one patient, with the reason', async () => {
    const reasons = await Promise.all(
      [
        ask270().replace('SE*13*', 'SE*12*'),
        ask270().replace('IEA*1*000000101', 'IEA*1*000000102'),
        'hello',
        ask270().replace('EQ*30~', '').replace('SE*13*', 'SE*12*'),
      ].map(async (text) => JSON.parse((await sim.post(text)).text).error.reason),
    )
    expect(reasons).to.deep.equal(['counts or control numbers', 'counts or control numbers', 'no ISA', 'a required element is missing'])
  })
  it('members of the demo say what their number says', async () => {
    const said = async (member: string) => /(AAA\*[^~]*|EB\*[16]\*IND\*30)/.exec((await sim.post(ask270({ member }))).text)?.[0]
    expect([await said('INACT1'), await said('UNKNOWN1'), await said('AAA58'), await said('DEP1'), await said('HX1')]).to.deep.equal([
      'EB*6*IND*30',
      'AAA*N**75*C',
      'AAA*N**58*C',
      'AAA*N**75*C',
      'EB*1*IND*30',
    ])
  })
  it('payers without this door cannot answer now, and that is no effect', async () => {
    for (const payer of ['QUIET3', 'SLOWB4', 'DUALS5']) expect((await sim.post(ask270({ payer }))).text).to.include('AAA*Y**42*R~')
    expect(await sim.look('/_sim/effects')).to.deep.equal({ checkEligibility: { count: 0, byKey: {} } })
  })
  it('says nothing of a member in its log', async () => {
    await sim.post(ask270())
    const log = JSON.stringify(await sim.look('/_sim/log'))
    expect(log).to.include('"trace":"TRACE1"').and.to.include('"behaviour":"active"')
    for (const value of ['MARLOWE', 'HX4471002', '19840617', 'ROSA']) expect(log).not.to.include(value)
  })
})

describe('Tokens', () => {
  let sim: SimChild
  before(async () => {
    sim = await startChild()
  })
  after(() => sim.stop())
  const grant = (secret: string, type = 'client_credentials') =>
    fetch(`${sim.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: type, client_id: 'hub', client_secret: secret }) })

  it('are given for the secret only', async () => {
    expect([(await grant('wrong')).status, (await grant(token, 'password')).status]).to.deep.equal([401, 400])
  })
  it('end after 300 s of simulated time', async () => {
    const granted = (await (await grant(token)).json()) as { access_token: string; token_type: string; expires_in: number }
    expect(granted).to.include({ token_type: 'Bearer', expires_in: 300 })
    const status = async () => (await sim.get('/health', granted.access_token)).status
    await sim.advance(299_999)
    expect(await status()).to.equal(200)
    await sim.advance(1)
    expect(await status()).to.equal(401)
  })
  it('end at once when told so', async () => {
    const granted = (await (await grant(token)).json()) as { access_token: string }
    await sim.tell('/_sim/tokens/expire')
    expect((await sim.get('/health', granted.access_token)).status).to.equal(401)
    expect((await sim.get('/health')).status).to.equal(200)
  })
})

/** True when no answer came within half a second; the connection is then given up. */
async function hangs(sim: SimChild, text: string, headers: Record<string, string> = {}): Promise<boolean> {
  const init = { method: 'POST', body: text, headers: { authorization: `Bearer ${token}`, ...headers }, signal: AbortSignal.timeout(500) }
  return fetch(`${sim.url}/realtime/eligibility`, init).then(
    () => false,
    () => true,
  )
}
