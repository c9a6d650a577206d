import {
  ChartFound,
  ChartQuery,
  chartChoice,
  EhrAppointment,
  EhrAppointmentSeen,
  EhrAppointmentWritten,
  EhrBooking,
  EhrBookingDue,
  EhrBookingSeen,
  EhrRefused,
  EhrVisit,
  EhrVisitV2,
  EhrVisitV3,
  EhrWritten,
  EhrWrittenV2,
} from '@heliox/core/clinical'
import { defineAdapter } from '@heliox/core/kit'
import { z } from 'zod'
import { collectBookings, readBookings } from './appointments/bookings.ts'
import { collectAppointments, keptBytesMax } from './appointments/collect.ts'
import { readAppointments } from './appointments/read.ts'
import { takeBooking } from './appointments/take.ts'
import { writeAppointment } from './appointments/write.ts'
import { authSecrets, publicKeysOf } from './auth/index.ts'
import { FhirConnection } from './config.ts'
import { findChart } from './find-chart/find-chart.ts'
import { checkHealth } from './health.ts'
import { findVisit } from './reconcile.ts'
import { findVisitV2, findVisitV3, writeVisitV2, writeVisitV3 } from './write/write-visit.ts'
import { writeVisit } from './write-visit.ts'

const retry = { attemptsMax: 4, firstDelayMs: 2_000, delayMsMax: 300_000 }

/** An EHR that speaks FHIR R4 (H-3, H-22). Surprises: BEHAVIOR.md. */
export const fhir = defineAdapter({
  id: 'fhir',
  title: 'EHR (FHIR R4)',
  config: FhirConnection,
  secrets: z.object(authSecrets),
  publicKeys: ({ signingKeys }) => publicKeysOf(signingKeys).keys,
  health: checkHealth,
  operations: (op) => ({
    findChart: op({
      summary: 'Find the chart of a patient; a person chooses among those who look like them.',
      version: 1,
      input: ChartQuery,
      output: ChartFound,
      rejection: EhrRefused,
      replay: 'safe',
      // Whose chart it is can be chosen from what was found, never typed.
      byHand: 'never',
      // Nor does anybody type whom to look for: what is wrong about the patient is put right in their answers.
      correctable: false,
      breaker: { timeoutMs: 15_000, errorThresholdPercent: 50, volumeThreshold: 6, resetTimeoutMs: 20_000, inFlightMax: 8 },
      retry,
      choice: chartChoice,
      call: findChart,
    }),
    writeVisit: op({
      summary: 'Create or update Patient, both Coverages and Appointment of a visit, in one transaction.',
      version: 3,
      input: EhrVisitV3,
      output: EhrWrittenV2,
      rejection: EhrRefused,
      // Conditional create is no guarantee (BEHAVIOR 2): an unknown outcome is looked up before anything is sent again.
      replay: 'never',
      // A yes by hand would name a chart that nobody compared, and so would a correction: both are typed.
      byHand: 'rejected',
      correctable: false,
      // Not found is only not found yet (BEHAVIOR 5).
      settleMs: 35_000,
      // Long enough to stand in line behind others who write the same chart.
      breaker: { timeoutMs: 30_000, errorThresholdPercent: 50, volumeThreshold: 6, resetTimeoutMs: 20_000, inFlightMax: 8 },
      retry,
      call: writeVisitV3,
      reconcile: findVisitV3,
    }),
    writeVisitV2: op({
      summary: 'Create or update Patient, Coverage and Appointment of a visit (second major: one insurance, gender by the payer’s code).',
      name: 'writeVisit',
      version: 2,
      input: EhrVisitV2,
      output: EhrWrittenV2,
      rejection: EhrRefused,
      replay: 'never',
      byHand: 'rejected',
      correctable: false,
      settleMs: 35_000,
      breaker: { timeoutMs: 30_000, errorThresholdPercent: 50, volumeThreshold: 6, resetTimeoutMs: 20_000, inFlightMax: 8 },
      retry,
      call: writeVisitV2,
      reconcile: findVisitV2,
    }),
    writeVisitV1: op({
      summary: 'Write Patient, Coverage and Appointment in one transaction (first major: what is there stays as it is).',
      name: 'writeVisit',
      version: 1,
      input: EhrVisit,
      output: EhrWritten,
      rejection: EhrRefused,
      replay: 'never',
      // Five seconds beyond our own limit, and well within the lease of a killed engine.
      settleMs: 20_000,
      breaker: { timeoutMs: 15_000, errorThresholdPercent: 50, volumeThreshold: 6, resetTimeoutMs: 20_000, inFlightMax: 8 },
      retry,
      call: writeVisit,
      reconcile: findVisit,
    }),
    writeAppointment: op({
      summary: 'Tell the chart that a visit was moved, cancelled or not come to; nothing is written where it says so already.',
      version: 1,
      input: EhrAppointment,
      output: EhrAppointmentWritten,
      rejection: EhrRefused,
      // Of what is there, and only if nobody changed it meanwhile: the same again finds it said.
      replay: 'safe',
      // What both agree on is read in the chart, never vouched for.
      byHand: 'rejected',
      correctable: false,
      breaker: { timeoutMs: 20_000, errorThresholdPercent: 50, volumeThreshold: 6, resetTimeoutMs: 20_000, inFlightMax: 8 },
      retry,
      call: writeAppointment,
    }),
    takeBooking: op({
      summary: 'Mark an appointment that the clinic made in the EHR as ours, and say when it is and for whom.',
      version: 1,
      input: EhrBookingDue,
      output: EhrBooking,
      rejection: EhrRefused,
      // One that carries our mark is read again, and nothing is written.
      replay: 'safe',
      // Whom a visit is for is read in the chart, never vouched for.
      byHand: 'rejected',
      correctable: false,
      breaker: { timeoutMs: 20_000, errorThresholdPercent: 50, volumeThreshold: 6, resetTimeoutMs: 20_000, inFlightMax: 8 },
      retry,
      call: takeBooking,
    }),
  }),
  receive: (receiver) => ({
    appointments: receiver({
      summary: 'Ask which appointments of ours were changed in the EHR.',
      version: 1,
      event: 'ehr.appointment-seen.v1',
      item: EhrAppointmentSeen,
      everyMs: 60_000,
      timeoutMs: 120_000,
      fileBytesMax: keptBytesMax,
      enabled: (config) => config.readsAppointments || config.booksVisits,
      collect: collectAppointments,
      read: readAppointments,
    }),
    bookings: receiver({
      summary: 'Ask which appointments were made in the EHR.',
      version: 1,
      event: 'ehr.booking-seen.v1',
      item: EhrBookingSeen,
      everyMs: 60_000,
      timeoutMs: 120_000,
      fileBytesMax: keptBytesMax,
      enabled: (config) => config.booksVisits,
      collect: collectBookings,
      read: readBookings,
    }),
  }),
})
