import { expect } from 'chai'
import type { EligibilityOutcome } from '../billing/events.ts'
import { verdicts } from '../billing/model.ts'
import type { ValueOf } from '../kit/index.ts'
import { CaseFinding, caseOf, caseStaffText } from './cases.ts'

const id = '00000000-0000-4000-8000-000000000001'
const outcome = (of: Partial<ValueOf<typeof EligibilityOutcome>>): ValueOf<typeof EligibilityOutcome> => ({
  ...{ intakeId: id, patientId: id, visitId: id, requestId: id, coverageId: id, payerId: 'HELIO1', payerName: 'Helio', verdict: 'active' },
  ...{ reasonCodes: [], manual: false },
  ...of,
})

describe('what an answer asks of whom', () => {
  it('is for the clinic, in words of its own, where no payer could be asked', () => {
    const unlisted = caseOf(outcome({ verdict: 'unknown', reasonCodes: ['not-listed'], payerName: 'Insurer not on the list' }))
    expect(unlisted).to.deep.include({ cause: 'not-listed', owner: 'clinic', reasonCodes: [], fields: [] })
    expect(caseStaffText(unlisted)).to.match(/not on the list.*confirm by hand or mark inactive\.$/)
    const unsupported = caseOf(outcome({ verdict: 'unknown', reasonCodes: ['unsupported'], payerName: 'Rural Care' }))
    expect(caseStaffText(unsupported)).to.equal('Rural Care cannot be asked from here. Ask Rural Care yourself, then confirm by hand or mark inactive.')
    expect(caseOf(outcome({ verdict: 'unknown', reasonCodes: ['not-listed'], manual: true })).cause, 'a person found out').to.equal(null)
  })

  it('is nothing where the payer answered clearly or a person gave their word', () => {
    expect(caseOf(outcome({ verdict: 'active' })).cause).to.equal(null)
    expect(caseOf(outcome({ verdict: 'inactive' })).cause).to.equal(null)
    for (const verdict of verdicts) expect(caseOf(outcome({ verdict, manual: true })).cause, verdict).to.equal(null)
  })

  it('is the patient’s to put right where any reason is, and then exactly the details that the reasons name are asked for', () => {
    expect(caseOf(outcome({ verdict: 'rejected', reasonCodes: ['72'] }))).to.include({ cause: 'turned-down', owner: 'patient' })
    expect(caseOf(outcome({ verdict: 'rejected', reasonCodes: ['72', '58', '43'] })).fields).to.deep.equal(['memberId', 'birthDate', 'payerId'])
    expect(caseOf(outcome({ verdict: 'rejected', reasonCodes: ['75'] })).fields).to.deep.equal(['memberId', 'givenName', 'familyName', 'birthDate', 'payerId'])
  })

  it('is the clinic’s or ours where it is not, and asks the patient for nothing', () => {
    for (const [code, owner] of [
      ['43', 'clinic'],
      ['52', 'clinic'],
      ['42', 'ops'],
      ['ZZ', 'ops'],
    ] as const)
      expect(caseOf(outcome({ verdict: 'rejected', reasonCodes: [code] })), code).to.deep.include({ owner, fields: [] })
    expect(caseOf(outcome({ verdict: 'unknown', reasonCodes: ['72'] })), 'codes beside no verdict ask for nothing').to.deep.include({
      ...{ cause: 'no-verdict', owner: 'clinic', fields: [] },
    })
  })

  it('is a contradiction where billing says so', () => {
    expect(caseOf({ ...outcome({ verdict: 'unknown' }), disputed: true })).to.include({ cause: 'disputed', owner: 'ops' })
  })

  it('is said in words that fit their column, with the longest name and the most codes', () => {
    const codes = Array.from({ length: 20 }, (_, i) => `LONGCODE${i}`)
    const finding = caseOf(outcome({ verdict: 'rejected', reasonCodes: ['75', ...codes].slice(0, 20), payerName: 'P'.repeat(60) }))
    CaseFinding.schema.parse(finding)
    expect(caseStaffText(finding)).to.have.length.below(501)
    for (const verdict of verdicts) expect(caseStaffText(caseOf(outcome({ verdict })))).to.match(/\.$/)
  })
})
