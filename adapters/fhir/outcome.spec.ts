import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { refusalOf, safePath } from './outcome.ts'

const outcome = (...issue: object[]) => ({ resourceType: 'OperationOutcome', issue })
const answer = (status: number, json: unknown = undefined) => ({ status, json, retryAfterMs: undefined })
const faultOf = (status: number, json?: unknown, lost: 'unavailable' | 'uncertain' = 'uncertain') => {
  try {
    return { refused: refusalOf(answer(status, json), lost) }
  } catch (error) {
    if (error instanceof PartnerFault) return error.kind
    throw error
  }
}

describe('what an EHR means by a status', () => {
  const broken = outcome({ severity: 'error', code: 'required', expression: ['Bundle.entry[1].resource.ofType(Coverage).payor'] })
  const table: [number, unknown, string][] = [
    [401, broken, 'credentials'],
    [403, undefined, 'credentials'],
    [408, undefined, 'uncertain'],
    [409, broken, 'unavailable'],
    [429, undefined, 'throttled'],
    [500, broken, 'uncertain'],
    [501, undefined, 'contract'],
    [502, undefined, 'uncertain'],
    [503, undefined, 'unavailable'],
    [504, undefined, 'uncertain'],
    [302, undefined, 'contract'],
    [400, '<html>', 'contract'],
    [404, undefined, 'contract'],
    [422, { resourceType: 'Patient' }, 'contract'],
    [422, outcome({ severity: 'error', code: 'lock-error' }), 'unavailable'],
    [400, outcome({ severity: 'error', code: 'security' }), 'credentials'],
  ]
  for (const [status, json, kind] of table) {
    it(`takes ${status}${json ? ' with a body' : ''} for the fault ${kind}`, () => expect(faultOf(status, json)).to.equal(kind))
  }

  it('takes a failing read for unavailable: a read leaves nothing in doubt', () => {
    expect(faultOf(500, broken, 'unavailable')).to.equal('unavailable')
  })

  it('takes a 4xx with an OperationOutcome for a refusal, with its codes and paths', () => {
    expect(faultOf(422, broken)).to.deep.equal({ refused: { codes: ['required'], paths: ['Bundle.entry[1].resource.ofType(Coverage).payor'] } })
  })

  it('takes 412 for two charts with one identifier of ours', () => {
    expect(faultOf(412)).to.deep.equal({ refused: { codes: ['multiple-matches'], paths: [] } })
  })

  it('leaves warnings out when there are errors', () => {
    expect(faultOf(400, outcome({ severity: 'warning', code: 'business-rule' }, { severity: 'fatal', code: 'invalid' }))).to.deep.equal({
      refused: { codes: ['invalid'], paths: [] },
    })
  })

  it('lets nothing through that could hold a value of the patient’s', () => {
    const leaky = outcome({
      severity: 'error',
      code: 'HHP-448812',
      diagnostics: 'Brandywine is not known',
      details: { text: 'Brandywine' },
      expression: ["Patient.name.where(family = 'Brandywine').given", 'Patient.identifier[0]/*Patient/HHP-448812*/.value', 'Brandywine, Ottilie', 'HHP-448812'],
    })
    expect(faultOf(422, leaky)).to.deep.equal({ refused: { codes: ['other'], paths: ['Patient.name.where', 'Patient.identifier[0].value'] } })
  })

  it('keeps a path only as far as it names elements', () => {
    expect(safePath('Bundle.entry[0].resource.name[0].family')).to.equal('Bundle.entry[0].resource.name[0].family')
    expect(safePath('/f:Patient/f:name')).to.equal(undefined)
    expect(safePath('Patient7.name')).to.equal(undefined)
    expect(safePath('Patient.name.Brandywine')).to.equal('Patient.name')
    expect(safePath('Patient.identifier.hhp448812')).to.equal('Patient.identifier')
    expect(safePath('')).to.equal(undefined)
  })
})
