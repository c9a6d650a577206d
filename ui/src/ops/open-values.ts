import type { CorrectableField } from '@heliox/core/identity'
import { type AllowedAction, type OverrideDetail, openAnswers, openOverrideInput } from '../client.gen.ts'
import type { Purpose } from '../shared/messages/queue-words.ts'
import type { FormSchema } from '../shared/schema.ts'

/**
 * What is corrected: the patient's own answers that a correction may change, or of another partner's delivery the input of its step.
 * Both are audited with the purpose before they are shown.
 */
export async function openValues({ item }: OverrideDetail, { ofAnswers, shape }: AllowedAction, purpose: Purpose): Promise<unknown> {
  if (ofAnswers && item.intakeId !== null) {
    const fields = Object.keys((shape as FormSchema | null)?.properties ?? {}) as CorrectableField[]
    return (await openAnswers({ params: { intakeId: item.intakeId }, body: { purpose, fields } })).values
  }
  return (await openOverrideInput({ params: { overrideId: item.id }, body: { purpose } })).input
}
