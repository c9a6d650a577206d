import type { Coverage } from '@medplum/fhirtypes'
import { expect } from 'chai'
import { config } from '../fixtures/visit.ts'
import { refs } from '../fixtures/visit-v2.ts'
import { secondary, visitV3 } from '../fixtures/visit-v3.ts'
import { identifierOf, merge, ours, withdrawn } from './index.ts'

type Secondary = typeof secondary
const says = (changes: Partial<Secondary> = {}): Coverage => {
  const said = ours.SecondCoverage(visitV3({ secondary: { ...secondary, ...changes } }), refs, config)
  if (!said) throw new Error('nothing is said')
  return said
}
const there = (changes: Partial<Coverage> = {}): Coverage => ({ ...says(), id: '5', ...changes })
const into = (chart: Coverage, said = says()): Coverage => merge(chart, said, { type: 'SecondCoverage' }).resource
const id = identifierOf('SecondCoverage', visitV3(), config)
const own = (coverage: Coverage) => coverage.identifier?.find(({ value }) => value === id.value)

describe('the second insurance in a chart', () => {
  it('is a draft of its own, known by the first, and nobody is said to have confirmed it', () => {
    expect(says()).to.deep.include({ status: 'draft', order: 2, subscriberId: 'NM-20551', beneficiary: { reference: refs.patient } })
    expect(id.value).to.equal(`${visitV3().coverageId}.2`)
    expect(id.system).to.equal(identifierOf('Coverage', visitV3(), config).system)
  })
  it('said again changes nothing', () => expect(merge(there(), says(), { type: 'SecondCoverage' }).changed).to.equal(false))

  for (const status of ['active', 'cancelled', 'entered-in-error'] as const)
    it(`stays ${status} where staff say so of the same policy`, () => {
      const theirs = { status, order: 3, payor: [{ reference: 'Organization/9' }], extension: [{ url: 'urn:clinic:seen', valueBoolean: true }] }
      expect(into(there(theirs))).to.deep.equal(there(theirs))
    })
  it('is the same policy however its number is written', () => {
    expect(into(there({ status: 'active', subscriberId: 'nm 20551' })).status).to.equal('active')
  })
  const others: [string, Partial<Secondary>][] = [
    ['another number', { memberId: 'NM-99' }],
    ['another insurer of the catalogue', { payerId: 'OTHER1', payerName: 'Other' }],
    ['an insurer in other words', { payerId: null, payerName: 'Faraway Assurance' }],
  ]
  for (const [what, changes] of others)
    it(`is a draft again with ${what}: what staff found out was about the one before`, () => {
      const after = into(there({ status: 'active', period: { start: '2026-01-01' } }), says(changes))
      expect(after.status).to.equal('draft')
      expect(after.payor).to.deep.equal(says(changes).payor)
      expect(after.period, 'unknown elements stay').to.deep.equal({ start: '2026-01-01' })
    })
  it('drops a link to the insurer of another number', () => {
    const after = into(there({ payor: [{ reference: 'Organization/9' }] }), says({ memberId: 'NM-99' }))
    expect(after.payor).to.deep.equal(says().payor)
  })
  it('keeps the insurer that staff linked to the patient’s words, and takes a name of the catalogue for them', () => {
    const words = says({ payerId: null, payerName: 'Faraway' })
    const linked = [{ reference: 'Organization/9', display: 'Faraway Assurance Ltd' }]
    expect(into({ ...words, payor: linked }, words).payor).to.deep.equal(linked)
    expect(into({ ...words, status: 'active' }, says())).to.deep.include({ payor: says().payor, status: 'active' })
  })
  it('has its number once it is told, and loses the reason why it was missing; without one it keeps the chart’s', () => {
    const numberless = says({ memberId: null })
    expect(numberless).to.have.property('_subscriberId')
    const after = into({ ...numberless, id: '5' }, says())
    expect(after).to.include({ subscriberId: 'NM-20551', status: 'draft' }).and.not.have.property('_subscriberId')
    expect(into(there(), numberless)).to.deep.equal(there())
  })

  describe('taken back', () => {
    it('was entered in error, keeps everything else, and is marked as the hub’s doing', () => {
      const before = there({ status: 'active', order: 3, note: 'seen' } as never)
      const after = withdrawn(before, id)
      expect(after).to.deep.equal({ ...before, status: 'entered-in-error', identifier: after?.identifier })
      expect(own(after ?? before)).to.deep.equal({ ...id, use: 'old' })
      expect(after?.identifier?.slice(1)).to.deep.equal(before.identifier?.slice(1))
    })
    it('is nothing where somebody ended it before, nor a second time', () => {
      for (const status of ['cancelled', 'entered-in-error'] as const) expect(withdrawn(there({ status }), id)).to.equal(undefined)
      const once = withdrawn(there(), id)
      expect(once && withdrawn(once, id)).to.equal(undefined)
    })
    it('and given again is a draft, without the mark; what staff ended is not', () => {
      const again = into(withdrawn(there(), id) ?? there())
      expect(again).to.deep.equal(there())
      expect(merge(again, says(), { type: 'SecondCoverage' }).changed).to.equal(false)
      expect(into(there({ status: 'cancelled' })).status).to.equal('cancelled')
    })
  })
})
