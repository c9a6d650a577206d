import { expect } from 'chai'
import { type Found, problemsOf, type Transaction } from '../codec/found.ts'
import { readX12 } from '../codec/read.ts'
import { segmentsOf } from '../codec/segment.ts'
import { verdictsOf } from '../codec/verdict.ts'
import { write270 } from '../codec/write270.ts'
import { generateInquiries } from '../fixtures/generate-inquiries.ts'
import { answer, bht, cells, clinic, type EnvelopeOptions, interchange, member, payer, rows } from '../fixtures/response.ts'
import { pieces } from './codec-reading.ts'

/** Each fault that was measured in node-x12, the usual reader, and what ours does with the same bytes. All documents are ours. */
const read = (text: string, pieceBytes = 0): Found[] => [...readX12(pieces(Buffer.from(text, 'latin1'), pieceBytes))]
const sets = (founds: readonly Found[]): Transaction[] => founds.flatMap((found) => (found.is === 'transaction' ? [found.transaction] : []))
const codes = (founds: readonly Found[]): string[] => founds.flatMap((found) => problemsOf(found).map((problem) => problem.code))
const verdicts = (text: string): string[] => sets(read(text)).flatMap((set) => verdictsOf(set).map(({ verdict }) => verdict))
const heads = (founds: readonly Found[]) => founds.filter((found) => found.is === 'interchange').length

const active = rows('EB*1**30*PR*GOLD')
const whole = answer(active)
const two = (first: string[][], second: string[][]) => [
  [bht('A'), ...payer, ...clinic, ...member(first, 'A')],
  [bht('B'), ...payer, ...clinic, ...member(second, 'B')],
]

describe('Where node-x12 reads wrongly, our reader', () => {
  it('1, 2: reads the same however the bytes arrive, also when a piece ends on a terminator or is shorter than an ISA', () => {
    const once = read(whole)
    for (let pieceBytes = 1; pieceBytes <= 130; pieceBytes += 1) expect(read(whole, pieceBytes), String(pieceBytes)).to.deep.equal(once)
    const bytes = Buffer.from(whole, 'latin1')
    for (let at = whole.indexOf('~') + 1; at < whole.length && at > 0; at = whole.indexOf('~', at) + 1)
      expect([...readX12([bytes.subarray(0, at), bytes.subarray(at)])], `cut behind the terminator at ${at}`).to.deep.equal(once)
  })
  it('4: keeps nothing of one document for the next', () => {
    const first = readX12([Buffer.from(whole)])
    first.next()
    const other = answer(rows('EB*6**30')).replaceAll('ROSA', 'MIRELA')
    expect(sets(read(other)).map((set) => [set.text.includes('ROSA'), verdictsOf(set)[0]?.verdict])).to.deep.equal([[false, 'inactive']])
  })
  it('5: never takes a file that was cut for whole, wherever it was cut', () => {
    const inSet = whole.indexOf('SE*')
    for (let length = 0; length < whole.length; length += 1) {
      const founds = read(whole.slice(0, length))
      expect(codes(founds), `cut at ${length}`).to.not.deep.equal([])
      if (length < inSet)
        expect(
          verdicts(whole.slice(0, length)).every((verdict) => verdict === 'unknown'),
          `cut at ${length}`,
        ).to.equal(true)
    }
  })
  it('5: shows an intact set of a cut file with the damage said behind it', () => {
    const founds = read(whole.slice(0, whole.indexOf('GE*')))
    expect(sets(founds).map((set) => set.problems)).to.deep.equal([[]])
    const end = founds.find((found) => found.is === 'interchange-end')
    expect(end && problemsOf(end).map(({ code }) => code)).to.include('truncated')
  })
  it('6: reads a TA1 alone, and in front of a group', () => {
    const ta1 = cells('TA1*000000101*261201*0910*R*018')
    const alone = read(interchange([], { ta1 }))
    expect([alone.flatMap((found) => (found.is === 'ta1' ? [found.elements] : [])), codes(alone)]).to.deep.equal([[ta1], []])
    const before = read(interchange([rows('AK1*HS*101', 'AK9*A*1*1*1')], { ta1, set: '999', version: '005010X231A1' }))
    expect([before.filter((found) => found.is === 'ta1').length, sets(before).map(({ set }) => set), codes(before)]).to.deep.equal([1, ['999'], []])
  })
  it('7: gives a segment without elements nothing of the one before it: it is damage', () => {
    for (const broken of [whole.replace('EB*1', 'ZZZ~EB*1'), whole.replace('~EB*1', '~~EB*1')]) expect(verdicts(broken)).to.deep.equal(['unknown'])
  })
  it('8: reads every interchange with its own delimiters', () => {
    const other: EnvelopeOptions = { element: '|', component: '>', repetition: '!', terminator: "'", control: '000000906' }
    for (const text of [whole + answer(rows('EB*6**30'), { control: '000000906' }), whole + answer(rows('EB*6**30'), other)]) {
      expect(heads(read(text))).to.equal(2)
      expect([verdicts(text), codes(read(text))]).to.deep.equal([['active', 'inactive'], []])
    }
  })
  it('9: compares control numbers as text', () => {
    const numbers = (header: string, trailer: string) => {
      const text = answer(active, { control: header })
      return codes(read(text.slice(0, text.lastIndexOf(header)) + trailer + text.slice(text.lastIndexOf(header) + header.length)))
    }
    expect(numbers('000000012', '000000012')).to.deep.equal([])
    for (const [header, trailer] of [
      ['ABC000001', 'XYZ999999'],
      ['000000012', '00000012X'],
      ['000000012', '12'],
    ] as const)
      expect(numbers(header, trailer), `${header} ${trailer}`).to.include('control-number-mismatch')
  })
  it('10: trusts no interchange whose delimiters are not apart', () => {
    const text = answer(active, { component: '*' })
    expect(codes(read(text))).to.include('delimiters')
    expect(verdicts(text).every((verdict) => verdict === 'unknown')).to.equal(true)
  })
  it('11: reads behind a byte order mark, blanks and line ends, and refuses an ISA of another length', () => {
    for (const lead of ['\xef\xbb\xbf', ' ', '\r\n\r\n', '\0'])
      expect([verdicts(lead + whole), codes(read(lead + whole))], JSON.stringify(lead)).to.deep.equal([['active'], []])
    for (const isa of [whole.replace('*00*', '*0*'), whole.replace('*00*', '*000*'), whole.replace('ISA', 'ISX')]) {
      expect(codes(read(isa))).to.not.deep.equal([])
      expect(verdicts(isa).every((verdict) => verdict === 'unknown')).to.equal(true)
    }
  })
  it('12: has a reason for an ST outside a group, an SE without ST and what is no X12', () => {
    const broken = [
      whole.replace(/GS\*[^~]*~/, ''),
      whole.replace(/ST\*[^~]*~/, ''),
      '<?xml version="1.0"?><answer status="active"/>',
      '{"status":"active"}',
      '',
    ]
    for (const text of broken) {
      expect(codes(read(text)), text.slice(0, 20)).to.not.deep.equal([])
      expect(verdicts(text).every((verdict) => verdict === 'unknown')).to.equal(true)
    }
  })
  it('13: finds every subscriber of one set', () => {
    const both = [bht(), ...payer, ...clinic, ...member(active, 'A'), ...member(rows('EB*6**30'), 'B', '4')]
    expect(verdicts(interchange([both]))).to.deep.equal(['active', 'inactive'])
  })
  it('14: never writes a value that holds a delimiter', () => {
    const facts = {
      submitterId: 'HELIOXHUB',
      receiverId: 'CLEARSIM',
      usage: 'T',
      traceOrigin: '9HELIOXHUB',
      control: 1,
      at: new Date('2026-12-01T09:10:00Z'),
    } as const
    const [inquiry] = generateInquiries(1, 1)
    if (!inquiry) throw new Error('no inquiry')
    expect(write270([inquiry], facts).text).to.match(/^ISA.*IEA\*1\*000000001~$/s)
    for (const familyName of ['O*NEIL~EB*1', 'A:B', 'A^B', 'A\nB'])
      expect(() => write270([{ ...inquiry, familyName }], facts), familyName).to.throw(/refused-value/)
  })
  it("16: does not take 4010's U for a repetition separator", () => {
    const text = answer(rows('EB*1**30U33'), { version: '004010X092A1', repetition: 'U' }).replace('*00501*', '*00401*').replace('*004010X092A1~BHT', '~BHT')
    const [set] = sets(read(text))
    expect([set?.delimiters.repetition, set?.problems]).to.deep.equal([null, []])
  })
  it('17: loses no sibling of a set whose count is wrong', () => {
    const text = interchange(two(active, rows('EB*6**30'))).replace(/SE\*\d+\*0001/, 'SE*99*0001')
    expect(verdicts(text)).to.deep.equal(['unknown', 'inactive'])
    expect(sets(read(text)).map((set) => set.problems.map(({ code }) => code))).to.deep.equal([['count-mismatch'], []])
  })
  it('18: keeps letters of both encodings', () => {
    const named = (text: string) =>
      sets(read(text)).flatMap((set) => segmentsOf(set).flatMap((segment) => (segment[0] === 'NM1' && segment[1] === 'IL' ? [segment[3]] : [])))
    expect(named(whole.replace('MARLOWE', 'NU\xd1EZ'))).to.deep.equal(['NUÑEZ'])
    expect(named(whole.replace('MARLOWE', Buffer.from('NUÑEZ', 'utf8').toString('latin1')))).to.deep.equal(['NUÑEZ'])
  })
  it('and takes no question mark for a release character, as others do', () => {
    expect(verdicts(answer(rows('EB*1**30', 'MSG*COVERED?', 'EB*6**30')))).to.deep.equal(['mixed'])
  })
})
