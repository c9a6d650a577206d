import { randomUUID } from 'node:crypto'
import { shaped } from './check.ts'
import { Refusal } from './refusal.ts'
import { isKnownType, nameOf, type Stored, versionOf } from './resource.ts'
import type { FhirStore } from './store.ts'

/** The clinic's own people at the EHR's own screens: they need no token, follow no rules of the interface, and nothing of theirs is counted. */
export function staff(store: FhirStore, what: string, body: unknown): object | undefined {
  if (what === 'POST /_sim/staff/put') return put(store, body)
  const asked = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  if (what === 'POST /_sim/staff/change') {
    const current = named(store, asked.reference)
    const changed = Object.entries({ ...current, ...(asked.set as object) }).filter(([, value]) => value !== null)
    return put(store, Object.fromEntries(changed))
  }
  if (what === 'POST /_sim/staff/remove') {
    store.remove(nameOf(named(store, asked.reference)))
    return { ok: true }
  }
  if (what === 'POST /_sim/staff/merge') {
    const [from, into] = [named(store, asked.from), named(store, asked.into)]
    const link = (other: Stored, type: string) => [{ other: { reference: nameOf(other) }, type }]
    put(store, { ...into, link: link(from, 'replaces') })
    return put(store, { ...from, active: false, link: link(into, 'replaced-by') })
  }
  return undefined
}

function put(store: FhirStore, body: unknown): Stored {
  const type = (body as Partial<Stored> | null)?.resourceType
  if (!isKnownType(type)) throw new Refusal(400, 'not-supported', `no resource type ${type}`)
  const resource = shaped(body, type, type)
  const id = resource.id ?? randomUUID()
  const current = store.find(`${type}/${id}`)
  const [stored] = store.commit([{ resource: { ...resource, id }, basedOn: current ? versionOf(current) : null }], [], false)
  return stored as Stored
}
function named(store: FhirStore, reference: unknown): Stored {
  const found = typeof reference === 'string' ? store.find(reference) : undefined
  if (!found) throw new Refusal(404, 'not-found', `there is no ${reference}`)
  return found
}
