import { PartnerFault, type ReceivedFile } from '@heliox/core/kit'
import type { FhirContext } from '../types.ts'

export const pageBytesMax = 4 * 1024 * 1024

export async function collectAppointments(
  _ctx: FhirContext,
  _keep: (file: ReceivedFile) => Promise<'kept' | 'known'>,
  _lastKeptAt: Date | null,
): Promise<void> {
  throw new PartnerFault('contract', 'Appointments cannot be asked for yet.')
}
