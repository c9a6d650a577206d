import { randomUUID } from 'node:crypto'
import { check } from './check.ts'
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

/** What hangs on one patient identifier of the hub's; more than one patient is a duplicate chart. */
interface Person {
  patients: number
  coverages: { status: string }[]
  appointments: number
}

export class FhirStore {
  #resources: Stored[] = []
  /** Identifier of the Appointment -> transactions that created something. */
  #transactions = new Map<string, number>()

  reset(): void {
    this.#resources = []
    this.#transactions.clear()
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
    this.#resources.push(...created)

    const appointment = planned.find((p) => p.resource.resourceType === 'Appointment')?.resource.identifier?.[0]?.value
    if (created.length > 0 && appointment) this.#transactions.set(appointment, (this.#transactions.get(appointment) ?? 0) + 1)
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
    this.#resources.push(stored)
    return stored
  }

  read(type: string, id: string): Stored {
    const found = this.#resources.find((r) => r.resourceType === type && r.id === id)
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
    return this.#resources.filter((r) => r.resourceType === type && r.identifier?.some((i) => i.value === value && (bar < 0 || i.system === system)))
  }

  effects(): { count: number; byKey: Record<string, number> } {
    const byKey = Object.fromEntries(this.#transactions)
    return { count: Object.values(byKey).reduce((sum, n) => sum + n, 0), byKey }
  }

  /** Per patient identifier: how many charts, and what hangs on them. */
  people(): Record<string, Person> {
    const people = new Map<string, Person>()
    for (const patient of this.#resources.filter((r) => r.resourceType === 'Patient')) {
      const key = patient.identifier?.[0]?.value ?? patient.id
      const person = people.get(key) ?? { patients: 0, coverages: [], appointments: 0 }
      people.set(key, person)
      const coverages = this.#resources.filter((r) => r.resourceType === 'Coverage' && mentions(r, `Patient/${patient.id}`))
      person.patients += 1
      person.coverages.push(...coverages.map((c) => ({ status: String(c.status) })))
      person.appointments += this.#resources.filter((r) => r.resourceType === 'Appointment' && mentions(r, `Patient/${patient.id}`)).length
    }
    return Object.fromEntries(people)
  }
}

function mentions(value: unknown, reference: string): boolean {
  if (value === null || typeof value !== 'object') return false
  return Object.entries(value).some(([key, v]) => (key === 'reference' && v === reference) || mentions(v, reference))
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
