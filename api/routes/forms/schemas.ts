import { FormDefinition, FormId } from '@heliox/core/catalog'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { FormView } from '../intake/schemas.ts'

export const listForms = defineRoute({
  operationId: 'listForms',
  method: 'GET',
  url: '/api/admin/forms',
  tag: 'admin',
  summary: 'The questions that this clinic asks its patients beside the intake.',
  access: { by: 'session', action: 'form.read' },
  success: { status: 200, body: z.object({ items: z.array(FormView) }).meta({ id: 'FormList' }), description: 'As they are asked now.' },
})

export const saveForm = defineRoute({
  operationId: 'saveForm',
  method: 'PUT',
  url: '/api/admin/forms/:formId',
  tag: 'admin',
  summary: 'Ask a form, its next version, or not any more. What was asked before is kept with what was answered.',
  access: { by: 'session', action: 'form.write' },
  params: z.object({ formId: FormId }),
  headers: z.object({ 'if-match': z.string().regex(/^"(0|[1-9]\d{0,8})"$/, 'must be the version that you saw, in quotes; "0" for a new one') }),
  body: z.strictObject({ definition: FormDefinition.nullable() }).meta({ id: 'FormToSave', description: 'Null: it is not asked any more.' }),
  success: { status: 200, body: z.object({ version: z.int() }).meta({ id: 'FormSaved' }), description: 'The version that counts now.' },
  refusals: [409],
})

export const formRoutes = [listForms, saveForm] as const
