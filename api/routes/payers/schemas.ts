import { suspicions, verdicts } from '@heliox/core/billing'
import { PayerSettings } from '@heliox/core/catalog'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

const payerFacts = {
  id: z.string(),
  name: z.string(),
  route: PayerSettings.shape.route.unwrap(),
  timeZone: z.string(),
  /** By its own hours, now. */
  open: z.boolean(),
  nextOpenAt: z.iso.datetime().nullable(),
  /** When it last answered this clinic. */
  lastSeenAt: z.iso.datetime().nullable(),
  /** Since when its answers are not believed; null: they are. */
  suspiciousSince: z.iso.datetime().nullable(),
  suspicions: z.array(z.enum(suspicions)),
  /** This clinic has values of its own. */
  own: z.boolean(),
  /** Of the clinic's own values; 0 while there are none. */
  version: z.int(),
}
const PayerItem = z.object(payerFacts).meta({ id: 'PayerItem' })

const Values = PayerSettings.meta({ id: 'PayerValues' })
const PayerDetail = z
  .object({
    ...payerFacts,
    /** What counts for every clinic that says nothing else. */
    catalogue: PayerSettings.required().meta({ id: 'PayerDefaults' }),
    settings: Values,
    canaryResults: z.array(
      z.object({
        known: z.enum(['active', 'inactive']),
        askedAt: z.iso.datetime().nullable(),
        answeredAt: z.iso.datetime().nullable(),
        verdict: z.enum(verdicts).nullable(),
        dueAt: z.iso.datetime().nullable(),
      }),
    ),
  })
  .meta({ id: 'PayerDetail' })

const payerId = z.object({ payerId: z.string().regex(/^[A-Za-z0-9-]{2,40}$/, 'must be the id of a payer') })

export const listPayerSettings = defineRoute({
  operationId: 'listPayerSettings',
  method: 'GET',
  url: '/api/admin/payers',
  tag: 'admin',
  summary: 'Payers of the catalogue, with how each answers now.',
  access: { by: 'session', action: 'payer.read' },
  success: { status: 200, body: z.object({ items: z.array(PayerItem) }).meta({ id: 'PayerList' }), description: 'By name.' },
})

export const getPayerSettings = defineRoute({
  operationId: 'getPayerSettings',
  method: 'GET',
  url: '/api/admin/payers/:payerId',
  tag: 'admin',
  summary: 'One payer: the catalogue’s values, this clinic’s own, and what came of its canaries.',
  access: { by: 'session', action: 'payer.read' },
  params: payerId,
  success: { status: 200, body: PayerDetail, description: 'The payer.' },
  refusals: [404],
})

export const savePayerSettings = defineRoute({
  operationId: 'savePayerSettings',
  method: 'PUT',
  url: '/api/admin/payers/:payerId',
  tag: 'admin',
  summary: 'This clinic’s own values, all of them: what is left out is the catalogue’s again. Refused when somebody saved meanwhile.',
  access: { by: 'session', action: 'payer.write' },
  params: payerId,
  body: z
    .strictObject({
      settings: PayerSettings,
      /** As it was read; 0 when there were none. */
      version: z.int().min(0),
    })
    .meta({ id: 'PayerSettingsInput' }),
  success: { status: 200, body: PayerDetail, description: 'As saved.' },
  refusals: [404, 409],
})

export const payerRoutes = [listPayerSettings, getPayerSettings, savePayerSettings] as const
