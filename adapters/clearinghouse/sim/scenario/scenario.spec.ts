import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { momentAt } from '../calendar/payer-calendar.ts'
import { unknownPayer } from '../payers.ts'
import { type Asking, ask270, set270 } from '../testing/ask.ts'
import { type SimChild, startChild } from '../testing/child.ts'
import { inquiriesOf } from '../x12/inquiry.ts'
import { readInterchanges } from '../x12/read.ts'
import { like, Rules } from './rules.ts'
import { checked, Scenario } from './scenario.ts'

describe('A scenario', () => {
  const problemsOf = (value: unknown): string[] => {
    const result = checked(Scenario, value)
    return 'problems' in result ? result.problems : []
  }
  it('may be empty', () => expect(problemsOf({})).to.deep.equal([]))
  it('is refused with the place and the reason', () => {
    const wrong = {
      colour: 'red',
      clock: { speed: 0 },
      payers: { HELIO1: { timeZone: 'Mars/Olympus', maintenance: [{ from: '25:00', to: '06:00' }] } },
      batch: { answersPerFile: 0 },
      format: { element: '~' },
      rules: [
        { when: { from: '08:00' }, does: { behaviour: 'active' } },
        { does: { behaviour: 'rejected', code: '4' } },
        { does: { behaviour: 'active', loop: '2100C' } },
        { times: 0, does: { behaviour: 'lies' } },
      ],
    }
    const problems = problemsOf(wrong)
    for (const start of [
      'clock.speed: ',
      'payers.HELIO1.timeZone: is no IANA time zone',
      'payers.HELIO1.maintenance[0].from: must be HH:MM',
      'batch.answersPerFile: ',
      'format: delimiters must differ',
      'rules[0].when: from and to go together',
      'rules[1].does.code: must be two digits or capital letters (AAA03)',
      'rules[2].does: Unrecognized key: "loop"',
      'rules[3].times: ',
      'rules[3].does.behaviour: ',
      'scenario: Unrecognized key: "colour"',
    ])
      expect(problems.filter((problem) => problem.startsWith(start)).length, `${start} in ${problems.join(' | ')}`).to.equal(1)
    expect(problems.length).to.equal(11)
  })
})

describe('A rule', () => {
  const inquiryOf = (asking: Partial<Asking>) => {
    const [sent] = readInterchanges(ask270(asking))
    const set = sent?.groups[0]?.sets[0]
    const found = sent && set ? inquiriesOf(set, sent) : []
    if (!Array.isArray(found) || !found[0]) throw new Error('the fixture is no 270')
    return found[0]
  }
  /** The behaviours that these rules choose, `usual` where none fits. */
  const chosen = (rules: unknown[], asked: { asking?: Partial<Asking>; door?: 'real-time' | 'batch'; at?: string }[], calendar = {}) => {
    const scenario = Scenario.parse({ rules })
    const book = new Rules(scenario.rules)
    return asked.map(({ asking = {}, door = 'real-time', at = '2026-11-23T15:00:00Z' }) => {
      const moment = momentAt({ ...unknownPayer, ...calendar }, new Date(at))
      const found = book.find(inquiryOf(asking), door, new Date(at), moment)
      if (found) book.use(found.index)
      return found?.behaviour.behaviour ?? 'usual'
    })
  }
  const does = { behaviour: 'empty' }

  it('fits by payer, member, door: all that it names', () => {
    const rule = { when: { payer: 'helio*', member: '*7*2', door: 'batch' }, does }
    expect(chosen([rule], [{ door: 'batch' }, {}, { door: 'batch', asking: { payer: 'NORTH2' } }, { door: 'batch', asking: { member: 'HX1' } }])).to.deep.equal(
      ['empty', 'usual', 'usual', 'usual'],
    )
  })
  it('is used up, and then the next one that fits speaks', () => {
    expect(chosen([{ times: 2, does }, { does: { behaviour: 'mixed' } }], [{}, {}, {}])).to.deep.equal(['empty', 'empty', 'mixed'])
  })
  it("goes by the payer's own days, hours and holidays", () => {
    const at = (time: string) => ({ at: time })
    expect(chosen([{ when: { holiday: true }, does }], [at('2026-11-26T04:59:00Z'), at('2026-11-26T05:00:00Z')], { holidays: 'us-federal' })).to.deep.equal([
      'usual',
      'empty',
    ])
    const night = { when: { days: ['SAT'], from: '22:00', to: '04:00' }, does }
    expect(chosen([night], [at('2026-11-22T02:59:00Z'), at('2026-11-22T03:00:00Z'), at('2026-11-22T08:59:00Z'), at('2026-11-22T09:00:00Z')])).to.deep.equal([
      'usual',
      'empty',
      'empty',
      'usual',
    ])
    expect(chosen([{ when: { since: '2026-11-23T15:00:00Z', until: '2026-11-23T16:00:00Z' }, does }], [{}, at('2026-11-23T16:00:00Z')])).to.deep.equal([
      'empty',
      'usual',
    ])
  })
  it('with a share speaks for that part of the traces, the same ones each time', () => {
    const asked = Array.from({ length: 1_000 }, (_, n) => ({ asking: { trace: `T${n}` } }))
    const first = chosen([{ share: 0.1, does }], asked)
    expect(first.filter((name) => name === 'empty').length).to.be.within(70, 130)
    expect(chosen([{ share: 0.1, does }], asked)).to.deep.equal(first)
  })
  it('matches texts with stars, and nothing twice', () => {
    expect([like('*', ''), like('A*A', 'A'), like('A*A', 'AA'), like('a*b*c', 'AxxBxC'), like('A*B*C', 'ACB'), like('AB', 'ABC')]).to.deep.equal([
      true,
      false,
      true,
      true,
      false,
      false,
    ])
  })
})

describe('The scenarios that come with it', () => {
  const folder = new URL('../scenarios/', import.meta.url)
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
  let sim: SimChild
  before(async () => {
    sim = await startChild()
  })
  beforeEach(() => sim.tell('/_sim/reset'))
  after(() => sim.stop())
  const play = async (name: string) => {
    await sim.play(read(name))
    await sim.tell('/_sim/clock', { frozen: true }, 'PUT')
  }

  it('are valid, and say what they are about', () => {
    const names = readdirSync(folder)
    expect(names.length).to.be.greaterThan(2)
    for (const name of names) {
      const result = checked(Scenario, read(name.replace('.json', '')))
      expect('problems' in result ? result.problems : [], name).to.deep.equal([])
      expect('ok' in result && result.ok.name, name).to.equal(name.replace('.json', ''))
      expect('ok' in result && result.ok.about, name).to.be.a('string')
    }
  })
  it('holiday-false-active: yes to everybody on Thanksgiving, real answers on Friday', async () => {
    await play('holiday-false-active')
    const ask = async (n: number, asking: Partial<Asking> = {}) => (await sim.post(ask270({ trace: `T${n}`, member: 'INACT1', ...asking }))).text
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => ask(n)))
    expect(answers.filter((text) => text.includes('EB*1**30~SE*')).length).to.be.within(28, 39)
    expect(answers.filter((text) => text.includes('OTHERWISE')).length).to.be.within(1, 12)
    expect(await ask(50, { member: 'NX1' })).to.include('DTP*291*D8*20251027~')
    expect(await ask(51, { payer: 'NORTH2' })).to.include('AAA*Y**42*R~')
    await sim.tell('/_sim/clock', { now: '2026-11-27T13:00:00Z' }, 'PUT')
    expect(await ask(52)).to.include('EB*6*IND*30*')
  })
  it('maintenance-night: nothing from a payer that is down, and its batch answers when it is back', async () => {
    await play('maintenance-night')
    const text = ask270({ payer: 'HELIO1' })
    await fetch(`${sim.url}/_sim/files/to-clearinghouse/night.x12`, { method: 'PUT', body: text })
    const names = async () => (await sim.look<Record<string, { name: string }[]>>('/_sim/files'))['from-clearinghouse']?.map(({ name }) => name.slice(0, 3))
    await sim.advance(30 * 60_000)
    expect(await names()).to.deep.equal(['TA1', '999'])
    const asked = await sim.post(ask270({ payer: 'HELIO1', trace: 'T2' }), {}).catch((error: Error) => error.name)
    expect(asked).to.equal('TimeoutError')
    await sim.tell('/_sim/clock', { now: '2026-11-22T10:59:00Z' }, 'PUT')
    expect(await names()).to.deep.equal(['TA1', '999'])
    await sim.advance(60_000)
    expect(await names()).to.deep.equal(['TA1', '999', '271'])
  })
  it('torn-files: the acknowledgements come last, and a torn file is whole after a minute', async () => {
    await play('torn-files')
    const two = set270({ st: '0002', trace: 'T2', member: 'TORN1' })
    const text = ask270({ trace: 'T1' }).replace('GE*1*', `${two}GE*2*`)
    await fetch(`${sim.url}/_sim/files/to-clearinghouse/a.x12`, { method: 'PUT', body: text })
    const kinds = async () =>
      (await sim.look<{ what: string; file?: string }[]>('/_sim/log')).filter(({ file }) => file).map(({ what, file }) => `${what} ${file?.slice(0, 3)}`)
    await sim.advance(5_000)
    expect(await kinds()).to.deep.equal(['file-torn 271', 'file-ready 271', 'file-ready 999', 'file-ready TA1'])
    await sim.advance(60_000)
    expect((await kinds()).at(-1)).to.equal('file-ready 271')
  })
})
