import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { answer, bht, clinic, interchange, member, payer, rows } from '../fixtures/response.ts'

const main = new URL('../../../hub/cli/main.ts', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'x12-'))

interface Ran {
  code: number | null
  out: string
  err: string
}
/** `hub x12 …` as a person runs it: a process of its own. */
function hub(args: string[], input = ''): Promise<Ran> {
  const { promise, resolve, reject } = Promise.withResolvers<Ran>()
  const child = spawn(process.execPath, [main, 'x12', ...args], { stdio: 'pipe' })
  const ran: Ran = { code: null, out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ran.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ran.err += text
  })
  child.on('error', reject).on('close', (code) => resolve({ ...ran, code }))
  // A command that refuses its words does not read its input.
  child.stdin.on('error', () => undefined).end(input, 'latin1')
  return promise
}
function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content, 'latin1')
  return path
}
const benefits = rows('EB*1**30**GOLD PLUS', 'EB*B*IND*98***27*25*****Y', 'EB*C*IND*30***23*1500', 'EB*C*IND*30***29*200')
const whole = answer(benefits)
const three = interchange(['ONE', 'TWO', 'THREE'].map((trace) => [bht(trace), ...payer, ...clinic, ...member(rows('EB*1**30'), trace)]))
const damaged = three.replace(/SE\*\d+\*0002/, 'SE*99*0002')
const functional = interchange([rows('AK1*HS*101*005010X279A1', 'AK2*270*0001', 'IK3*NM1*8*2100C*8', 'IK4*9*67*7*SECRETVALUE', 'IK5*R*5', 'AK9*P*2*2*1')], {
  set: '999',
  version: '005010X231A1',
})

describe('hub x12 read', () => {
  after(() => rmSync(folder, { recursive: true }))

  it('shows a 271 as a tree, with our words for its codes, and exits 0', async () => {
    const { code, out, err } = await hub(['read', file('whole.x12', whole)])
    expect(err).to.equal('')
    expect(code).to.equal(0)
    expect(out).to.match(/^interchange 000000905 from CLEARSIM to HELIOXHUB, 2026-12-01 09:10, test/)
    expect(out).to.match(/\n {8}HL {3}01=2 {2}02=1 {2}03=21 \(provider\)/)
    expect(out).to.match(/\n {12}EB {3}01=1 \(active\) {2}03=30 \([^)]+\) {2}05=GOLD PLUS\n/)
  })
  it('reads standard input, and a file in every shape that strangers send', async () => {
    const shapes = {
      'with a mark and line ends': `\xef\xbb\xbf${answer(benefits, { lineBreak: '\r\n' })}\x1a`,
      wrapped: whole.replace(/.{80}/g, '$&\r\n'),
      'two delimiters': answer(benefits, { element: '|', terminator: '\n' }) + whole,
    }
    for (const [shape, content] of Object.entries(shapes)) {
      const { code, out, err } = await hub(['read', '-'], content)
      expect([shape, code, err]).to.deep.equal([shape, 0, ''])
      expect(out, shape).to.include('05=GOLD PLUS')
    }
  })
  it('writes one line of JSON per item, with a verdict for each patient', async () => {
    const { code, out } = await hub(['read', file('three.x12', three), '--json'])
    const items = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(items.map((item) => item.is)).to.deep.equal(['interchange', 'transaction', 'transaction', 'transaction', 'interchange-end', 'end'])
    expect(items.filter((item) => item.is === 'transaction').flatMap((item) => item.answers.map((a: { verdict: string }) => a.verdict))).to.deep.equal([
      'active',
      'active',
      'active',
    ])
    expect(items.at(-1).accounting).to.deep.equal({ bytes: three.length, segments: three.length, separators: 0, junk: 0 })
    expect(code).to.equal(0)
  })
  it('exits 2 on damage, says where and why, and shows what is whole', async () => {
    const path = file('damaged.x12', damaged)
    const { code, out, err } = await hub(['read', path, '--json'])
    const sets = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((item) => item.is === 'transaction')
    expect(sets.map((set) => set.answers[0].verdict)).to.deep.equal(['active', 'unknown', 'active'])
    expect(err)
      .to.include(path)
      .and.to.include(`byte ${damaged.indexOf('SE*99')}, SE01:`)
      .and.to.include('count-mismatch')
    expect(err).not.to.match(/MARLOWE|ROSA|HX4471002/)
    expect(code).to.equal(2)
  })
  it('marks every item of an interchange that is damaged further on, by file and by pipe, and none of a whole one beside it', async () => {
    const cut = whole + three.slice(0, -10)
    const ta1 = interchange([], { ta1: ['TA1', '101', '261201', '0910', 'A', '000'] }).slice(0, -10)
    for (const args of [
      ['read', file('cut.x12', cut), '--json'],
      ['read', '-', '--json'],
    ]) {
      const { out, code } = await hub(args, cut)
      const sets = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter((item) => item.is === 'transaction')
      expect([code, ...sets.map((set) => set.provisional)]).to.deep.equal([2, false, true, true, true])
    }
    expect((await hub(['read', '-', '--json'], ta1)).out).to.match(/"is":"ta1","provisional":true/)
    expect((await hub(['read', '-'], cut)).out.match(/\(provisional\)/g)).to.have.length(3)
  })
  it('says that a number stands twice in a group', async () => {
    const twice = three.replace('ST*271*0002', 'ST*271*0001').replace(/(SE\*\d+\*)0002/, '$10001')
    for (const verb of ['read', 'explain']) expect((await hub([verb, '-'], twice)).out.match(/number 0001 stands twice/g), verb).to.have.length(1)
  })
  it('says of an ISA cut short only that, and of nothing that it is empty', async () => {
    const { err } = await hub(['read', '-'], whole.slice(0, 50))
    expect(err).to.include('truncated').and.not.to.include('not-x12')
    expect((await hub(['read', '-'])).err).to.include('standard input is empty')
  })
  it('exits 2 on a hierarchy that cannot be, though the envelope verifies', async () => {
    const { code, err } = await hub(['read', '-'], whole.replace('HL*3*2*22', 'HL*3*9*22'))
    expect([code, /byte \d+, segment 7: .*hierarchy/.test(err)]).to.deep.equal([2, true])
  })
  it('exits 2 for no such file, a folder, what is no X12, and words it does not know', async () => {
    const refused: [args: string[], input: string, reason: RegExp][] = [
      [['read', join(folder, 'nothing.x12')], '', /there is no file .*nothing\.x12/],
      [['read', folder], '', /is a folder/],
      [['read', '-'], '<x12/>', /not-x12/],
      [['read', '-'], '', /not-x12/],
      [['read'], '', /usage/],
      [['read', 'a', 'b'], '', /usage/],
      [['read', '--xml', 'a'], '', /usage/],
    ]
    for (const [args, input, reason] of refused) {
      const { code, err, out } = await hub(args, input)
      expect(err, args.join(' ')).to.match(reason)
      expect(code, args.join(' ')).to.equal(2)
      expect(err + out).not.to.match(/\n\s+at /)
    }
  })
  it('answers --help on standard output, and that is no mistake', async () => {
    const { code, out, err } = await hub(['read', '--help'])
    expect([code, err, out.startsWith('usage:')]).to.deep.equal([0, '', true])
  })
  it('lets no character of a file steer the terminal', async () => {
    const steering = whole.replace('MARLOWE', 'MAR\x1b[2J\x9bLOWE')
    for (const args of [
      ['read', '-'],
      ['read', '-', '--json'],
      ['explain', '-'],
    ]) {
      const { out, err } = await hub(args, steering)
      expect(out + err, args.join(' ')).not.to.match(/(?!\n)\p{Cc}/u)
    }
  })
  it('is content when its reader has read enough', async () => {
    const child = spawn(process.execPath, [main, 'x12', 'read', file('long.x12', three.repeat(500))], { stdio: ['ignore', 'pipe', 'pipe'] })
    let err = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const { promise: closed, resolve } = Promise.withResolvers<number | null>()
    child.on('close', (code) => resolve(code))
    expect([await closed, err]).to.deep.equal([0, ''])
  })
})

describe('hub x12 explain', () => {
  const explained = async (content: string): Promise<string> => (await hub(['explain', '-'], content)).out

  it('says what the payer says, what the patient pays, and the trace', async () => {
    const out = await explained(whole)
    expect(out).to.include('The payer HELIO HEALTH PLAN says of ROSA MARLOWE: active on 2026-12-01')
    expect(out).to.match(/copay 25.* in the network/)
    expect(out).to.match(/deductible 1500 in all, 200 left per calendar year/)
    expect(out).to.include('Trace 7D0C2A8E52F64C399A416B3DF1A0C5E2')
  })
  it('says why a request was rejected, and whose move it is', async () => {
    expect(await explained(answer(rows('AAA*N**75*C')))).to.match(/rejected[\s\S]*loop 2100C: .*AAA 75.*The move is with .*: correct it and ask again/)
  })
  it('says what a TA1 and a 999 acknowledge, without the copy of the bad data', async () => {
    const ta1 = interchange([], { ta1: ['TA1', '101', '261201', '0910', 'R', '025'] })
    expect(await explained(ta1)).to.match(/Acknowledges interchange 101 \(TA1\): rejected: .*Nothing in it was processed/)
    const out = await explained(functional)
    expect(out).to.include('Acknowledges group 101 (999): accepted in part, 1 of 2 sets')
    expect(out).to.match(/Set 0001: rejected/)
    expect(out).not.to.include('SECRETVALUE')
  })
  it('concludes nothing from a damaged transaction, and little from a damaged interchange', async () => {
    const { out, code } = await hub(['explain', '-'], damaged)
    expect(out.match(/: (active|unknown)/g)).to.deep.equal([': active', ': unknown', ': active'])
    expect(code).to.equal(2)
    const cut = await explained(three.slice(0, -10))
    expect(cut.indexOf('this interchange is damaged')).to.be.within(0, cut.indexOf('Provisional: The payer'))
    expect(cut.match(/Provisional: The payer .*: active/g)).to.have.length(3)
    const ta1 = interchange([], { ta1: ['TA1', '101', '261201', '0910', 'A', '000'] }).slice(0, -10)
    expect(await explained(ta1)).to.include('Provisional: Acknowledges interchange 101')
    expect(await explained(whole)).not.to.match(/provisional/i)
  })
  it('says for which period an amount is, and no total where none is', async () => {
    expect(await explained(answer(rows('EB*1**30', 'EB*B*IND*98***27*25.50'))))
      .to.include('copay 25.50 per visit')
      .and.not.to.include('in all')
  })
  it('says in words what is odd about an answer', async () => {
    expect(await explained(answer(rows('EB*1**30', 'EB*A*IND*98*****20')))).to.match(/Note: a share .*percent-scale/)
    expect(await explained(answer(benefits, { version: '004010X092A1' }))).to.include('(old-version)')
  })
  it('names the sets that an acknowledgement leaves out only where it leaves some out, and its reasons in words', async () => {
    const out = await explained(functional)
    expect(out)
      .to.match(/loop 2100C, element 9: .* \(7\)/)
      .and.to.include('Sets not named')
    const one = interchange([rows('AK1*HS*101*005010X279A1', 'AK2*270*0001', 'IK5*A', 'AK9*A*1*1*1')], { set: '999', version: '005010X231A1' })
    expect(await explained(one)).not.to.include('Sets not named')
  })
  it('says whom a 270 asks about, for what and when, each with its own trace', async () => {
    const asks = (trace: string) => [bht(trace), ...payer, ...clinic, ...member(rows('DTP*291*D8*20261203', 'EQ*30'), trace)]
    const out = await explained(interchange([asks('ONE'), asks('TWO')], { set: '270', version: '005010X279A1' }))
    expect(out).to.match(/Asks HELIO HEALTH PLAN about ROSA MARLOWE for .+ on 2026-12-03\.\n +Trace ONE\.\n +Asks .*\n +Trace TWO\./)
  })
  it('shows a hierarchy that cannot be beneath its answer', async () => {
    expect(await explained(whole.replace('HL*3*2*22', 'HL*3*9*22'))).to.match(/! byte \d+, segment 7: .*hierarchy/)
  })
})
