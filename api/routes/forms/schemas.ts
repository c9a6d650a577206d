import { FormDefinition, FormId } from '@heliox/core/catalog'
import { LanguageTag } from '@heliox/core/kit'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { JsonSchema } from '../../kit/schemas.ts'

const at = z.iso.datetime()
const FormItem = z.object({
  id: FormId,
  version: z.int(),
  /** In the clinic's first language, where it has that. */
  title: z.string(),
  questions: z.int(),
  askedFrom: at,
  /** Null: it is asked now. */
  endedAt: at.nullable(),
  savedBy: z.string().nullable(),
  /** Languages of the clinic in which something of it is not said. */
  incomplete: z.array(LanguageTag),
})
const shape = FormDefinition.shape
const ClinicForm = FormItem.extend({ definition: z.object({ ...shape, schema: JsonSchema }), languages: z.array(LanguageTag) })
const ofForm = z.object({ formId: FormId })

export const listForms = defineRoute({
  operationId: 'listForms',
  method: 'GET',
  url: '/api/admin/forms',
  tag: 'admin',
  summary: 'The questions that this clinic asks its patients beside the intake, and those that it does not ask any more.',
  access: { by: 'session', action: 'form.read' },
  success: {
    status: 200,
    body: z.object({ items: z.array(FormItem.meta({ id: 'FormItem' })), languages: z.array(LanguageTag), askedMax: z.int() }).meta({ id: 'FormList' }),
    description: 'What is asked first, then what ended last.',
  },
})

export const getForm = defineRoute({
  operationId: 'getForm',
  method: 'GET',
  url: '/api/admin/forms/:formId',
  tag: 'admin',
  summary: 'One form in its newest version, with all its words.',
  access: { by: 'session', action: 'form.read' },
  params: ofForm,
  success: { status: 200, body: ClinicForm.meta({ id: 'ClinicForm' }), description: 'Asked or not. `languages`: what the clinic offers.' },
  refusals: [404],
})

export const saveForm = defineRoute({
  operationId: 'saveForm',
  method: 'PUT',
  url: '/api/admin/forms/:formId',
  tag: 'admin',
  summary: 'Ask a form, its next version, or not any more. What was asked before is kept with what was answered.',
  access: { by: 'session', action: 'form.write' },
  params: ofForm,
  headers: z.object({ 'if-match': z.string().regex(/^"(0|[1-9]\d{0,8})"$/, 'must be the version that you saw, in quotes; "0" for a new one') }),
  body: z.strictObject({ definition: FormDefinition.nullable() }).meta({ id: 'FormToSave', description: 'Null: it is not asked any more.' }),
  success: { status: 200, body: z.object({ version: z.int() }).meta({ id: 'FormSaved' }), description: 'The version that counts now.' },
  refusals: [409],
})

const Answered = z.object({ label: z.string(), is: z.enum(['none', 'words', 'date', 'yes', 'no']), words: z.array(z.string()) })
export const getFormAnswers = defineRoute({
  operationId: 'getFormAnswers',
  method: 'GET',
  url: '/api/clinic/visits/:intakeId/form-answers',
  tag: 'clinic',
  summary: 'What a patient answered to the clinic’s own questions, beside the questions as they were asked. Audited.',
  access: { by: 'session', action: 'form-answer.read' },
  params: z.object({ intakeId: z.uuid() }),
  success: {
    status: 200,
    body: z
      .object({
        items: z.array(
          z
            .object({ id: z.string(), version: z.int().nullable(), isRecorded: z.boolean(), title: z.string(), questions: z.array(Answered) })
            .meta({ id: 'AnsweredForm' }),
        ),
      })
      .meta({ id: 'FormAnswers' }),
    description: 'By form; the questions in their order, in English where the form has it.',
  },
  refusals: [404],
})

export const formRoutes = [listForms, getForm, saveForm, getFormAnswers] as const
