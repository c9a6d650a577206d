import { expect } from 'chai'
import type Client from 'ssh2-sftp-client'
import { type Asking, file270, set270 } from '../testing/ask.ts'
import { type SimChild, startChild } from '../testing/child.ts'

describe('The batch door', () => {
  let sim: SimChild
  let client: Client
  before(async () => {
    sim = await startChild()
    client = await sim.open()
  })
  beforeEach(() => sim.tell('/_sim/reset'))
  after(() => sim.stop())

  const submit = async (text: string, name = 'batch') => {
    await client.put(Buffer.from(text, 'latin1'), `to-clearinghouse/${name}.tmp`)
    await client.rename(`to-clearinghouse/${name}.tmp`, `to-clearinghouse/${name}.x12`)
  }
  const batchOf = (askings: readonly Partial<Asking>[], options = {}) =>
    file270(
      askings.map((asking, n) => set270({ st: `${n + 1}`.padStart(4, '0'), trace: `T${n + 1}`, payer: 'SLOWB4', ...asking })),
      options,
    )
  /** Everything that lies there: `TA1`, `999`, `271_SLOWB4` (names without their numbers), and the texts, in order of arrival. */
  const arrived = async () => {
    const files = await client.list('from-clearinghouse')
    files.sort((a, b) => a.modifyTime - b.modifyTime)
    const texts: string[] = []
    for (const { name } of files) texts.push((await client.get(`from-clearinghouse/${name}`)).toString())
    return { names: files.map(({ name }) => name.replace(/_\d+\.x12$/, '')), fullNames: files.map(({ name }) => name), texts }
  }
  const played = async (rule: unknown, askings: readonly Partial<Asking>[], extra: Record<string, unknown> = {}) => {
    await sim.play({ rules: [rule], ...extra })
    await submit(batchOf(askings))
    await sim.advance(60_000)
    return arrived()
  }

  it('takes a file when it gets its final name, and not before', async () => {
    await client.put(Buffer.from(batchOf([{}])), 'to-clearinghouse/a.tmp')
    await client.rename('to-clearinghouse/a.tmp', 'to-clearinghouse/a.part')
    expect(await sim.look('/_sim/effects')).to.not.have.property('submitBatch')
    await client.rename('to-clearinghouse/a.part', 'to-clearinghouse/a.x12')
    expect(await sim.look('/_sim/effects')).to.deep.include({ submitBatch: { count: 1, byKey: { 'HELIOXHUB/000000101': 1 } } })
    expect(await client.list('to-clearinghouse')).to.deep.equal([])
  })
  it('answers TA1, 999 and 271 by the clock, one file a payer', async () => {
    await submit(batchOf([{}, { member: 'INACT2' }, { payer: 'DUALS5' }, { payer: 'QUIET3' }]))
    await sim.advance(199)
    expect((await arrived()).names).to.deep.equal([])
    await sim.advance(1)
    expect((await arrived()).names).to.deep.equal(['TA1'])
    await sim.advance(300)
    expect((await arrived()).names).to.have.members(['TA1', '999'])
    await sim.advance(1_500)
    const { names, texts } = await arrived()
    expect(names).to.have.members(['TA1', '999', '271_SLOWB4', '271_DUALS5', '271_QUIET3'])
    const [all, slow] = [texts.join(''), texts[names.indexOf('271_SLOWB4')] ?? '']
    expect(all).to.include('TA1*000000101*261122*0400*A*000~IEA*0*').and.to.include('AK9*A*4*4*4~')
    expect(slow).to.include('TRN*2*T1*9HELIOXHUB~').and.to.include('TRN*2*T2*9HELIOXHUB~').and.to.include('EB*6*').and.not.to.include('TRN*2*T3*')
    expect(texts[names.indexOf('271_QUIET3')]).to.include('AAA*Y**42*R~')
    expect(await sim.look('/_sim/effects')).to.deep.include({ batchInquiry: { count: 3, byKey: { T1: 1, T2: 1, T3: 1 } } })
  })
  it('refuses a number that was used before, and does nothing a second time', async () => {
    await submit(batchOf([{}]))
    await sim.advance(5_000)
    const before = (await arrived()).names.length
    await submit(batchOf([{}]), 'again')
    await sim.advance(5_000)
    const { names, texts } = await arrived()
    expect(names.slice(before)).to.deep.equal(['TA1'])
    expect(texts.at(-1)).to.include('TA1*000000101*261122*0400*R*025~')
    const effects = await sim.look('/_sim/effects')
    expect(effects).to.deep.include({ submitBatch: { count: 1, byKey: { 'HELIOXHUB/000000101': 1 } } })
    expect(effects).to.deep.include({ duplicateInterchange: { count: 1, byKey: { 'HELIOXHUB/000000101': 1 } } })
  })
  it('shows a trace that comes again under a new number', async () => {
    await submit(batchOf([{}]))
    await submit(batchOf([{}], { control: 102 }), 'b')
    expect(await sim.look('/_sim/effects')).to.deep.include({ duplicateInquiry: { count: 1, byKey: { T1: 1 } } })
  })
  it('refuses a torn envelope with the note for it', async () => {
    const whole = batchOf([{}])
    await submit(whole.slice(0, -22))
    await submit(batchOf([{}], { control: 102 }).replace('IEA*1*000000102', 'IEA*1*000000103'), 'b')
    await sim.advance(5_000)
    expect((await arrived()).texts.map((text) => /TA1\*[^~]*/.exec(text)?.[0])).to.have.members([
      'TA1*000000101*261122*0400*R*023',
      'TA1*000000102*261122*0400*R*001',
    ])
  })
  it('rejects a set that cannot be read, and answers its siblings', async () => {
    const bad = set270({ st: '0002', trace: 'T2', payer: 'SLOWB4' }).replace('EQ*30~', '').replace('SE*13*', 'SE*12*')
    await submit(file270([set270({ st: '0001', trace: 'T1', payer: 'SLOWB4' }), bad]))
    await sim.advance(5_000)
    const { texts } = await arrived()
    expect(texts[1]).to.include('AK2*270*0001*005010X279A1~IK5*A~AK2*270*0002*005010X279A1~IK3*HL*7**8~IK4*3**1~IK5*R*5~AK9*P*2*2*1~')
    expect(texts[2]).to.include('TRN*2*T1*').and.not.to.include('TRN*2*T2*')
  })
  it('splits the answers into as many files as it was told', async () => {
    const { names, texts } = await played({ does: { behaviour: 'active' } }, [{}, {}, {}], { batch: { answersPerFile: 2, ta1: 'on-error' } })
    expect(names).to.deep.equal(['999', '271_SLOWB4', '271_SLOWB4'])
    expect(texts.slice(1).map((text) => text.match(/TRN\*2\*T\d/g))).to.deep.equal([['TRN*2*T1', 'TRN*2*T2'], ['TRN*2*T3']])
  })
  it('out-of-order: the answers first, the TA1 last', async () => {
    const { names, fullNames } = await played({ does: { behaviour: 'out-of-order' } }, [{}, { payer: 'DUALS5' }])
    expect(names.at(-1)).to.equal('TA1')
    expect(names.slice(0, 2).every((name) => name.startsWith('271'))).to.equal(true)
    expect(fullNames.map((name) => Number(/(\d+)\.x12/.exec(name)?.[1]))).to.deep.equal([1004, 1003, 1002, 1001].map((n) => n + base(fullNames) - 1001))
  })
  it('ta1-only and ta1-reject: nothing else comes', async () => {
    const only = await played({ does: { behaviour: 'ta1-only' } }, [{}])
    expect([only.names, only.texts[0]?.includes('*A*000~')]).to.deep.equal([['TA1'], true])
    await sim.tell('/_sim/reset')
    const rejected = await played({ does: { behaviour: 'ta1-reject', note: '006' } }, [{}])
    expect([rejected.names, rejected.texts[0]?.includes('*R*006~')]).to.deep.equal([['TA1'], true])
    expect(await sim.look('/_sim/effects')).to.deep.equal({ checkEligibility: { count: 0, byKey: {} } })
  })
  it('999-partial rejects that set, 999-errors notes it, 999-reject names none', async () => {
    const rule = (behaviour: string) => ({ when: { member: 'BAD*' }, does: { behaviour } })
    const partial = await played(rule('999-partial'), [{}, { member: 'BAD1' }])
    expect(partial.texts[1]).to.include('AK2*270*0002*005010X279A1~IK5*R*5~AK9*P*2*2*1~')
    expect(partial.texts[2]).to.include('TRN*2*T1*').and.not.to.include('TRN*2*T2*')
    await sim.tell('/_sim/reset')
    const errors = await played(rule('999-errors'), [{}, { member: 'BAD1' }])
    expect(errors.texts[1]).to.include('IK5*E*5~AK9*E*2*2*2~')
    expect(errors.texts[2]).to.include('TRN*2*T2*')
    await sim.tell('/_sim/reset')
    const reject = await played(rule('999-reject'), [{}, { member: 'BAD1' }])
    expect([reject.names, reject.texts[1]?.includes('AK1*HS*101*005010X279A1~AK9*R*2*2*0*3~')]).to.deep.equal([['TA1', '999'], true])
  })
  for (const behaviour of ['silence', 'outage', 'failure-document', 'timeout-after-accepting'])
    it(`${behaviour}: a 999, then no answer`, async () => {
      expect((await played({ does: { behaviour } }, [{}])).names).to.deep.equal(['TA1', '999'])
      const effects = (await sim.look('/_sim/effects')) as Record<string, { count: number }>
      expect(effects.batchInquiry?.count ?? 0).to.equal(behaviour === 'timeout-after-accepting' ? 1 : 0)
    })
  it('duplicate-answer: the same bytes, the same numbers with other content, or new numbers', async () => {
    const both = async (as: string) => {
      await sim.tell('/_sim/reset')
      return (await played({ does: { behaviour: 'duplicate-answer', as } }, [{}])).texts.slice(2)
    }
    const isa13 = (text = '') => text.split('*')[13]
    const [a, b] = await both('same-bytes')
    expect(b).to.equal(a)
    const [c, d] = await both('same-numbers')
    expect([isa13(c) === isa13(d), c?.includes('EB*1*'), d?.includes('EB*6*')]).to.deep.equal([true, true, true])
    const [e, f] = await both('new-numbers')
    expect([isa13(e) === isa13(f), f?.includes('TRN*2*T1*')]).to.deep.equal([false, true])
  })
  it('truncated: torn at first, whole later under the same name; the other patients are whole', async () => {
    await sim.play({ rules: [{ when: { member: 'TORN*' }, does: { behaviour: 'truncated', share: 0.5, restAfterMs: 10_000 } }] })
    await submit(batchOf([{}, { member: 'TORN1' }]))
    await sim.advance(3_000)
    const first = await arrived()
    expect(first.texts.map((text) => /IEA\*\d\*\d{9}~/.test(text))).to.have.members([true, true, true, false])
    await sim.advance(10_000)
    const then = await arrived()
    expect(then.fullNames).to.have.members(first.fullNames)
    expect(then.texts.every((text) => /IEA\*\d\*\d{9}~/.test(text))).to.equal(true)
  })
  it('test-marked: that answer alone bears the other mark', async () => {
    const { texts } = await played({ when: { member: 'MARK*' }, does: { behaviour: 'test-marked' } }, [{}, { member: 'MARK1' }])
    expect(texts.slice(2).map((text) => [/\*0\*([TP])\*/.exec(text)?.[1], text.match(/TRN\*2\*T\d/g)?.join()])).to.have.deep.members([
      ['T', 'TRN*2*T1'],
      ['P', 'TRN*2*T2'],
    ])
  })
  it('a closed payer owes nothing: its answers come when it opens, the acknowledgements do not wait', async () => {
    await sim.play({ payers: { SLOWB4: { timeZone: 'America/New_York', maintenance: [{ from: '00:00', to: '06:00' }] } } })
    await sim.tell('/_sim/clock', { now: '2026-11-24T06:00:00Z' }, 'PUT')
    await submit(batchOf([{}]))
    await sim.advance(4 * 3_600_000)
    expect((await arrived()).names).to.deep.equal(['TA1', '999'])
    await sim.advance(3_600_000)
    const { names, texts } = await arrived()
    expect([names.at(-1), texts.at(-1)?.includes('*20261124*1100*')]).to.deep.equal(['271_SLOWB4', true])
  })
  it('takes two interchanges in one file, each by itself', async () => {
    await submit(batchOf([{}]) + batchOf([{ trace: 'T9' }], { control: 102 }).replaceAll('*', '|'))
    await sim.advance(5_000)
    const { names, texts } = await arrived()
    expect(names).to.have.members(['TA1', 'TA1', '999', '999', '271_SLOWB4', '271_SLOWB4'])
    expect(texts.join('')).to.include('TRN*2*T1*').and.to.include('TRN|2|T9|')
  })
})

/** Numbers go on over a reset: the lowest of these files. */
const base = (names: readonly string[]): number => Math.min(...names.map((name) => Number(/(\d+)\.x12/.exec(name)?.[1])))
