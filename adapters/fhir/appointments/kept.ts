import type { Appointment } from '@medplum/fhirtypes'
import { identifierOf } from '../mapping/index.ts'
import { identifiersOf } from '../search.ts'
import type { FhirConfig } from '../types.ts'

/** What is kept of one version of an appointment: all that is read of it later, as the EHR wrote it. */
export interface KeptAppointment {
  resourceType: 'Appointment'
  id: string
  versionId: string | undefined
  updatedAt: string | undefined
  identifier: unknown
  status: unknown
  start: unknown
  end: unknown
  /** A keyed hash of the patient whom it names. */
  patientKey: string | undefined
}

/** The visit that it is the appointment of; undefined: of no visit of ours. */
export function visitIdOf(appointment: Pick<Appointment, 'identifier'>, config: Pick<FhirConfig, 'identifierSystem'>): string | undefined {
  const { system } = identifierOf('Appointment', { visitId: '' }, config)
  return identifiersOf(appointment as Appointment).find((one) => one.system === system)?.value
}
export const isOurs = (appointment: Appointment, config: Pick<FhirConfig, 'identifierSystem'>): boolean => visitIdOf(appointment, config) !== undefined

/** Kept in between, when a list is long: how far it was heard. It is about nobody. */
const markKey = 'lookedUpTo'
export const markerOf = (moment: string): Buffer => Buffer.from(JSON.stringify({ [markKey]: moment }))
export const isMarker = (json: unknown): boolean => typeof json === 'object' && json !== null && Object.keys(json).join() === markKey

/** Undefined: no JSON, or more than is ever kept. */
export async function jsonOf(bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > bytesMax) return undefined
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}
