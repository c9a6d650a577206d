import { limits } from '@heliox/core/kit'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { JsonSchema } from '../../kit/schemas.ts'

const AdapterView = z
  .object({
    id: z.string(),
    title: z.string(),
    /** The credential form: what is shown again, and what is only ever written. */
    configSchema: JsonSchema,
    secretsSchema: JsonSchema,
    secretNames: z.array(z.string()),
    operations: z.array(z.object({ name: z.string(), version: z.int(), summary: z.string() })),
  })
  .meta({ id: 'AdapterView' })

const ConnectionView = z
  .object({
    adapterId: z.string(),
    config: z.record(z.string(), z.unknown()),
    /** Secrets that are set; their values never come back. */
    secretNames: z.array(z.string()),
    updatedAt: z.iso.datetime(),
    /** The address to give to the partner, so that it can call us; null where it does not. */
    hookUrl: z.url().nullable(),
    /** Where the partner fetches the public halves of our signing keys; null where there are none. */
    keysUrl: z.url().nullable(),
  })
  .meta({ id: 'ConnectionView' })

export const listAdapters = defineRoute({
  operationId: 'listAdapters',
  method: 'GET',
  url: '/api/admin/adapters',
  tag: 'admin',
  summary: 'Partners that can be connected, each with its credential form.',
  access: { by: 'session', action: 'connection.list' },
  success: { status: 200, body: z.object({ items: z.array(AdapterView) }).meta({ id: 'AdapterList' }), description: 'The adapters.' },
})

export const listConnections = defineRoute({
  operationId: 'listConnections',
  method: 'GET',
  url: '/api/admin/connections',
  tag: 'admin',
  summary: 'What this clinic has connected.',
  access: { by: 'session', action: 'connection.list' },
  success: { status: 200, body: z.object({ items: z.array(ConnectionView) }).meta({ id: 'ConnectionList' }), description: 'The connections.' },
})

export const saveConnection = defineRoute({
  operationId: 'saveConnection',
  method: 'PUT',
  url: '/api/admin/connections/:adapterId',
  tag: 'admin',
  summary: 'Set a connection. Secrets are written only; leaving them all out keeps the ones that are set.',
  access: { by: 'session', action: 'connection.write' },
  params: z.object({ adapterId: z.string().regex(/^[a-z0-9-]{1,40}$/) }),
  body: z
    .strictObject({ config: z.record(z.string(), z.unknown()), secrets: z.record(z.string(), z.string().max(limits.secretCharsMax)).optional() })
    .meta({ id: 'ConnectionInput' }),
  success: { status: 200, body: ConnectionView, description: 'As saved, without secrets.' },
  refusals: [404],
})

export const adminRoutes = [listAdapters, listConnections, saveConnection] as const
