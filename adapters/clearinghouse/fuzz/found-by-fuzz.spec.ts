import { expect } from 'chai'
import { problemsOf } from '../codec/found.ts'
import { readX12 } from '../codec/read.ts'
import { verdictsOf } from '../codec/verdict.ts'
import { answer, rows } from '../fixtures/response.ts'

/** What the run over damaged documents found once, kept small; the codec's own tests say the rules behind it. */
const verdicts = (text: string): string[] =>
  [...readX12([Buffer.from(text, 'latin1')])].flatMap((found) =>
    found.is === 'transaction' ? verdictsOf(found.transaction).map(({ verdict }) => verdict) : [],
  )
const isIntact = (text: string): boolean => [...readX12([Buffer.from(text, 'latin1')])].every((found) => problemsOf(found).length === 0)

describe('A damaged document that once was misread', () => {
  const whole = answer(rows('EB*1**30'))
  it('is not whole with one line break inside its header', () => {
    for (const place of [20, 53, 81, 90, 104]) expect(isIntact(`${whole.slice(0, place)}\n${whole.slice(place)}`), String(place)).to.equal(false)
  })
  it('loses no segment to a line break of another kind but the same length', () => {
    const lines = whole.replaceAll('~', '~\n')
    expect(verdicts(lines)).to.deep.equal(['active'])
    expect(verdicts(lines.replace('~\nEB', '~\rEB'))).to.deep.equal(['active'])
  })
  it('is not whole when another header stands inside one of its values', () => {
    const other = answer(rows('EB*6**30'), { element: '+', component: '<', repetition: '&', terminator: '"' })
    expect(isIntact(whole.replace('HX4471002', other.slice(0, 106)))).to.equal(false)
  })
  it('is not whole when its header holds its own terminator', () => {
    expect(isIntact(whole.replace('CLEARSIM ', 'CLEAR~SIM'))).to.equal(false)
  })
})
