import {
  ackOutcomes,
  answerStates,
  CanaryDue,
  coverageStatuses,
  eligibilityRoutes,
  eligibilityStates,
  inquiryStates,
  paymentStates,
  ReceivedItem,
  recheckReasons,
  verdicts,
} from '@heliox/core/billing'
import { appointmentStatuses, cancelReasons, forgetReasons, visitChangeKinds, visitChangers, writebackStatuses } from '@heliox/core/clinical'
import { consentKinds } from '@heliox/core/compliance'
import { intakeStatuses, roles } from '@heliox/core/identity'
import { uploadKinds, uploadStatuses } from '@heliox/core/media'
import {
  breakerCauses,
  breakerStates,
  bulkActions,
  bulkSkips,
  bulkStatuses,
  decisionStates,
  effectStates,
  incidentKinds,
  incidentReasons,
  incidentStatuses,
  itemActions,
  itemCauses,
  itemEnds,
  itemKinds,
  messageChannels,
  messageKinds,
  messageReasons,
  messageStates,
  optOutCauses,
  overrideStatuses,
  owners,
  refusedWhys,
  resolveReasons,
  templates,
} from '@heliox/core/messaging'
import { expect } from 'chai'
import pg from 'pg'
import { freshDatabase, type TestDatabase } from './testing.ts'

describe('enums', () => {
  let db: TestDatabase
  let owner: pg.Client
  before(async () => {
    db = await freshDatabase()
    owner = new pg.Client({ connectionString: db.ownerUrl })
    await owner.connect()
  })
  after(async () => {
    await owner?.end()
    await db?.drop()
  })
  // Migrations write their lists out, since history must not change with core; here the two are compared.
  const expected: Readonly<Record<string, readonly string[]>> = {
    'identity.intake_status': intakeStatuses,
    'identity.role': roles,
    'clinical.appointment_status': appointmentStatuses,
    'clinical.writeback_status': writebackStatuses,
    'clinical.visit_changer': visitChangers,
    'clinical.visit_change': visitChangeKinds,
    'clinical.cancel_reason': cancelReasons,
    'clinical.forget_reason': forgetReasons,
    'reporting.visit_status': appointmentStatuses,
    'reporting.visit_change': visitChangeKinds,
    'reporting.visit_changer': visitChangers,
    'billing.coverage_status': coverageStatuses,
    'billing.verdict': verdicts,
    'billing.inquiry_state': inquiryStates,
    'billing.ack_outcome': ackOutcomes,
    'billing.answer_state': answerStates,
    'billing.recheck_reason': recheckReasons,
    'billing.canary_kind': CanaryDue.schema.shape.known.options,
    'billing.item_kind': ReceivedItem.schema.options.map((option) => option.shape.kind.value),
    'catalog.payer_route': eligibilityRoutes,
    'media.upload_status': uploadStatuses,
    'media.upload_kind': uploadKinds,
    'messaging.effect_state': effectStates,
    'messaging.override_status': overrideStatuses,
    'messaging.hold_cause': itemCauses,
    'messaging.hold_owner': owners,
    'messaging.resolution': itemEnds,
    'messaging.resolve_reason': [...resolveReasons, 'went-away'],
    'messaging.override_kind': itemKinds,
    'messaging.item_action': itemActions,
    'messaging.decision_state': decisionStates,
    'messaging.refused_why': refusedWhys,
    'messaging.template': templates,
    'messaging.breaker_state': breakerStates,
    'messaging.breaker_cause': breakerCauses,
    'messaging.incident_kind': incidentKinds,
    'messaging.bulk_action': bulkActions,
    'messaging.bulk_status': bulkStatuses,
    'messaging.bulk_skip': bulkSkips,
    'messaging.incident_status': incidentStatuses,
    'messaging.incident_reason': incidentReasons,
    'messaging.message_kind': messageKinds,
    'messaging.message_channel': messageChannels,
    'messaging.message_status': messageStates,
    'messaging.message_reason': messageReasons,
    'messaging.opt_out_cause': optOutCauses,
    'compliance.consent_kind': consentKinds,
    'reporting.eligibility_state': eligibilityStates,
    'reporting.payment_state': paymentStates,
    'reporting.writeback_state': writebackStatuses,
  }
  for (const [name, values] of Object.entries(expected)) {
    it(`has in ${name} what core says`, async () => {
      const found = await owner.query<{ label: string }>('SELECT enumlabel AS label FROM pg_enum WHERE enumtypid = $1::regtype ORDER BY enumsortorder', [name])
      expect(found.rows.map((row) => row.label)).to.deep.equal([...values])
    })
  }
})
