import { type MapSpec, mapType } from '@heliox/core/kit'
import { caseFinding } from './map/case-finding.ts'
import { charge, chargeDeclinedRecord, chargedRecord, refund, refundedRecord, refundRefusedRecord } from './map/charge.ts'
import { chargeCheck, chargeCheckedRecord, chargeEndedRecord, chargePage, chargeSeenRecord, chargeUnseenRecord } from './map/charge-page.ts'
import { clearPhoto, photoCleanRecord, photoRefusedRecord } from './map/clear-photo.ts'
import { clearUpload, uploadCleanRecord, uploadRefusedRecord } from './map/clear-upload.ts'
import { chartQuery, chartQueryV2, chartRecord, ehrVisitV2, ehrVisitV3, writebackRecordV2, writebackRefusalRecordV2 } from './map/ehr-chart.ts'
import { ehrVisit } from './map/ehr-visit.ts'
import {
  canaryInquiry,
  eligibilityBatch,
  eligibilityBatchV2,
  eligibilityInquiry,
  eligibilityInquiryV2,
  eligibilityInquiryV3,
} from './map/eligibility-inquiry.ts'
import {
  canaryRecord,
  canaryRejectionRecord,
  eligibilityRecord,
  eligibilityRecordV2,
  eligibilityRecordV3,
  eligibilityRejectionRecord,
  eligibilityRejectionRecordV2,
  eligibilityRejectionRecordV3,
} from './map/eligibility-record.ts'
import { batchBySetting, batchBySettingV2, batchWithoutAnswer, eligibilityRoute, eligibilityRouteV2, nobodyAsked } from './map/eligibility-route.ts'
import { legacyMode, legacyPut, mirrorRecord, mirrorRefusalRecord } from './map/legacy.ts'
import { messageLeave, messageMail, messageRefusedRecord, messageSentRecord, messageText } from './map/messages.ts'
import { changeNotice, doubtNotice, eligibilityNotice, paymentNotice, photoNotice } from './map/notices.ts'
import { cardDeclinedRecord, cardStoredRecord } from './map/payment-record.ts'
import { storeCard } from './map/store-card.ts'
import { checkedDeclinedRecord, checkedStoredRecord, methodCheck, methodDeclinedRecord, methodStoredRecord, storeMethod } from './map/store-method.ts'
import { appointmentRecord, appointmentRefusalRecord, ehrAppointment } from './map/visit-change.ts'
import { writebackRecord, writebackRefusalRecord } from './map/writeback-record.ts'

/**
 * Every map that ships, one line each. The list forgets the exact contracts: whoever runs a map from it parses what goes in
 * and what comes out by the contracts it names.
 */
export const maps: readonly MapSpec[] = [
  eligibilityInquiry,
  eligibilityRecord,
  eligibilityRejectionRecord,
  eligibilityRoute,
  eligibilityRouteV2,
  nobodyAsked,
  eligibilityInquiryV2,
  eligibilityInquiryV3,
  eligibilityRecordV2,
  eligibilityRejectionRecordV2,
  eligibilityRecordV3,
  eligibilityRejectionRecordV3,
  canaryInquiry,
  canaryRecord,
  canaryRejectionRecord,
  batchBySetting,
  batchBySettingV2,
  batchWithoutAnswer,
  eligibilityBatch,
  eligibilityBatchV2,
  ehrVisit,
  writebackRecord,
  writebackRefusalRecord,
  chartQuery,
  chartQueryV2,
  chartRecord,
  ehrVisitV2,
  ehrVisitV3,
  writebackRecordV2,
  writebackRefusalRecordV2,
  ehrAppointment,
  appointmentRecord,
  appointmentRefusalRecord,
  storeCard,
  cardStoredRecord,
  cardDeclinedRecord,
  storeMethod,
  methodStoredRecord,
  methodDeclinedRecord,
  methodCheck,
  checkedStoredRecord,
  checkedDeclinedRecord,
  charge,
  chargedRecord,
  chargeDeclinedRecord,
  chargePage,
  chargeSeenRecord,
  chargeUnseenRecord,
  chargeCheck,
  chargeCheckedRecord,
  chargeEndedRecord,
  refund,
  refundedRecord,
  refundRefusedRecord,
  clearUpload,
  uploadCleanRecord,
  uploadRefusedRecord,
  clearPhoto,
  photoCleanRecord,
  photoRefusedRecord,
  caseFinding,
  eligibilityNotice,
  doubtNotice,
  changeNotice,
  paymentNotice,
  photoNotice,
  messageLeave,
  messageText,
  messageMail,
  messageSentRecord,
  messageRefusedRecord,
  legacyPut,
  mirrorRecord,
  mirrorRefusalRecord,
  legacyMode,
] as readonly unknown[] as readonly MapSpec[]

export const mapByType: ReadonlyMap<string, MapSpec> = new Map(maps.map((map) => [mapType(map.name, map.version), map]))
