import type { OverrideItem } from '../client.gen.ts'
import { queueWords } from '../shared/messages/queue-words.ts'

/** How the queue is narrowed. It lives in the URL: a list can be sent to a colleague, and Back works. */
export interface QueueFilter {
  status: OverrideItem['status']
  cause?: OverrideItem['cause']
  payer?: string
  owner?: OverrideItem['owner']
  kind?: OverrideItem['kind']
  flow?: string
  incident?: string
  mine?: true
  proposed?: true
  sort: 'visit' | 'age'
}
export type FilterName = keyof QueueFilter

const nameMax = 80
const oneOf = <Value extends string>(known: Readonly<Record<Value, unknown>>, text: string | null): Value | undefined =>
  text !== null && Object.hasOwn(known, text) ? (text as Value) : undefined
const nameOf = (text: string | null): string | undefined => (text !== null && text.length > 0 && text.length <= nameMax ? text : undefined)
const uuidOf = (text: string | null): string | undefined => (text !== null && /^[0-9a-f-]{36}$/i.test(text) ? text : undefined)

/** Reads a filter; what is unknown or out of bounds is as if it were not there. */
export function filterOf(query: URLSearchParams): QueueFilter {
  const cause = oneOf(queueWords.causes, query.get('cause'))
  const payer = nameOf(query.get('payer'))
  const owner = oneOf(queueWords.owners, query.get('owner'))
  const kind = oneOf(queueWords.overrides.kinds, query.get('kind'))
  const flow = nameOf(query.get('flow'))
  const incident = uuidOf(query.get('incident'))
  return {
    status: query.get('status') === 'resolved' ? 'resolved' : 'open',
    ...(cause ? { cause } : {}),
    ...(payer ? { payer } : {}),
    ...(owner ? { owner } : {}),
    ...(kind ? { kind } : {}),
    ...(flow ? { flow } : {}),
    ...(incident ? { incident } : {}),
    ...(query.get('mine') === 'true' ? { mine: true as const } : {}),
    ...(query.get('proposed') === 'true' ? { proposed: true as const } : {}),
    sort: query.get('sort') === 'age' ? 'age' : 'visit',
  }
}

/** The same as a query, without what is usual, in one order: two equal filters are one address. */
export function searchOf(filter: QueueFilter): string {
  const query = new URLSearchParams()
  const { status, sort, ...rest } = filter
  if (status !== 'open') query.set('status', status)
  for (const name of ['cause', 'payer', 'owner', 'kind', 'flow', 'incident', 'mine', 'proposed'] as const) {
    const value = rest[name]
    if (value !== undefined) query.set(name, String(value))
  }
  if (sort !== 'visit') query.set('sort', sort)
  return query.toString()
}

/** One part changed or, with `undefined`, taken out. */
export function withFilter<Name extends FilterName>(filter: QueueFilter, name: Name, value: QueueFilter[Name] | undefined): QueueFilter {
  const { [name]: _, ...rest } = filter
  return (value === undefined ? { ...rest } : { ...rest, [name]: value }) as QueueFilter
}

/** Something besides "waiting or resolved" narrows it. */
export const isNarrowed = (filter: QueueFilter): boolean => Object.keys(filter).some((name) => name !== 'status' && name !== 'sort')

/** What a bulk release takes of it; null where it says more than one can be narrowed by. */
export function selectionOf(
  filter: QueueFilter,
): { incidentId?: string; cause?: OverrideItem['cause']; payerId?: string; owner?: OverrideItem['owner']; flow?: string } | null {
  if (filter.status !== 'open' || filter.mine || filter.proposed || filter.kind) return null
  const selection = {
    ...(filter.incident ? { incidentId: filter.incident } : {}),
    ...(filter.cause ? { cause: filter.cause } : {}),
    ...(filter.payer ? { payerId: filter.payer } : {}),
    ...(filter.owner ? { owner: filter.owner } : {}),
    ...(filter.flow ? { flow: filter.flow } : {}),
  }
  return Object.keys(selection).length > 0 ? selection : null
}
