import { expect } from 'chai'
import fc from 'fast-check'
import { type Match, type MatchKeys, matchOf, requestOfTrace, traceOf } from './matching.ts'

const [a, b, c] = ['018f3c00-aaaa-7000-8000-00000000000a', '018f3c00-bbbb-7000-8000-00000000000b', '018f3c00-cccc-7000-8000-00000000000c'] as const
const ours = new Set<string>([a, b, c])
const keys = (over: Partial<MatchKeys>): MatchKeys => ({ traces: [], bht03: null, patientAccount: null, patients: 1, ...over })
const matched = (requestId: string, by: 'trace' | 'bht03' | 'patient-account'): Match => ({ is: 'matched', requestId, by })

describe('which request an answer belongs to', () => {
  const rows: [string, Partial<MatchKeys>, Match][] = [
    ['the trace decides', { traces: [traceOf(a)] }, matched(a, 'trace')],
    ['in small letters, with spaces around it', { traces: [` ${traceOf(a).toLowerCase()} `] }, matched(a, 'trace')],
    ['beside a trace of the payer’s own', { traces: ['PAYER-77', traceOf(b)] }, matched(b, 'trace')],
    ['the same trace twice is one', { traces: [traceOf(a), traceOf(a)] }, matched(a, 'trace')],
    ['without a trace, BHT03 of an ST with one patient', { bht03: traceOf(b) }, matched(b, 'bht03')],
    ['BHT03 of an ST with several patients names none of them', { bht03: traceOf(b), patients: 2 }, { is: 'orphan' }],
    ['without both, REF EJ', { patientAccount: traceOf(c) }, matched(c, 'patient-account')],
    ['REF EJ also where the ST has several patients', { bht03: traceOf(b), patientAccount: traceOf(c), patients: 2 }, matched(c, 'patient-account')],
    ['references that agree', { traces: [traceOf(a)], bht03: traceOf(a), patientAccount: traceOf(a) }, matched(a, 'trace')],
    ['two traces of ours: nobody’s', { traces: [traceOf(a), traceOf(b)] }, { is: 'ambiguous', requestIds: [a, b] }],
    ['a trace and an account of two of our requests: nobody’s', { traces: [traceOf(a)], patientAccount: traceOf(b) }, { is: 'ambiguous', requestIds: [a, b] }],
    ['a trace and a BHT03 of two of our requests: nobody’s', { traces: [traceOf(a)], bht03: traceOf(c) }, { is: 'ambiguous', requestIds: [a, c] }],
    ['a BHT03 of several patients contradicts nothing', { traces: [traceOf(a)], bht03: traceOf(c), patients: 3 }, matched(a, 'trace')],
    ['a trace that is none of ours', { traces: ['018F3C00DDDD7000800000000000000D'] }, { is: 'orphan' }],
    ['a trace that only begins with ours', { traces: [`${traceOf(a)}1`] }, { is: 'orphan' }],
    ['no reference at all', {}, { is: 'orphan' }],
  ]
  for (const [what, given, expected] of rows) {
    it(what, () => {
      expect(matchOf(keys(given), ours)).to.deep.equal(expected)
    })
  }

  it('never gives an answer to a request that none of its references names', () => {
    const reference = fc.oneof(fc.constantFrom(traceOf(a), traceOf(b), traceOf(c)), fc.string(), fc.uuid().map(traceOf))
    const given = fc.record({
      traces: fc.array(reference, { maxLength: 3 }),
      bht03: fc.option(reference),
      patientAccount: fc.option(reference),
      patients: fc.integer({ min: 1, max: 3 }),
    })
    fc.assert(
      fc.property(given, (one) => {
        const match = matchOf(one, ours)
        const texts = [...one.traces, one.bht03, one.patientAccount].map((text) => text?.trim().toUpperCase())
        if (match.is === 'matched') expect(texts).to.include(traceOf(match.requestId))
      }),
    )
  })

  it('reads every trace that it writes', () => {
    fc.assert(fc.property(fc.uuid(), (id) => requestOfTrace(traceOf(id)) === id))
  })
})
