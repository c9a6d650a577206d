import { randomUUID } from 'node:crypto'
import type { SimJournal } from '../../sim-journal.ts'
import { check } from './check.ts'
import { countPeople, type Person } from './people.ts'
import { Refusal } from './refusal.ts'

export const resourceTypes = ['Patient', 'Coverage', 'Appointment']

export interface Stored {
  resourceType: string
  id: string
  identifier?: { system?: string; value?: string }[]
  [element: string]: unknown
}
interface Entry {
  fullUrl?: string
  resource?: Stored
  request?: { method?: string; url?: string; ifNoneExist?: string }
}
interface TransactionResponse {
  resourceType: 'Bundle'
  type: 'transaction-response'
  entry: { response: { status: string; location: string; etag: string } }[]
}

/** Whose a transaction was, by identifiers of the sender's: of the Appointment, of the Patient, and the member id of the Coverage. */
interface Whose {
  key: string
  patient: string
  member: string
}

export class FhirStore {
  /** By `Type/id`, in the order in which they came. */
  #resources = new Map<string, Stored>()
  #byIdentifier = new Map<string, Stored[]>()
  /** Identifier of the Appointment -> transactions that created something. */
  #transactions = new Map<string, Whose & { times: number }>()
  /** All that one request creates is one change: a transaction is kept whole or not at all, also by a process that is killed. */
  readonly #keep: (resources: Stored[], whose: Whose | null) => void
  readonly reset: () => void

  constructor(journal: SimJournal) {
    this.#keep = journal.change('created', (resources, whose) => {
      for (const resource of resources) this.#add(resource)
      if (whose) this.#transactions.set(whose.key, { ...whose, times: (this.#transactions.get(whose.key)?.times ?? 0) + 1 })
    })
    this.reset = journal.change('reset', () => {
      for (const map of [this.#resources, this.#byIdentifier, this.#transactions]) map.clear()
    })
  }
  #add(resource: Stored): void {
    this.#resources.set(`${resource.resourceType}/${resource.id}`, resource)
    for (const value of new Set(resource.identifier?.map((identifier) => identifier.value))) {
      const key = `${resource.resourceType}|${value}`
      const others = this.#byIdentifier.get(key)
      if (others) others.push(resource)
      else this.#byIdentifier.set(key, [resource])
    }
  }

  /** All or nothing: everything is decided and checked before the first resource is kept. */
  transaction(body: unknown): TransactionResponse {
    const bundle = body as { resourceType?: string; type?: string; entry?: Entry[] } | null
    if (bundle?.resourceType !== 'Bundle' || bundle.type !== 'transaction') throw new Refusal(400, 'structure', 'not a transaction', 'Bundle.type')
    if (!Array.isArray(bundle.entry) || bundle.entry.length === 0 || bundle.entry.length > 100)
      throw new Refusal(400, 'structure', 'no entries', 'Bundle.entry')

    const planned = bundle.entry.map((entry, i) => this.#plan(entry, `Bundle.entry[${i}]`))
    const idOf = new Map(planned.flatMap((p) => (p.fullUrl ? [[p.fullUrl, `${p.resource.resourceType}/${p.id}`] as const] : [])))
    const created = planned
      .filter((p) => p.isNew)
      .map((p) => check({ ...(replaceReferences(p.resource, idOf) as Stored), id: p.id, meta: { versionId: '1' } }, p.path))
    if (created.length > 0) this.#keep(created, whoseOf(planned.map((p) => p.resource)))
    return {
      resourceType: 'Bundle',
      type: 'transaction-response',
      entry: planned.map((p) => ({
        response: { status: p.isNew ? '201 Created' : '200 OK', location: `${p.resource.resourceType}/${p.id}/_history/1`, etag: 'W/"1"' },
      })),
    }
  }

  #plan(entry: Entry, path: string) {
    const { fullUrl, resource, request } = entry
    if (!resource || request?.method !== 'POST' || request.url !== resource.resourceType || !resourceTypes.includes(resource.resourceType)) {
      throw new Refusal(422, 'not-supported', 'only creates of known types', `${path}.request`)
    }
    const existing = request.ifNoneExist === undefined ? [] : this.#matching(resource.resourceType, new URLSearchParams(request.ifNoneExist))
    if (existing.length > 1) throw new Refusal(412, 'multiple-matches', `${existing.length} match ${request.ifNoneExist}`, `${path}.request.ifNoneExist`)
    return { fullUrl, resource, path: `${path}.resource`, isNew: existing.length === 0, id: existing[0]?.id ?? randomUUID() }
  }

  create(type: string, body: unknown): Stored {
    const resource = body as Stored | null
    if (resource?.resourceType !== type) throw new Refusal(422, 'invalid', 'another type than the address says', type)
    const stored = check({ ...resource, id: randomUUID(), meta: { versionId: '1' } }, type)
    this.#keep([stored], null)
    return stored
  }

  read(type: string, id: string): Stored {
    const found = this.#resources.get(`${type}/${id}`)
    if (!found) throw new Refusal(404, 'not-found', 'no such resource')
    return found
  }

  search(type: string, query: URLSearchParams) {
    const found = this.#matching(type, query)
    const count = Math.min(Number(query.get('_count') ?? '50'), 50)
    const page = query.get('_summary') === 'count' ? [] : found.slice(0, count)
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      total: found.length,
      ...(page.length === 0 ? {} : { entry: page.map((resource) => ({ fullUrl: `${type}/${resource.id}`, resource, search: { mode: 'match' } })) }),
    }
  }

  #matching(type: string, query: URLSearchParams): Stored[] {
    const token = query.get('identifier')
    if (token === null) throw new Refusal(400, 'not-supported', 'search by identifier only')
    const bar = token.lastIndexOf('|')
    const [system, value] = [token.slice(0, Math.max(bar, 0)), token.slice(bar + 1)]
    const named = this.#byIdentifier.get(`${type}|${value}`) ?? []
    return bar < 0 ? [...named] : named.filter((r) => r.identifier?.some((i) => i.value === value && i.system === system))
  }

  effects(): { count: number; byKey: Record<string, number> } {
    const all = [...this.#transactions.values()]
    return { count: all.reduce((sum, { times }) => sum + times, 0), byKey: Object.fromEntries(all.map(({ key, times }) => [key, times])) }
  }
  /** One by one, with what tells whose it is. */
  each(): (Whose & { operation: 'writeVisit'; times: number })[] {
    return [...this.#transactions.values()].map((one) => ({ operation: 'writeVisit', ...one }))
  }
  /** Per patient identifier: how many charts, and what hangs on them. */
  people(): Record<string, Person> {
    return countPeople([...this.#resources.values()])
  }
}

function whoseOf(resources: readonly Stored[]): Whose | null {
  const of = (type: string) => resources.find(({ resourceType }) => resourceType === type)
  const name = (type: string): string => of(type)?.identifier?.[0]?.value ?? ''
  return name('Appointment') === '' ? null : { key: name('Appointment'), patient: name('Patient'), member: String(of('Coverage')?.subscriberId ?? '') }
}

function replaceReferences(value: unknown, idOf: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((v) => replaceReferences(v, idOf))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => {
      if (key !== 'reference' || typeof v !== 'string' || !v.startsWith('urn:')) return [key, replaceReferences(v, idOf)]
      const real = idOf.get(v)
      if (real === undefined) throw new Refusal(422, 'not-found', `nothing in the bundle is ${v}`)
      return [key, real]
    }),
  )
}
