import { PatientAnswers, type PatientField } from '@heliox/core/identity'
import { z } from 'zod'

/**
 * The fields a map reads, said once: `names` goes into `reads`, `of` gives them back typed. Parsed again, because what comes
 * out of the vault is a stored document, and a map that fills a hole with `undefined` would send it to a partner.
 */
export function patientFields<const F extends PatientField>(...names: F[]): { names: readonly F[]; of(patient: unknown): Pick<PatientAnswers, F> } {
  const shape = Object.fromEntries(names.map((name) => [name, PatientAnswers.schema.shape[name]]))
  const fields = z.object(shape)
  return { names, of: (patient) => fields.parse(patient) as unknown as Pick<PatientAnswers, F> }
}
