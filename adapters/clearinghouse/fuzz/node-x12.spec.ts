import { expect } from 'chai'
import nodeX12 from 'node-x12'
import { readX12 } from '../codec/read.ts'
import { segmentsOf } from '../codec/segment.ts'
import { smallDocument } from '../fixtures/documents.ts'
import { batch271 } from '../fixtures/generate.ts'
import { Random } from '../fixtures/random.ts'

const { X12FatInterchange, X12Interchange, X12Parser } = nodeX12
const seed = Number(process.env.FC_SEED ?? 20261201)

/** What both should see: ISA13 and each set, all as tags with their elements. */
interface View {
  isa13: number
  sets: string[][][]
}

/** Strict, which is the way in which it reads most documents right. Undefined where it refuses. */
function theirs(text: string): View[] | undefined {
  let parsed: InstanceType<typeof X12Interchange> | InstanceType<typeof X12FatInterchange>
  try {
    parsed = new X12Parser(true).parse(text)
  } catch {
    return undefined
  }
  const interchanges = parsed instanceof X12FatInterchange ? parsed.interchanges : [parsed]
  return interchanges.map((one) => ({
    isa13: Number(one.header.valueOf(13)),
    sets: one.functionalGroups.flatMap((group) =>
      group.transactions.map((set) =>
        [set.header, ...set.segments, set.trailer].map((segment) => [segment.tag, ...segment.elements.map((element) => element.value)]),
      ),
    ),
  }))
}

function ours(text: string): View[] {
  const views: View[] = []
  for (const found of readX12([Buffer.from(text, 'latin1')])) {
    if (found.is === 'interchange') views.push({ isa13: Number(found.head.elements[13]), sets: [] })
    if (found.is === 'transaction') views.at(-1)?.sets.push(segmentsOf(found.transaction).map((segment) => [...segment]))
  }
  return views
}

describe('Beside node-x12 (strict), our reader', () => {
  it('sees the same tags and elements in a batch of 2,000 answers', () => {
    const text = [...batch271({ seed, sets: 2000 })].join('')
    const [mine, other] = [ours(text), theirs(text)]
    expect(mine[0]?.sets.length).to.equal(2000)
    expect(mine).to.deep.equal(other)
  })
  it(`sees the same in small documents of every kind that node-x12 reads (FC_SEED=${seed})`, () => {
    const random = new Random(seed)
    let compared = 0
    for (let i = 0; i < 1500; i += 1) {
      const text = smallDocument(random)
      // It knows neither a TA1 nor a mark before ISA, and takes the delimiters of the first interchange for those of every other.
      const misread = /TA1|^(?!ISA)|(?!^)ISA.00/.test(text)
      const other = misread ? undefined : theirs(text)
      if (!other) continue
      compared += 1
      expect(ours(text)).to.deep.equal(other)
    }
    expect(compared).to.be.greaterThan(900)
  })
})
