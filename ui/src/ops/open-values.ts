import type { CorrectableField } from '@heliox/core/identity'
import { type OverrideDetail, openAnswers, openOverrideInput } from '../client.gen.ts'
import type { Purpose } from '../shared/messages/staff.ts'
import type { FormSchema } from '../shared/schema.ts'

/**
 * What is corrected: of a held delivery the input of its step, of a case the patient's own answers that a correction may
 * change. Both are audited with the purpose before they are shown.
 */
export async function openValues({ item }: OverrideDetail, shape: FormSchema, purpose: Purpose): Promise<unknown> {
  if (item.kind === 'case' && item.intakeId !== null) {
    const fields = Object.keys(shape.properties ?? {}) as CorrectableField[]
    return (await openAnswers({ params: { intakeId: item.intakeId }, body: { purpose, fields } })).values
  }
  return (await openOverrideInput({ params: { overrideId: item.id }, body: { purpose } })).input
}
