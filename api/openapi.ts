import { z } from 'zod'
import type { RouteSpec } from './kit/route.ts'
import { ApiError } from './kit/schemas.ts'
import { apiRoutes } from './routes/registry.ts'

type Json = Record<string, unknown>
const jsonType = 'application/json'

/** Named shapes become components; `$defs` of zod are lifted there so that a client generator sees one type once. */
class Components {
  readonly schemas: Json = {}
  schema(shape: z.ZodType, io: 'input' | 'output'): Json {
    const { $schema: _, $defs, ...rest } = z.toJSONSchema(shape, { io, target: 'draft-2020-12' }) as Json & { $defs?: Json }
    for (const [name, definition] of Object.entries($defs ?? {})) this.add(name, definition as Json)
    const id = rest.id as string | undefined
    if (!id) return relink(rest) as Json
    this.add(id, rest)
    return { $ref: `#/components/schemas/${id}` }
  }
  private add(name: string, definition: Json): void {
    const { id: _, ...rest } = definition
    const linked = relink(rest)
    const known = this.schemas[name]
    if (known && JSON.stringify(known) !== JSON.stringify(linked)) throw new Error(`two different shapes are called ${name}`)
    this.schemas[name] = linked
  }
}

function relink(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relink)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) =>
      key === '$ref' && typeof v === 'string' ? [key, v.replace('#/$defs/', '#/components/schemas/')] : [key, relink(v)],
    ),
  )
}

const refusalTexts: Record<number, string> = {
  400: 'Not understood, or a field is wrong.',
  401: 'Not signed in, or no link.',
  403: 'Not allowed.',
  404: 'Not there, or another clinic’s.',
  409: 'In conflict with what is there.',
  410: 'The link has ended.',
  413: 'Too large.',
  421: 'Another region’s clinic.',
  429: 'Too many; wait.',
  500: 'Our fault; only the correlation id is told.',
  503: 'Our storage, or what this route needs, is away or takes nothing new; `retry-after` says when to try again.',
}

/** What can be refused on a route, from its data. */
export function refusalsOf(route: RouteSpec): number[] {
  const list = new Set<number>([429, 500, ...(route.operationId === 'getHealth' ? [] : [503]), ...(route.refusals ?? [])])
  if (route.params || route.query || route.body || route.headers) list.add(400)
  if (route.body) list.add(413)
  if (route.access.by === 'link') for (const status of [401, 403, 421]) list.add(status)
  if (route.access.by === 'session') for (const status of [401, 403, 421]) list.add(status)
  if (route.access.by === 'session-or-service') for (const status of [401, 403, 421]) list.add(status)
  if (route.access.by === 'own-session') for (const status of [401, 403, 421]) list.add(status)
  if (route.operationId === 'signIn') for (const status of [401, 403, 421]) list.add(status)
  return [...list].sort((a, b) => a - b)
}

function parameters(components: Components, place: 'path' | 'query' | 'header', shape: z.ZodObject | undefined): Json[] {
  if (!shape) return []
  const schema = components.schema(shape, 'input') as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (schema.required ?? []).includes(name),
    schema: property,
  }))
}

function operation(components: Components, route: RouteSpec): Json {
  const security = {
    link: [{ link: [] }],
    session: [{ session: [] }],
    'session-or-service': [{ session: [] }, { service: [] }],
    'own-session': [{ session: [] }],
    anyone: [],
  }[route.access.by]
  const content = (schema: Json, type: string): Json => ({ content: { [type]: { schema } } })
  const { success } = route
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    security,
    parameters: [
      ...parameters(components, 'path', route.params),
      ...parameters(components, 'query', route.query),
      ...parameters(components, 'header', route.headers),
    ],
    ...(route.body ? { requestBody: { required: true, ...content(components.schema(route.body, 'input'), jsonType) } } : {}),
    responses: {
      [success.status]: {
        description: success.description,
        ...(success.body ? content(components.schema(success.body, 'output'), route.stream ? 'text/event-stream' : jsonType) : {}),
      },
      ...Object.fromEntries(refusalsOf(route).map((status) => [status, { $ref: `#/components/responses/Refused${status}` }])),
    },
  }
}

/** The OpenAPI 3.1 document, from the route data alone: no server, no database. `make gen` writes it to `api/openapi.json`. */
export function openApiDocument(): Json {
  const components = new Components()
  const paths: Record<string, Json> = {}
  for (const route of apiRoutes) {
    const path = route.url.replace(/:([A-Za-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(components, route) }
  }
  const refused = components.schema(ApiError, 'output')
  return {
    openapi: '3.1.0',
    info: {
      title: 'Heliox Hub',
      version: '1',
      description:
        'Intake, clinic, ops and admin. Staff calls that change something need the header `x-hub-request: 1` and the same origin. Every answer carries `x-correlation-id`.',
    },
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: Object.fromEntries(
        Object.entries(refusalTexts).map(([status, description]) => [`Refused${status}`, { description, content: { [jsonType]: { schema: refused } } }]),
      ),
      securitySchemes: {
        link: { type: 'apiKey', in: 'header', name: 'authorization', description: '`Intake <token>`, the token of the patient’s link' },
        session: { type: 'apiKey', in: 'cookie', name: 'hub_session' },
        service: { type: 'apiKey', in: 'header', name: 'authorization', description: '`Service <token>`, a program of one clinic' },
      },
    },
  }
}
