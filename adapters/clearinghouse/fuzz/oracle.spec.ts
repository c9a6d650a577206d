import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { readX12 } from '../codec/read.ts'
import { verdictsOf } from '../codec/verdict.ts'
import { oddMarks } from '../fixtures/documents.ts'
import { batch271, type InterchangeFacts } from '../fixtures/generate.ts'
import { type OracleSet, readDocument } from './oracle.ts'

const seed = Number(process.env.FC_SEED ?? 20261201)

function ours(text: string): OracleSet[] {
  const sets: OracleSet[] = []
  for (const found of readX12([Buffer.from(text, 'latin1')])) {
    if (found.is !== 'transaction') continue
    const { set, control, at } = found.transaction
    sets.push({ set, control, at, verdicts: verdictsOf(found.transaction).map(({ verdict }) => verdict) })
  }
  return sets
}

describe('The verdict of an intact 271', () => {
  it('is held against a reading that shares no code with ours', () => {
    const imports = ['oracle.ts', 'oracle-verdict.ts'].flatMap((file) =>
      [...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(/from '([^']+)'/g)].map((match) => match[1]),
    )
    expect(imports).to.deep.equal(['./oracle-verdict.ts'])
  })
  const batches: readonly (readonly [what: string, sets: number, facts: Partial<InterchangeFacts>])[] = [
    ['in a batch as payers send them', 20_000, {}],
    ['in 005010X279', 1_000, { version: '005010X279' }],
    ['in 4010', 1_000, { version: '004010X092A1', marks: { element: '*', repetition: null, component: ':', terminator: '~' } }],
    ['behind line breaks', 1_000, { lineBreak: '\r\n' }],
    ...oddMarks.map((marks) => [`between ${JSON.stringify(Object.values(marks).join(''))}`, 500, { marks }] as const),
  ]
  for (const [what, sets, facts] of batches)
    it(`is the one of an independent reading, ${what} (${sets} sets, FC_SEED=${seed})`, function () {
      this.timeout(60_000)
      const text = [...batch271({ seed, sets, facts })].join('')
      const oracle = readDocument(text)
      expect(oracle.whole).to.equal(true)
      expect(oracle.sets).to.have.length(sets)
      const mine = ours(text)
      oracle.sets.forEach((set, i) => {
        if (mine[i]?.verdicts.join() !== set.verdicts.join()) expect.fail(`set ${set.control}: oracle ${set.verdicts}, reader ${mine[i]?.verdicts}`)
      })
      expect(mine).to.deep.equal(oracle.sets)
      const kinds = new Set(oracle.sets.flatMap(({ verdicts }) => verdicts))
      expect([...kinds].sort(), 'every verdict occurs').to.deep.equal(['active', 'inactive', 'mixed', 'rejected', 'unknown'])
    })
})
