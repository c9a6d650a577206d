import { expect } from 'chai'
import fc from 'fast-check'
import { inquiry } from '../fixtures/inquiry.ts'
import { readAnswer } from '../fixtures/real-time.ts'
import { answer, bht, cells, clinic, interchange, member, payer, rows } from '../fixtures/response.ts'

const seed = Number(process.env.FC_SEED ?? 20261201)

/** What a reader of this file would see: a verdict, or anything that is no verdict. */
function verdictOf(text: string): string {
  try {
    const result = readAnswer(text, inquiry, 'T')
    return result.is === 'ok' ? result.value.verdict : 'rejected'
  } catch {
    return 'fault'
  }
}

/**
 * An oracle that shares nothing with the codec: is the envelope of this text whole? Fixed places of ISA, delimiters apart, every
 * trailer with its count and number, nothing in front, between or behind. It knows one interchange of one group.
 */
function envelopeIsWhole(text: string): boolean {
  const isa = text.slice(0, 106)
  const e = isa.charAt(3)
  const t = isa.charAt(105)
  const places = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103]
  const four = [e, isa.charAt(82), isa.charAt(104), t]
  if (!isa.startsWith('ISA') || places.some((p) => isa.charAt(p) !== e) || new Set(four).size < 4 || four.some((c) => /[A-Za-z0-9 ]/.test(c))) return false
  if (isa.slice(84, 89) !== '00501' || !text.endsWith(t)) return false
  const list = text
    .slice(0, -1)
    .split(t)
    .map((s) => s.split(e))
  const tags = list.map((s) => s[0] ?? '')
  const at = (tag: string) => tags.flatMap((x, i) => (x === tag ? [i] : []))
  const [gs, st, se, ge, iea] = ['GS', 'ST', 'SE', 'GE', 'IEA'].map((tag) => at(tag))
  const order = [1, 2, list.length - 3, list.length - 2, list.length - 1]
  if ([gs, st, se, ge, iea].some((found, i) => found?.length !== 1 || found[0] !== order[i]) || at('ISA').length !== 1) return false
  if (list.some((s) => !/^[A-Z][A-Z0-9]{1,2}$/.test(s[0] ?? '') || s.length < 2)) return false
  const cell = (segment: number, n: number) => list[segment]?.[n]
  const counts = cell(list.length - 3, 1) === String(list.length - 4) && cell(list.length - 2, 1) === '1' && cell(list.length - 1, 1) === '1'
  const numbers = cell(2, 2) === cell(list.length - 3, 2) && cell(1, 6) === cell(list.length - 2, 2) && cell(0, 13) === cell(list.length - 1, 2)
  return counts && numbers && cell(2, 2) !== '' && cell(1, 6) !== ''
}

const whole = answer(rows('EB*1**30', 'EB*B*IND*98***27*25'))

describe('A damaged 271', () => {
  it('is never active after any change of one byte that breaks the envelope (every place, every byte)', () => {
    expect(envelopeIsWhole(whole)).to.equal(true)
    expect(verdictOf(whole)).to.equal('active')
    let broken = 0
    for (let place = 0; place < whole.length; place += 1)
      for (let byte = 0; byte < 256; byte += 1) {
        const text = whole.slice(0, place) + String.fromCharCode(byte) + whole.slice(place + 1)
        if (text === whole || envelopeIsWhole(text)) continue
        broken += 1
        if (verdictOf(text) === 'active') expect.fail(`active after byte ${byte} at ${place}`)
      }
    expect(broken).to.be.greaterThan(10_000)
  })
  it('is never active after a byte was lost or came twice, where that breaks the envelope', () => {
    for (let place = 0; place < whole.length; place += 1) {
      const lost = whole.slice(0, place) + whole.slice(place + 1)
      const twice = whole.slice(0, place) + whole.charAt(place) + whole.slice(place)
      for (const text of [lost, twice]) if (!envelopeIsWhole(text) && verdictOf(text) === 'active') expect.fail(`active at ${place}`)
    }
  })
  it('is never active when it is cut anywhere', () => {
    for (let length = 0; length < whole.length; length += 1) expect(verdictOf(whole.slice(0, length)), `cut at ${length}`).to.equal('fault')
  })
  it('is never active when a segment is lost, doubled or moved', () => {
    const segments = whole.split('~').slice(0, -1)
    const join = (list: string[]) => list.map((s) => `${s}~`).join('')
    segments.forEach((segment, i) => {
      expect(verdictOf(join(segments.toSpliced(i, 1))), `lost ${i}`).to.equal('fault')
      expect(verdictOf(join(segments.toSpliced(i, 0, segment))), `doubled ${i}`).to.equal('fault')
    })
  })
  it(`is never active when pieces of two answers run together (seed ${seed})`, () => {
    const other = interchange([[bht('THEIRS'), ...payer, ...clinic, ...member(rows('EB*1**30'), 'SOMEBODY')]], { control: '000000906' })
    const inactive = answer(rows('EB*6**30'))
    fc.assert(
      fc.property(fc.nat(inactive.length), fc.nat(other.length), (a, b) => verdictOf(inactive.slice(0, a) + other.slice(b)) !== 'active'),
      { seed, numRuns: 2000 },
    )
  })
  it(`is never an answer when it is any text at all (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (noise) => verdictOf(noise) === 'fault'),
      { seed, numRuns: 1000 },
    )
  })

  const cases: [title: string, text: string, code: RegExp][] = [
    ['a second interchange behind it', whole + whole, /several-interchanges/],
    ['something behind it', `${whole}HELLO`, /foreign-bytes/],
    ['text in front of it', `HELLO${whole}`, /foreign-bytes/],
    ['nothing', '', /not-x12/],
    ['XML', '<x12/>', /foreign-bytes|not-x12/],
    ['the 4010 ISA, which is no answer to a 5010 question', whole.replace('*^*00501', '*U*00401'), /unsupported-version/],
    ['element and component separator the same', whole.replace('*T*:~', '*T**~'), /delimiters/],
    ['a count with a letter in it', whole.replace(/SE\*(\d+)/, 'SE*$1X'), /count-mismatch/],
    ['control numbers that only parseInt takes for equal', whole.replace('IEA*1*000000905', 'IEA*1*00000905X'), /control-number-mismatch/],
    ['control numbers that only a number takes for equal', whole.replace('GE*1*77', 'GE*1*077'), /control-number-mismatch/],
    ['an empty segment', whole.replace('~EB', '~~EB'), /bad-segment/],
    ['a segment without elements', whole.replace('DMG*D8*19840617*F', 'ZZZ'), /bad-segment/],
    ['a tag that a 271 does not have', whole.replace('DMG*', 'DMH*'), /bad-segment/],
    ['no BHT', interchange([[...payer, ...clinic, ...member(rows('EB*1**30'))]]), /missing-segment/],
    ['a line break inside a segment', whole.replace('MARLOWE', 'MAR\nLOWE'), /bad-segment/],
    ['no GE and no IEA', whole.slice(0, whole.indexOf('GE*')), /truncated/],
    ['no SE', whole.replace(/SE\*\d+\*0001~/, ''), /truncated/],
    ['a set outside a group', whole.replace(/GS\*[^~]*~/, ''), /envelope-order/],
    ['no hierarchy', interchange([[bht(), cells('EB*1**30')]]), /missing-segment/],
    ['more segments than any answer has', answer(Array.from({ length: 20_001 }, () => cells('EB*1**30'))), /too-large/],
  ]
  for (const [title, text, code] of cases)
    it(`is a problem with a name: ${title}`, () => {
      expect(() => readAnswer(text, inquiry, 'T')).to.throw(code)
    })
  it('puts no value of the file into the problem', () => {
    for (const [, text] of cases)
      try {
        readAnswer(text, inquiry, 'T')
      } catch (error) {
        expect(String(error)).not.to.match(/MARLOWE|ROSA|HX4471002|19840617/)
      }
  })
})
