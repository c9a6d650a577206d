import { type EhrAppointmentSeen, EhrPatientKey, ehrAppointmentStatuses } from '@heliox/core/clinical'
import type { ValueOf } from '@heliox/core/kit'
import { z } from 'zod'
import { instantOf } from '../mapping/index.ts'
import type { FhirConfig } from '../types.ts'
import { keptBytesMax } from './collect.ts'
import { isMarker, jsonOf, visitIdOf } from './kept.ts'

type Seen = ValueOf<typeof EhrAppointmentSeen>

const Kept = z.object({
  identifier: z.array(z.looseObject({ system: z.string().optional(), value: z.string().optional() })),
  /** A server that keeps no versions tells them apart by the moment alone. */
  versionId: z.string().min(1).max(64).optional(),
  updatedAt: z.string(),
  status: z.enum(ehrAppointmentStatuses),
  start: z.unknown(),
  end: z.unknown(),
  patientKey: EhrPatientKey.optional(),
})

/** One item: what the EHR says, or by which element it cannot be read. None of what only marks how far a look came. */
export async function* readAppointments(bytes: AsyncIterable<Uint8Array>, config: FhirConfig): AsyncIterable<Seen> {
  const json = await jsonOf(bytes, keptBytesMax)
  if (!isMarker(json)) yield seenOf(json, config)
}

function seenOf(json: unknown, config: FhirConfig): Seen {
  const parsed = Kept.safeParse(json)
  // The name of an element of ours; what stood in it may be anything.
  if (!parsed.success) return unreadable(String(parsed.error.issues[0]?.path[0] ?? 'json'))
  const { identifier, versionId, updatedAt, status, start, end, patientKey } = parsed.data
  const visitId = z.uuid().safeParse(visitIdOf({ identifier }, config)).data
  if (visitId === undefined) return unreadable('identifier')
  const at = new Date(updatedAt)
  if (Number.isNaN(at.getTime())) return unreadable('updatedAt')
  const [startsAt, endsAt] = [instantOf(start), instantOf(end)]
  // A time that is there and cannot be placed (no offset, a date alone) must not be taken for none.
  if (start !== undefined && startsAt === null) return unreadable('start')
  if (end !== undefined && endsAt === null) return unreadable('end')
  const version = { versionId: versionId ?? at.toISOString(), updatedAt: at.toISOString() }
  return { is: 'appointment', visitId, status, startsAt, endsAt, ...version, patientKey: patientKey ?? null }
}
const unreadable = (element: string): Seen => ({ is: 'unreadable', code: `appointment-${element}`.slice(0, 60) })
