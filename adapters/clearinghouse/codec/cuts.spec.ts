import { expect } from 'chai'
import { answer, bht, clinic, type EnvelopeOptions, interchange, member, payer, rows } from '../fixtures/response.ts'
import { type Found, problemsOf } from './found.ts'
import { readX12 } from './read.ts'
import { verifyX12 } from './verify.ts'

/** FUZZ_SEED repeats a run; the seed stands in the name of each test. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
const files = Number(process.env.FUZZ_FILES ?? 400)

/** A small generator of numbers from a seed (mulberry32): a failure can be repeated. */
function numbersFrom(start: number): (below: number) => number {
  let state = start
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}
type Numbers = ReturnType<typeof numbersFrom>
const one = <T>(next: Numbers, list: readonly T[]): T => list[next(list.length)] as T

/** Any file at all: whole and broken interchanges, noise between them, wrapped or not, with bytes changed, lost or doubled. */
function anyFile(next: Numbers): Buffer {
  const parts = Array.from({ length: 1 + next(3) }, () => (next(5) === 0 ? noise(next) : anyInterchange(next)))
  let file = Buffer.from(parts.join(one(next, ['', '', '\n', '\r\n\x1a', ' '])), one(next, ['latin1', 'utf8'] as const))
  if (next(6) === 0) file = wrapped(file, one(next, [40, 72, 80, 128]), one(next, ['\n', '\r\n']))
  if (next(2) === 0) file = broken(file, next)
  return file
}
function anyInterchange(next: Numbers): string {
  const options: EnvelopeOptions = {
    element: one(next, ['*', '|', '\x1d']),
    repetition: one(next, ['^', '!', 'U']),
    component: one(next, [':', '>']),
    terminator: one(next, ['~', '~', '\n', '\r', '\x1c']),
    lineBreak: one(next, ['', '', '\n', '\r\n']),
    ta1: next(4) === 0 ? ['TA1', '000000101', '261201', '0910', 'A', '000'] : undefined,
  }
  const benefits = rows('EB*1**30', `MSG*${one(next, ['SPECIALIST', 'NÚÑEZ', 'ISAAC '.repeat(40), 'ISA', 'X'.repeat(next(300))])}`)
  const sets = Array.from({ length: next(4) }, (_, n) => [bht(`T${n}`), ...payer, ...clinic, ...member(benefits, `T${n}`)])
  return next(8) === 0 ? answer(benefits) : interchange(sets, options)
}
const noise = (next: Numbers): string =>
  one(next, ['HELLO', 'ISA', 'ISA*00*', '\0\0\0', 'NM1*IL*1*ISAAC~', '\n'.repeat(next(200)), 'IS', 'ISA'.repeat(next(100))])
function wrapped(file: Buffer, width: number, lineBreak: string): Buffer<ArrayBuffer> {
  const lines: Buffer[] = []
  for (let at = 0; at < file.length; at += width) lines.push(file.subarray(at, at + width), Buffer.from(lineBreak))
  return Buffer.concat(lines)
}
function broken(file: Buffer<ArrayBuffer>, next: Numbers): Buffer<ArrayBuffer> {
  const at = next(file.length)
  const [before, after] = [file.subarray(0, at), file.subarray(at)]
  const way = next(5)
  if (way === 0) return before
  if (way === 1) return Buffer.concat([before, Buffer.from([next(256)]), after.subarray(1)])
  if (way === 2) return Buffer.concat([before, after.subarray(next(200))])
  if (way === 3) return Buffer.concat([before, file.subarray(next(file.length))])
  return Buffer.concat([before, Buffer.from(one(next, ['~', '*', '\n', '\r', 'ISA', '\xff'])), after])
}

/** Cut at sizes from 1 byte to 128 KiB, each piece another. */
function cut(file: Buffer, next: Numbers): Buffer[] {
  const most = 1 << next(18)
  const chunks: Buffer[] = []
  for (let at = 0; at < file.length; ) {
    const size = 1 + next(most)
    // A copy of its own, so that nothing can lean on bytes behind the chunk.
    chunks.push(Buffer.from(file.subarray(at, at + size)))
    at += size
  }
  return chunks
}
const bytewise = (file: Buffer): Buffer[] => Array.from(file, (byte) => Buffer.from([byte]))

/** Small ones as well, so that limits are met on the way. */
const limitsOf = (next: Numbers) =>
  next(3) === 0 ? { segmentBytesMax: 120 + next(200), transactionSegmentsMax: 5 + next(20), transactionBytesMax: 200 + next(600) } : {}

describe('Bytes cut into chunks', () => {
  it(`give the same items, however they are cut (seed ${seed}, ${files} files)`, () => {
    const next = numbersFrom(seed)
    for (let n = 0; n < files; n += 1) {
      const file = anyFile(next)
      const limits = limitsOf(next)
      const expected = JSON.stringify([...readX12(file, limits)])
      for (const chunks of [bytewise(file), cut(file, next), cut(file, next)])
        if (JSON.stringify([...readX12(chunks, limits)]) !== expected)
          expect.fail(`file ${n} of seed ${seed} reads otherwise in chunks of ${chunks.map((c) => c.length).slice(0, 20)}`)
    }
  })
  it(`are all accounted for: segments, separators and the junk that is reported make up the file (seed ${seed})`, () => {
    const next = numbersFrom(seed)
    for (let n = 0; n < files; n += 1) {
      const file = anyFile(next)
      const items = [...readX12(cut(file, next), limitsOf(next))]
      const end = items.at(-1)
      if (end?.is !== 'end') return expect.fail('the end is always said')
      const { bytes, segments, separators, junk } = end.accounting
      expect(bytes, `file ${n}`).to.equal(file.length)
      expect(segments + separators + junk, `file ${n}`).to.equal(file.length)
      expect(junk).to.equal(items.reduce((sum, item) => sum + (item.is === 'junk' ? item.bytes : 0), 0))
    }
  })
  it(`verify as they read: the same problems at the same places (seed ${seed})`, () => {
    const next = numbersFrom(seed)
    for (let n = 0; n < files; n += 1) {
      const file = anyFile(next)
      const limits = limitsOf(next)
      const items: Found[] = [...readX12(file, limits)]
      const verification = verifyX12(cut(file, next), limits)
      expect(verification.problems, `file ${n}`).to.deep.equal(items.flatMap(problemsOf))
      expect(verification.transactions).to.equal(items.filter((item) => item.is === 'transaction').length)
    }
  })
  it('are read from a file of many chunks as from one piece, across every border of 64 KiB', () => {
    const sets = Array.from({ length: 1200 }, (_, n) => [bht(`T${n}`), ...payer, ...clinic, ...member(rows('EB*1**30', 'MSG*NÚÑEZ'), `T${n}`)])
    const file = Buffer.from(interchange(sets, { lineBreak: '\r\n' }))
    expect(file.length).to.be.greaterThan(5 * 65_536)
    const whole = JSON.stringify([...readX12(file)])
    for (const size of [7, 105, 106, 107, 4096, 65_535, 65_536, 65_537, 131_072]) {
      const chunks = Array.from({ length: Math.ceil(file.length / size) }, (_, n) => file.subarray(n * size, (n + 1) * size))
      expect(JSON.stringify([...readX12(chunks)]) === whole, `chunks of ${size}`).to.equal(true)
    }
    expect(verifyX12(file).intact).to.equal(true)
  })
})
