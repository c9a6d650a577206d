import { NewServiceAccount, serviceRoles } from '@heliox/core/identity'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

const ServiceAccountView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: z.enum(serviceRoles),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ServiceAccount' })

export const listServiceAccounts = defineRoute({
  operationId: 'listServiceAccounts',
  method: 'GET',
  url: '/api/admin/service-accounts',
  tag: 'admin',
  summary: 'Programs that may ask for this clinic; never their tokens.',
  access: { by: 'session', action: 'service-account.list' },
  success: { status: 200, body: z.object({ items: z.array(ServiceAccountView) }).meta({ id: 'ServiceAccountList' }), description: 'Newest first.' },
})

export const createServiceAccount = defineRoute({
  operationId: 'createServiceAccount',
  method: 'POST',
  url: '/api/admin/service-accounts',
  tag: 'admin',
  summary: 'A token for a program; it is shown this once.',
  access: { by: 'session', action: 'service-account.write' },
  body: NewServiceAccount.meta({ id: 'NewServiceAccount' }),
  success: {
    status: 201,
    body: z.object({ id: z.uuid(), token: z.string(), expiresAt: z.iso.datetime() }).meta({ id: 'ServiceAccountCreated' }),
    description: 'The only time the token is told.',
  },
  refusals: [409],
})

export const closeServiceAccount = defineRoute({
  operationId: 'closeServiceAccount',
  method: 'POST',
  url: '/api/admin/service-accounts/:accountId/close',
  tag: 'admin',
  summary: 'From now on its token opens nothing.',
  access: { by: 'session', action: 'service-account.write' },
  params: z.object({ accountId: z.uuid() }),
  success: { status: 204, body: null, description: 'Ended.' },
  refusals: [404],
})

export const serviceAccountRoutes = [listServiceAccounts, createServiceAccount, closeServiceAccount] as const
