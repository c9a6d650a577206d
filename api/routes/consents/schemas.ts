import { consentKinds } from '@heliox/core/compliance'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

const Given = z
  .object({
    id: z.uuid(),
    kind: z.enum(consentKinds),
    title: z.string(),
    version: z.int(),
    signedAt: z.iso.datetime(),
    withdrawnAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'GivenConsent' })

export const listConsents = defineRoute({
  operationId: 'listConsents',
  method: 'GET',
  url: '/api/intake/consents',
  tag: 'intake',
  summary: 'What was signed with this form, and what of it was taken back.',
  access: { by: 'link', action: 'status.read' },
  success: { status: 200, body: z.object({ items: z.array(Given) }).meta({ id: 'ConsentList' }), description: 'The consents; none before the form was sent.' },
  refusals: [404, 410],
})

export const withdrawConsent = defineRoute({
  operationId: 'withdrawConsent',
  method: 'POST',
  url: '/api/intake/consents/:consentId/withdraw',
  tag: 'intake',
  summary: 'Takes a consent back, from now on. Repeating it changes nothing.',
  access: { by: 'link', action: 'consent.withdraw' },
  params: z.object({ consentId: z.uuid() }),
  success: { status: 200, body: z.object({ kind: z.enum(consentKinds) }).meta({ id: 'ConsentWithdrawn' }), description: 'Taken back.' },
  refusals: [404, 410],
})

export const consentRoutes = [listConsents, withdrawConsent] as const
