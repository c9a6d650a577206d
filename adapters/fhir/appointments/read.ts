import type { EhrAppointmentSeen } from '@heliox/core/clinical'
import type { ValueOf } from '@heliox/core/kit'
import type { FhirConfig } from '../types.ts'

export async function* readAppointments(_bytes: AsyncIterable<Uint8Array>, _config: FhirConfig): AsyncIterable<ValueOf<typeof EhrAppointmentSeen>> {
  yield* []
}
