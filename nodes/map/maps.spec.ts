import {
  BatchClosed,
  CanaryDue,
  EligibilityAnswer,
  EligibilityAnswerV2,
  EligibilityChanged,
  EligibilityProvisional,
  EligibilityRejection,
  EligibilityRejectionV2,
  eligibilityRoutes,
  PaymentOutcome,
  PaymentRequested,
} from '@heliox/core/billing'
import type { BatchMember, ValueOf } from '@heliox/core/kit'
import { UploadCompleted, UploadOutcome } from '@heliox/core/media'
import { expect } from 'chai'
import { maps } from '../maps.ts'
import { clearPhoto, photoCleanRecord, photoRefusedRecord } from './clear-photo.ts'
import { clearUpload, uploadCleanRecord, uploadRefusedRecord } from './clear-upload.ts'
import { canaryInquiry, eligibilityBatch, eligibilityInquiry, eligibilityInquiryV2 } from './eligibility-inquiry.ts'
import {
  canaryRecord,
  canaryRejectionRecord,
  eligibilityRecord,
  eligibilityRecordV2,
  eligibilityRecordV3,
  eligibilityRejectionRecord,
  eligibilityRejectionRecordV2,
  eligibilityRejectionRecordV3,
} from './eligibility-record.ts'
import { batchBySetting, batchWithoutAnswer, eligibilityRoute } from './eligibility-route.ts'
import { changeNotice, doubtNotice, eligibilityNotice, paymentNotice, photoNotice } from './notices.ts'
import { cardDeclinedRecord, cardStoredRecord } from './payment-record.ts'
import { storeCard } from './store-card.ts'
import { answers, ids, outcome, request, run, tenant, uuid } from './testing.ts'

const answer = (more: Partial<ValueOf<typeof EligibilityAnswer>> = {}): ValueOf<typeof EligibilityAnswer> =>
  EligibilityAnswer.schema.parse({
    verdict: 'active',
    basis: { eb: [0], rule: 'plan-active', inferred: false },
    trace: 't1',
    planName: 'Gold',
    planDates: [],
    copays: [],
    manual: false,
    ...more,
  })

describe('maps of the eligibility flow', () => {
  it('ask for the day of the visit as it was submitted, not for the day in UTC', () => {
    const inquiry = run(eligibilityInquiry, request, request)
    expect(inquiry).to.include({ serviceDate: '2026-12-01', memberId: 'HX123', providerName: 'Lakeside Clinic', providerNpi: '1234567893', payerId: 'HELIO1' })
    expect(inquiry.serviceTypes).to.deep.equal(['30'])
    expect(inquiry).not.to.have.any.keys('phone', 'address', 'email')
  })
  it('refuse to ask about a patient whose stored answers have a hole', () => {
    expect(() => run(eligibilityInquiry, request, request, { patient: { ...answers, memberId: undefined } })).to.throw()
  })
  it('keep the verdict, the rule and the copay, and nothing of the plan', () => {
    const record = run(eligibilityRecord, request, answer({ copays: [{ serviceTypes: ['98'], amount: '25.5', network: 'in' }] }))
    expect(record).to.deep.equal({ requestId: uuid(4), verdict: 'active', rule: 'plan-active', reasonCodes: [], copayCents: 2550, manual: false })
  })
  it('mark what a person answered by hand, whichever way it came', () => {
    expect(run(eligibilityRecord, request, answer(), { manual: true }).manual).to.equal(true)
    expect(run(eligibilityRecord, request, answer({ manual: true })).manual).to.equal(true)
  })
  it('keep each reject reason once, and name the patient first when the patient can put it right', () => {
    const reason = (code: string, who: string) => ({ loop: '2100C', code, followUp: 'C', who })
    const rejection = EligibilityRejection.schema.parse({ reasons: [reason('42', 'payer'), reason('75', 'patient'), reason('75', 'patient')] })
    const record = run(eligibilityRejectionRecord, request, rejection)
    expect(record).to.deep.equal({
      requestId: uuid(4),
      verdict: 'rejected',
      rule: 'rejected-patient',
      reasonCodes: ['42', '75'],
      copayCents: null,
      manual: false,
    })
  })
})

describe('maps of the eligibility flow, version 2', () => {
  const nothingFound = { traces: [], rejections: [], other: [], otherCoverage: [], costShare: [], benefits: [], warnings: [] }
  const answerV2 = (more: Record<string, unknown> = {}): ValueOf<typeof EligibilityAnswerV2> =>
    EligibilityAnswerV2.schema.parse({
      ...nothingFound,
      verdict: 'active',
      basis: { eb: [0], rule: 'plan-active', inferred: false },
      match: { traces: [] },
      source: { senderId: 'S', receiverId: 'R', isa13: '1', gs06: '1', st02: '1', version: '005010X279A1', sha256: 'a'.repeat(64) },
      patient: { is: 'subscriber', corrected: false },
      plan: { ids: [], dates: [] },
      manual: false,
      ...more,
    })
  const copay = (amount: string) => ({
    kind: 'copay',
    network: 'in',
    serviceTypes: [{ code: '98' }],
    amount,
    placeOfService: [],
    authorization: 'unknown',
    notes: [],
    eb: [0],
  })

  it("ask at the door that is the payer's setting, and know no other", () => {
    const routes = eligibilityRoutes.map((route) => run(eligibilityRoute, request, request, { route }))
    expect(routes).to.deep.equal(eligibilityRoutes.map((route) => ({ requestId: uuid(4), route })))
    expect(() => run(eligibilityRoute, request, request)).to.throw('the payer was not read')
  })
  it('ask about the patient of the card, and carry the door along', () => {
    const inquiry = run(eligibilityInquiryV2, request, { requestId: uuid(4), route: 'real-time-or-batch' })
    expect(inquiry).to.include({
      route: 'real-time-or-batch',
      serviceDate: '2026-12-01',
      memberId: 'HX123',
      payerId: 'HELIO1',
      holder: null,
      relationship: null,
    })
    expect(inquiry).not.to.have.any.keys('phone', 'address', 'email')
  })
  it('keep the verdict, the rule and the copay of a whole answer, and nothing else of it', () => {
    const record = run(eligibilityRecordV2, request, answerV2({ costShare: [copay('25.5')] }))
    expect(record).to.deep.equal({ requestId: uuid(4), verdict: 'active', rule: 'plan-active', reasonCodes: [], copayCents: 2550, manual: false })
    expect(run(eligibilityRecordV2, request, answerV2({ costShare: [copay('25'), copay('40')] })).copayCents).to.equal(null)
  })
  it('mark what a person answered by hand, whichever way it came', () => {
    expect(run(eligibilityRecordV2, request, answerV2(), { manual: true }).manual).to.equal(true)
    expect(run(eligibilityRecordV2, request, answerV2({ manual: true })).manual).to.equal(true)
  })

  const closedDoor = EligibilityRejectionV2.schema.parse({ next: 'batch', reasons: [] })
  const turnedDown = EligibilityRejectionV2.schema.parse({ next: 'record', reasons: [{ loop: '2100C', code: '75', followUp: 'C', who: 'patient' }] })
  it('never record a closed door as an answer about the patient', () => {
    expect(() => run(eligibilityRejectionRecordV2, request, closedDoor)).to.throw('has not answered')
    expect(run(eligibilityRejectionRecordV2, request, turnedDown)).to.include({ verdict: 'rejected', rule: 'rejected-patient' })
  })
  it('carry the rules that do not believe an answer or a rejection beside it, in version 3', () => {
    const suspicions = ['closed-calendar', 'same-body']
    expect(run(eligibilityRecordV3, request, answerV2(), { suspicions })).to.deep.include({ verdict: 'active', manual: false, suspicions })
    expect(run(eligibilityRejectionRecordV3, request, turnedDown, { suspicions })).to.deep.include({ verdict: 'rejected', suspicions })
    expect(() => run(eligibilityRejectionRecordV3, request, closedDoor)).to.throw('has not answered')
  })
  it('believe a person, whoever doubted the answer before', () => {
    expect(run(eligibilityRecordV3, request, answerV2(), { manual: true, suspicions: ['same-body'] })).to.deep.include({ manual: true, suspicions: [] })
  })
  it('lose no doubt by a rule that this version does not know', () => {
    expect(() => run(eligibilityRecordV3, request, answerV2(), { suspicions: ['a-rule-of-tomorrow'] })).to.throw('no rule a-rule-of-tomorrow')
  })

  describe('of a canary', () => {
    const due = CanaryDue.schema.parse({ requestId: uuid(4), payerId: 'NORTH2', payerName: 'Northwind', known: 'inactive', serviceDate: '2026-12-01' })
    const canary = { memberId: 'UNKNOWN9001', givenName: 'Nobody', familyName: 'Canary', birthDate: '1970-01-01', payerSex: 'F' }
    it('ask in the same words as about a patient, and say that it is one', () => {
      expect(run(canaryInquiry, due, due, { canary })).to.deep.include({
        ...{ ...canary, canary: 'inactive', route: 'real-time-or-batch', serviceTypes: ['30'], serviceDate: '2026-12-01', holder: null },
      })
      expect(() => run(canaryInquiry, due, due)).to.throw('was not read')
    })
    it('record what the payer said of the member, and nothing where it said nothing or a person spoke for it', () => {
      const ids = { requestId: uuid(4), payerId: 'NORTH2', known: 'inactive' }
      expect(run(canaryRecord, due, answerV2())).to.deep.equal({ ...ids, verdict: 'active' })
      expect(run(canaryRecord, due, answerV2(), { manual: true }).verdict).to.equal('unknown')
      expect(run(canaryRejectionRecord, due, turnedDown).verdict).to.equal('rejected')
      expect(run(canaryRejectionRecord, due, closedDoor).verdict).to.equal('unknown')
      const ours = EligibilityRejectionV2.schema.parse({ next: 'record', reasons: [{ loop: '2100B', code: '51', followUp: 'C', who: 'clinic' }] })
      expect(run(canaryRejectionRecord, due, ours).verdict, 'the clinic’s enrolment is not the member').to.equal('unknown')
    })
    it('clear their payer of nothing with an answer that is itself in doubt, and a false one is false all the same', () => {
      const doubted = { suspicions: ['closed-calendar'] }
      expect(run(canaryRecord, due, answerV2(), doubted).verdict).to.equal('unknown')
      expect(run(canaryRejectionRecord, due, turnedDown, doubted).verdict).to.equal('unknown')
      expect(run(canaryRecord, due, answerV2(), { suspicions: ['canary-active', 'closed-calendar'] }).verdict).to.equal('active')
      expect(run(canaryRejectionRecord, due, turnedDown, { suspicions: ['canary-inactive', 'closed-calendar'] }).verdict).to.equal('rejected')
    })
  })

  it('queue for the batch why it came to that, and never what was answered', () => {
    expect(run(batchBySetting, request, { requestId: uuid(4), route: 'batch' })).to.deep.equal({ requestId: uuid(4), why: 'payer-setting' })
    expect(run(batchWithoutAnswer, request, closedDoor)).to.deep.equal({ requestId: uuid(4), why: 'no-real-time-answer' })
    expect(() => run(batchWithoutAnswer, request, turnedDown)).to.throw('has answered')
  })

  const closed = BatchClosed.schema.parse({ batchId: uuid(8), inquiries: 2 })
  const member = (n: number, more: Record<string, unknown> = {}): BatchMember => ({
    requestId: uuid(n),
    payerId: `PAYER${n}`,
    payerName: 'Slow Health Plan',
    serviceDate: `2026-12-0${n}`,
    patient: { memberId: `HX${n}`, givenName: 'Ana', familyName: 'Moreno', birthDate: '1980-02-29', payerSex: 'F', ...more },
  })
  it("write one inquiry per patient in the batch's own order, each with its own payer and day", () => {
    const { batchId, inquiries } = run(eligibilityBatch, closed, closed, { batch: [member(2), member(1)] })
    expect(batchId).to.equal(uuid(8))
    expect(inquiries.map(({ requestId, payerId, memberId, serviceDate, route }) => [requestId, payerId, memberId, serviceDate, route])).to.deep.equal([
      [uuid(2), 'PAYER2', 'HX2', '2026-12-02', 'batch'],
      [uuid(1), 'PAYER1', 'HX1', '2026-12-01', 'batch'],
    ])
  })
  it('send no batch in which a patient has a hole, and none without a patient', () => {
    expect(() => run(eligibilityBatch, closed, closed, { batch: [member(1), member(2, { memberId: undefined })] })).to.throw()
    expect(() => run(eligibilityBatch, closed, closed, { batch: [] })).to.throw()
  })
})

describe('maps of the payment flow', () => {
  const root = PaymentRequested.schema.parse({ ...ids, paymentId: uuid(6), confirmationTokenId: 'ctoken_abc123', currency: 'usd' })
  const refs = { setupIntentId: 'seti_1', customerId: 'cus_1', paymentMethodId: 'pm_1' }
  it('hand over the token of the browser and nothing of the intake', () => {
    expect(run(storeCard, root, root)).to.deep.equal({ paymentId: uuid(6), patientId: uuid(2), confirmationTokenId: 'ctoken_abc123', currency: 'usd' })
  })
  it('ask the patient when the bank wants a confirmation', () => {
    expect(run(cardStoredRecord, root, { status: 'succeeded', ...refs })).to.deep.equal({ paymentId: uuid(6), outcome: 'stored', ...refs, code: null })
    expect(run(cardStoredRecord, root, { status: 'requires-action', ...refs })).to.include({ outcome: 'needs-you', code: 'requires-action' })
  })
  it('keep the reason of the issuer when there is one', () => {
    expect(run(cardDeclinedRecord, root, { code: 'card_declined', declineCode: 'insufficient_funds' }).code).to.equal('insufficient_funds')
    expect(run(cardDeclinedRecord, root, { code: 'card_declined', declineCode: null })).to.include({
      outcome: 'declined',
      code: 'card_declined',
      customerId: null,
    })
  })
})

describe('maps of the scan flow', () => {
  const root = UploadCompleted.schema.parse({ uploadId: uuid(7), intakeId: uuid(1), kind: 'card-front', quarantineKey: `${tenant.id}/${uuid(1)}/${uuid(7)}` })
  const clean = { quarantineSha256: 'a'.repeat(64), cleanSha256: 'b'.repeat(64), cleanBytes: 9, contentType: 'image/jpeg' as const, widthPx: 1, heightPx: 1 }
  it('record the clean copy under the key that the scanner was given', () => {
    const inquiry = run(clearUpload, root, root)
    expect(inquiry).to.include({ quarantineKey: root.quarantineKey, cleanKey: `${tenant.id}/${uuid(7)}` })
    expect(run(uploadCleanRecord, root, clean)).to.deep.equal({
      uploadId: uuid(7),
      outcome: 'clean',
      cleanKey: inquiry.cleanKey,
      clean,
      reason: null,
      finding: null,
    })
  })
  it('have nothing scanned that lies under another clinic, which would be served as a photo of this one', () => {
    for (const quarantineKey of [`${uuid(8)}/${uuid(1)}/${uuid(7)}`, `${tenant.id}/../${uuid(8)}/x`, `${tenant.id}0/x`, tenant.id, `/${tenant.id}/x`, '']) {
      expect(() => run(clearUpload, root, { ...root, quarantineKey }), quarantineKey).to.throw('does not lie where')
    }
  })
  it('take no photo for clean because a person says so, only for refused', () => {
    expect(() => run(uploadCleanRecord, root, clean, { manual: true })).to.throw('never by hand')
    expect(run(uploadRefusedRecord, root, { reason: 'malware', finding: null }, { manual: true }).outcome).to.equal('rejected')
  })
  it('have the parts of a photo put together as they were announced, and record its copies under the keys that the scanner was given', () => {
    const parts = { count: 3, bytes: 600_000, sha256: 'c'.repeat(64) }
    const inquiry = run(clearPhoto, { ...root, parts }, { ...root, parts })
    expect(inquiry.quarantineKeys).to.deep.equal(['000', '001', '002'].map((at) => `${root.quarantineKey}/${at}`))
    expect(inquiry).to.deep.include({ announced: { bytes: 600_000, sha256: parts.sha256 }, cleanKey: `${tenant.id}/${uuid(7)}` })
    const picture = { sha256: 'a'.repeat(64), bytes: 9, widthPx: 1, heightPx: 1 }
    const photo = { quarantineSha256: parts.sha256, sourceType: 'image/png', contentType: 'image/jpeg' as const, clean: picture, thumb: picture }
    const { cleanKey, thumbKey } = inquiry
    expect(run(photoCleanRecord, root, photo)).to.deep.equal({ uploadId: uuid(7), verdict: { is: 'clean', cleanKey, thumbKey, photo } })
    expect(thumbKey).not.to.equal(cleanKey)
    expect(() => run(photoCleanRecord, root, photo, { manual: true })).to.throw('never by hand')
    const refused = { reason: 'malware' as const, finding: 'EICAR' }
    expect(run(photoRefusedRecord, root, refused)).to.deep.equal({ uploadId: uuid(7), verdict: { is: 'refused', refused } })
  })
  it('take a photo of before there were parts as the one object that it is, and none of another clinic', () => {
    expect(run(clearPhoto, root, root)).to.deep.include({ quarantineKeys: [root.quarantineKey], announced: null })
    const foreign = { ...root, quarantineKey: `${uuid(8)}/${uuid(1)}/${uuid(7)}` }
    expect(() => run(clearPhoto, root, foreign)).to.throw('does not lie where')
  })
  it('record no key for a photo that was refused', () => {
    const record = run(uploadRefusedRecord, root, { reason: 'malware', finding: 'EICAR' })
    expect(record).to.deep.equal({ uploadId: uuid(7), outcome: 'rejected', cleanKey: null, clean: null, reason: 'malware', finding: 'EICAR' })
  })
})

describe('maps of the notify flow', () => {
  it('ask the patient only for what the patient can put right', () => {
    const template = (verdict: string, codes: string[] = []) => run(eligibilityNotice, outcome(verdict, codes), outcome(verdict, codes)).template
    expect(template('active')).to.equal('eligibility-confirmed')
    expect(template('inactive')).to.equal('eligibility-inactive')
    expect(template('rejected', ['43', '72'])).to.equal('eligibility-needs-you')
    expect(template('rejected', ['43'])).to.equal('eligibility-checking')
    for (const unclear of ['mixed', 'unknown']) expect(template(unclear)).to.equal('eligibility-checking')
  })
  it('are about the request, the payment or the photo, so that a second one of a kind is told too', () => {
    const paid = (result: string) => PaymentOutcome.schema.parse({ ...ids, paymentId: uuid(6), outcome: result, code: null })
    expect(run(eligibilityNotice, outcome('active'), outcome('active')).aboutId).to.equal(uuid(4))
    expect(run(paymentNotice, paid('stored'), paid('stored'))).to.deep.equal({ intakeId: uuid(1), template: 'payment-stored', aboutId: uuid(6) })
    for (const result of ['declined', 'needs-you']) expect(run(paymentNotice, paid(result), paid(result)).template).to.equal('payment-needs-you')
  })
  it('tell of a doubt once per request, and of each change', () => {
    const doubt = EligibilityProvisional.schema.parse({ ...outcome('active'), suspicions: ['closed-calendar'], recheckAt: '2026-02-10T13:00:00Z' })
    expect(run(doubtNotice, doubt, doubt)).to.deep.equal({ intakeId: uuid(1), template: 'eligibility-provisional', aboutId: uuid(4) })
    const change = EligibilityChanged.schema.parse({ ...outcome('active'), changeId: uuid(8), from: 'active', to: 'inactive' })
    expect(run(changeNotice, change, change)).to.deep.equal({ intakeId: uuid(1), template: 'eligibility-changed', aboutId: uuid(8) })
  })
  it('tell of a refused photo and never of a clean one', () => {
    const scanned = (result: string) => UploadOutcome.schema.parse({ uploadId: uuid(7), intakeId: uuid(1), kind: 'card-front', outcome: result, reason: null })
    expect(run(photoNotice, scanned('rejected'), scanned('rejected'))).to.deep.equal({ intakeId: uuid(1), template: 'photo-rejected', aboutId: uuid(7) })
    expect(() => run(photoNotice, scanned('clean'), scanned('clean'))).to.throw('not rejected')
  })
})

describe('every map', () => {
  it('reads the least: no map of a notice, a card or a photo reads the patient', () => {
    const reading = maps.filter((map) => map.reads && map.reads.patient.length > 0).map((map) => map.name)
    expect(reading.sort()).to.deep.equal([
      ...['chart-query', 'chart-query', 'ehr-visit', 'ehr-visit', 'ehr-visit', 'eligibility-batch', 'eligibility-batch'],
      ...['eligibility-inquiry', 'eligibility-inquiry', 'eligibility-inquiry'],
    ])
  })
})
