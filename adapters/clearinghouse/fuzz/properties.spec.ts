import { ReceivedItem } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { expect } from 'chai'
import fc from 'fast-check'
import { answersOf } from '../codec/answer.ts'
import { type Found, problemsOf } from '../codec/found.ts'
import { readX12, readX12Stream } from '../codec/read.ts'
import { receivedItemsOf } from '../codec/received-items.ts'
import { segmentsOf } from '../codec/segment.ts'
import { smallDocument } from '../fixtures/documents.ts'
import { batch271, factsOf271, gsOf, isaOf, print, printSet } from '../fixtures/generate.ts'
import { body271, type Row } from '../fixtures/generate-271.ts'
import { Random } from '../fixtures/random.ts'
import { mutated } from './mutate.ts'

const seed = Number(process.env.FC_SEED ?? 20261201)
const runs = (numRuns: number) => ({ seed, numRuns })

/** Everything that a file tells, in one value. */
const told = (founds: Iterable<Found>) => [...founds].map((found) => (found.is === 'transaction' ? { ...found, answers: answersOf(found.transaction) } : found))

/** Pieces whose sizes come round again. */
function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}
async function* later(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks
}

const number = fc.integer({ min: 0, max: 2 ** 31 - 1 })
/** Small pieces and large ones, 1 B to 128 KiB; an empty one tells nothing and changes nothing. */
const sizes = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 130 }), fc.constantFrom(0, 256, 1024, 65_536, 131_072)), { minLength: 1, maxLength: 8 })
  .filter((list) => list.some((size) => size > 0))

describe(`A file (FC_SEED=${seed})`, () => {
  it('means the same however its bytes are cut, whole or damaged, small', () => {
    fc.assert(
      fc.property(number, fc.boolean(), sizes, (one, damaged, list) => {
        const text = damaged ? mutated([smallDocument(new Random(one))], one, 1).text : smallDocument(new Random(one))
        const bytes = Buffer.from(text, 'latin1')
        expect(told(readX12(cut(bytes, list)))).to.deep.equal(told(readX12([bytes])))
      }),
      runs(400),
    )
  })
  it('means the same however its bytes are cut, as a batch of some hundred KB', function () {
    this.timeout(120_000)
    const bytes = Buffer.from([...batch271({ seed, bytes: 400_000 })].join(''), 'latin1')
    const once = told(readX12([bytes]))
    for (const size of [1, 2, 3, 7, 64, 105, 106, 107, 113, 1000, 4096, 65_535, 65_536, 65_537, 131_072])
      expect(told(readX12(cut(bytes, [size]))), `pieces of ${size}`).to.deep.equal(once)
    fc.assert(
      fc.property(sizes, (list) => {
        expect(told(readX12(cut(bytes, list)))).to.deep.equal(once)
      }),
      runs(5),
    )
  })
  it('means the same from a stream', async () => {
    const bytes = Buffer.from([...batch271({ seed, sets: 50 })].join(''), 'latin1')
    const founds: Found[] = []
    for await (const found of readX12Stream(later(cut(bytes, [1000, 1, 333])))) founds.push(found)
    expect(told(founds)).to.deep.equal(told(readX12([bytes])))
  })
  it('gives the hub items of its contract, and none counts as whole unless its interchange is', async () => {
    const states = new Map<string, number>()
    const property = fc.asyncProperty(number, async (one) => {
      const { text } = mutated([smallDocument(new Random(one)), smallDocument(new Random(one + 1))], one, 3)
      const bytes = Buffer.from(text, 'latin1')
      const items: ValueOf<typeof ReceivedItem>[] = []
      for await (const item of receivedItemsOf(later([bytes]), { traceOrigin: '9HELIOXHUB', usage: 'T', submitterId: 'HELIOXHUB' })) items.push(item)
      const ends = [...readX12(bytes)].filter((found) => found.is === 'interchange-end')
      const believed = ends.some((end) => problemsOf(end).length === 0)
      for (const item of items) {
        expect(ReceivedItem.schema.safeParse(item).error?.issues.map(({ path, code }) => [path.join('.'), code])).to.equal(undefined)
        expect(JSON.stringify(item), 'what every table takes')
          .to.match(/^[\x20-\x5b\x5d-\x7e\\"]*$/)
          .and.not.include('\\u')
        if (item.kind !== 'answer') continue
        states.set(item.state, (states.get(item.state) ?? 0) + 1)
        if (item.state === 'whole') expect(believed).to.equal(true)
        if (item.state === 'damaged') expect(item.verdict).to.equal('unknown')
      }
    })
    await fc.assert(property, runs(1500))
    for (const state of ['whole', 'in-damaged-file', 'damaged']) expect(states.get(state), state).to.be.greaterThan(20)
  })
  it('is accounted for to the last byte, whole or damaged', () => {
    fc.assert(
      fc.property(number, sizes, (one, list) => {
        const { text } = mutated([smallDocument(new Random(one)), smallDocument(new Random(one + 1))], one, 2)
        const end = [...readX12(cut(Buffer.from(text, 'latin1'), list))].at(-1)
        if (end?.is !== 'end') return expect.fail('the last thing said is the end')
        const { bytes, segments, separators, junk } = end.accounting
        expect([bytes, segments + separators + junk]).to.deep.equal([text.length, text.length])
      }),
      runs(500),
    )
  })
  it('can be printed again from its segments, byte for byte', () => {
    fc.assert(
      fc.property(number, (one) => {
        const text = smallDocument(new Random(one))
        for (const found of readX12([Buffer.from(text, 'latin1')])) {
          if (found.is !== 'transaction') continue
          const { at, bytes, delimiters, lineBreakBytes } = found.transaction
          const original = text.slice(at, at + bytes)
          const segments = segmentsOf(found.transaction).map((segment) => segment.join(delimiters.element))
          const lineBreak = original.slice(segments[0]?.length ?? 0).slice(1, 1 + (lineBreakBytes ?? 0))
          expect(segments.join(delimiters.terminator + lineBreak) + delimiters.terminator).to.equal(original)
        }
      }),
      runs(400),
    )
  })
  it('means the same in whatever order its levels (HL) stand', () => {
    let moved = 0
    fc.assert(
      fc.property(number, number, (one, two) => {
        const body = body271(new Random(one), factsOf271.marks, [0, 5])
        const [head, levels] = byLevel(body)
        const order = shuffled(levels, new Random(two))
        if (order.some((level, i) => level !== levels[i])) moved += 1
        const answers = (rows: readonly Row[]) =>
          told(readX12([Buffer.from(interchangeOf(rows), 'latin1')]))
            .flatMap((found) => ('answers' in found ? found.answers : []))
            .map(({ verdict, basis, match, rejections, subscriber, patient, benefits }) =>
              JSON.stringify({ verdict, basis, match, rejections, subscriber, patient, benefits: benefits.map(({ code }) => code) }),
            )
            .sort()
        expect(answers([...head, ...order.flat()])).to.deep.equal(answers(body))
      }),
      runs(400),
    )
    expect(moved, 'documents whose order changed').to.be.greaterThan(200)
  })
})

function byLevel(body: readonly Row[]): [head: Row[], levels: Row[][]] {
  const levels: Row[][] = []
  const head: Row[] = []
  for (const row of body) {
    if (row[0] === 'HL') levels.push([])
    ;(levels.at(-1) ?? head).push(row)
  }
  return [head, levels]
}
function shuffled<T>(list: readonly T[], random: Random): T[] {
  const order = [...list]
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = random.below(i + 1)
    const [a, b] = [order[i], order[j]]
    if (a !== undefined && b !== undefined) [order[i], order[j]] = [b, a]
  }
  return order
}
const interchangeOf = (rows: readonly Row[]): string =>
  print(isaOf(factsOf271), factsOf271) +
  print(gsOf(factsOf271), factsOf271) +
  printSet(rows, 1, factsOf271) +
  print(['GE', '1', factsOf271.gs06], factsOf271) +
  print(['IEA', '1', factsOf271.isa13], factsOf271)
