import type { EhrAppointment, EhrAppointmentWritten } from '@heliox/core/clinical'
import { type Answer, PartnerFault, type ValueOf } from '@heliox/core/kit'
import type { FhirContext, Refused } from '../types.ts'

export function writeAppointment(
  _appointment: ValueOf<typeof EhrAppointment>,
  _ctx: FhirContext,
): Promise<Answer<ValueOf<typeof EhrAppointmentWritten>, Refused>> {
  throw new PartnerFault('contract', 'Appointments cannot be updated yet.')
}
