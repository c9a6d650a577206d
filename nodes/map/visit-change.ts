import { AppointmentRecord, EhrAppointment, EhrAppointmentWritten, EhrRefused, VisitChanged } from '@heliox/core/clinical'
import { defineMap } from '@heliox/core/kit'

export const ehrAppointment = defineMap({
  name: 'ehr-appointment',
  version: 1,
  summary: 'The visit as it is now, for the chart’s Appointment: a later change may have come before this delivery.',
  root: VisitChanged,
  input: VisitChanged,
  output: EhrAppointment,
  reads: { patient: [], visit: true, purpose: 'ehr-writeback' },
  map: ({ visitId, patientId }, _facts, read) => {
    if (!read.visit) throw new Error('ehr-appointment: the visit was not read')
    return { visitId, patientId, ...read.visit }
  },
})

const outcomeOf = { written: 'agreed', same: 'agreed', 'not-there': 'not-there' } as const

export const appointmentRecord = defineMap({
  name: 'appointment-record',
  version: 1,
  summary: 'What hub and chart agree on now.',
  root: VisitChanged,
  input: EhrAppointmentWritten,
  output: AppointmentRecord,
  reads: null,
  map: ({ state, appointment }, { root }) => ({ visitId: root.visitId, outcome: outcomeOf[state], appointment, codes: [] }),
})

export const appointmentRefusalRecord = defineMap({
  name: 'appointment-refusal-record',
  version: 1,
  summary: 'That the chart was changed too, or that the EHR refused.',
  root: VisitChanged,
  input: EhrRefused,
  output: AppointmentRecord,
  reads: null,
  map: ({ codes }, { root }) => ({
    visitId: root.visitId,
    outcome: codes.includes('changed-there') ? ('changed-there' as const) : ('refused' as const),
    appointment: null,
    codes,
  }),
})
