import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

export const getPublicKeys = defineRoute({
  operationId: 'getPublicKeys',
  method: 'GET',
  url: '/api/keys/:keysId/jwks.json',
  tag: 'admin',
  summary: 'Public halves of the keys with which one connection signs, as a JWK set. Its partner fetches them.',
  access: { by: 'anyone', why: 'the partner checks our signatures with them; anybody may know a public key' },
  params: z.object({ keysId: z.string().regex(/^[A-Za-z0-9_-]{32,64}$/) }),
  success: {
    status: 200,
    body: z.object({ keys: z.array(z.record(z.string(), z.string())) }).meta({ id: 'PublicKeys' }),
    description: 'The one that signs comes first.',
  },
  refusals: [404],
})

export const keyRoutes = [getPublicKeys] as const
