import { expect } from 'chai'
import { allowedActions, type ItemFacts, itemActions, itemCauses, needsSecond, nextActionOf, nextActions, type OperationFacts } from './actions.ts'

const held: ItemFacts = { kind: 'delivery', cause: 'unavailable', intakeId: 'i', payerRoute: 'real-time-or-batch' }
const asCase: ItemFacts = { ...held, kind: 'case', cause: 'turned-down' }
const check: OperationFacts = { byHand: 'any', correctable: true, choice: false, output: 'EligibilityAnswer.v2', rejection: 'EligibilityRejection.v2' }
const card: OperationFacts = { byHand: 'any', correctable: true, choice: false, output: 'CardStored.v1', rejection: 'CardDeclined.v1' }

describe('what may be done with a waiting item', () => {
  it('is everything but a raw answer, where a payer was asked for cover', () => {
    expect(allowedActions(held, check)).to.deep.equal(itemActions.filter((action) => action !== 'answer' && action !== 'choose'))
  })

  it('has no other route where the payer has one door, or the version that waits knows of none', () => {
    expect(allowedActions({ ...held, payerRoute: 'real-time' }, check)).to.not.include('other-route')
    expect(allowedActions({ ...held, payerRoute: null }, check)).to.not.include('other-route')
    expect(allowedActions(held, { ...check, rejection: 'EligibilityRejection.v1' })).to.not.include('other-route')
  })

  it('lets nobody vouch where only the partner can, and corrects nothing that is ours alone', () => {
    expect(allowedActions(held, { ...check, byHand: 'rejected' })).to.not.include.members(['confirm'])
    expect(allowedActions(held, { ...card, byHand: 'never' })).to.deep.equal(['correct', 'retry', 'move', 'drop'])
    expect(allowedActions(held, { ...card, correctable: false })).to.deep.equal(['retry', 'move', 'drop', 'answer'])
  })

  it('asks the patient only where there is one, and about cover only', () => {
    expect(allowedActions({ ...held, intakeId: null }, check)).to.not.include('ask-patient')
    expect(allowedActions(held, card)).to.not.include('ask-patient')
  })

  it('is never nothing: a bug without a partner can be tried again, moved or dropped', () => {
    expect(allowedActions({ ...held, cause: 'bug' }, undefined)).to.deep.equal(['retry', 'move', 'drop'])
    for (const cause of itemCauses) for (const facts of [held, asCase]) expect(allowedActions({ ...facts, cause }, undefined)).to.include('drop')
  })

  it('lets a person choose what was found, and neither answer nor correct in place of that', () => {
    const chart: OperationFacts = { ...card, choice: true }
    const toChoose: ItemFacts = { ...held, cause: 'choice', payerRoute: null }
    expect(allowedActions(toChoose, chart)).to.deep.equal(['choose', 'retry', 'move', 'drop'])
    expect(allowedActions(held, chart), 'there is nothing to choose from').to.not.include('choose')
    expect(allowedActions(toChoose, undefined), 'an engine of before knows no choice').to.not.include('choose')
    expect(nextActionOf({ ...toChoose, owner: 'ops', proposed: false })).to.equal('choose')
    expect(needsSecond('choose', { correctsAnswers: false }, true)).to.equal(true)
  })

  it('asks nobody where there is no door: neither again nor by file', () => {
    for (const cause of ['not-listed', 'unsupported'] as const)
      expect(allowedActions({ ...asCase, cause }, undefined)).to.deep.equal(['confirm', 'mark-inactive', 'correct', 'ask-patient', 'drop'])
  })

  it('moves no case: nothing hangs in between', () => {
    expect(allowedActions(asCase, undefined)).to.deep.equal(['confirm', 'mark-inactive', 'correct', 'ask-patient', 'retry', 'other-route', 'drop'])
  })
})

describe('a second person', () => {
  it('is needed for a yes on behalf of somebody else, and only where the clinic says so', () => {
    expect(itemActions.filter((action) => needsSecond(action, { correctsAnswers: true, port: 'ok' }, true))).to.deep.equal(['choose', 'confirm', 'answer'])
    expect(itemActions.filter((action) => needsSecond(action, { correctsAnswers: false }, true))).to.deep.equal(['choose', 'confirm', 'correct', 'answer'])
    expect(needsSecond('answer', { correctsAnswers: false, port: 'rejected' }, true)).to.equal(false)
    for (const action of itemActions) expect(needsSecond(action, { correctsAnswers: false, port: 'ok' }, false), action).to.equal(false)
  })
})

describe('the exact next step', () => {
  const next = (of: Partial<Parameters<typeof nextActionOf>[0]>) => nextActionOf({ ...held, owner: 'ops', proposed: false, ...of })

  it('is known for every cause', () => {
    for (const cause of itemCauses) expect(nextActions).to.include(next({ cause }))
  })

  it('is the second person’s before all else, then the patient’s', () => {
    expect(next({ proposed: true, owner: 'patient' })).to.equal('approve')
    expect(next({ cause: 'turned-down', owner: 'patient' })).to.equal('patient-corrects')
  })

  it('tells a delivery that came too late from a flow that hung', () => {
    expect(next({ cause: 'overdue' })).to.equal('retry-or-drop')
    expect(next({ cause: 'overdue', owner: 'engineer' })).to.equal('tell-engineer')
  })

  it('names the other route only where there is one', () => {
    expect(next({})).to.equal('retry-or-other-route')
    expect(next({ payerRoute: 'real-time' })).to.equal('retry-when-back')
  })
})
