import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { check, shaped } from './check.ts'
import type { Knobs } from './knobs.ts'
import { Refusal } from './refusal.ts'
import { etagOf, isKnownType, nameOf, type ResourceType, replaceReferences, type Stored, versionOf } from './resource.ts'
import type { Searches } from './search.ts'
import type { FhirStore } from './store.ts'

/** One write as it is asked for, by a request or by an entry of a bundle. */
export interface Ask {
  method: 'POST' | 'PUT'
  type: ResourceType
  /** Of a PUT: the id, or the criteria of a conditional one. */
  id?: string
  criteria?: URLSearchParams
  ifMatch?: string | undefined
  ifNoneExist?: string | undefined
  body: unknown
  fullUrl?: string | undefined
  path: string
}
export interface Done {
  status: 200 | 201
  resource: Stored
}
interface Planned {
  ask: Ask
  resource: Stored
  basedOn: string | null
  /** There already: by a conditional create that found one, or an update that changes nothing. */
  existing: Stored | undefined
}

/**
 * Looks first, writes afterwards; what lies between the two is the window in which two conditional creates both find nothing. Real
 * servers have it, of a few milliseconds; a knob makes it as wide as a test needs.
 */
export class Writer {
  readonly #store: FhirStore
  readonly #searches: Searches
  readonly #knobs: Knobs

  constructor(store: FhirStore, searches: Searches, knobs: Knobs) {
    this.#store = store
    this.#searches = searches
    this.#knobs = knobs
  }

  /** All or nothing. `touched`: somebody at the clinic changes what is named by If-Match before we get to it. */
  async write(asks: readonly Ask[], touched = false): Promise<Done[]> {
    const { commitDelayMs, raceWindowMs } = this.#knobs.values
    if (commitDelayMs > 0) await sleep(commitDelayMs)
    if (touched) for (const ask of asks) this.#touch(ask)
    const planned = asks.map((ask) => this.#plan(ask))
    const names = planned.map(({ resource }) => nameOf(resource))
    const twice = names.findIndex((name, i) => names.indexOf(name) !== i)
    if (twice >= 0) throw new Refusal(400, 'invalid', `${names[twice]} is written twice`, planned[twice]?.ask.path)
    if (raceWindowMs > 0) await sleep(raceWindowMs)
    return this.#commit(planned)
  }

  #commit(planned: readonly Planned[]): Done[] {
    const idOf = new Map(planned.flatMap(({ ask, resource }) => (ask.fullUrl ? [[ask.fullUrl, nameOf(resource)] as const] : [])))
    const known = new Set(planned.map(({ resource }) => nameOf(resource)))
    const resolved = planned.map((p) => {
      const resource = p.existing && p.basedOn === null ? p.existing : replaceReferences(p.resource, (ref) => this.#resolve(ref, idOf, known, p.ask.path))
      const before = p.basedOn === null ? undefined : this.#store.find(nameOf(resource))
      const isSame = p.existing ?? (before && isDeepStrictEqual(bare(before), bare(resource)) ? before : undefined)
      if (!isSame) this.#judge(resource, before, p.ask.path)
      return { ...p, resource, existing: isSame }
    })
    const fresh = resolved.filter((p) => !p.existing)
    const written = this.#store.commit(
      fresh.map(({ resource, basedOn }) => ({ resource, basedOn })),
      resolved.flatMap((p) => p.existing ?? []),
    )
    return resolved.map((p): Done => {
      const resource = p.existing ?? (written[fresh.indexOf(p)] as Stored)
      return { status: !p.existing && p.basedOn === null ? 201 : 200, resource }
    })
  }
  #judge(resource: Stored, before: Stored | undefined, path: string): void {
    check(resource, path)
    const steps = this.#knobs.rules().statusSteps
    const [from, to] = [String(before?.status), String(resource.status)]
    if (resource.resourceType === 'Appointment' && before && steps && from !== to && !steps[from]?.includes(to))
      throw new Refusal(422, 'business-rule', `${from} cannot become ${to}`, `${path}.status`)
  }
  /** `urn:` is of this bundle; `Patient?identifier=…` is looked up; what is named by type and id must be there. */
  #resolve(reference: string, idOf: ReadonlyMap<string, string>, known: ReadonlySet<string>, path: string): string | undefined {
    if (reference.startsWith('urn:')) {
      const real = idOf.get(reference)
      if (real === undefined) throw new Refusal(422, 'not-found', `nothing in the bundle is ${reference}`, path)
      return real
    }
    const [, type, rest] = /^([A-Z][A-Za-z]+)([/?].+)$/.exec(reference) ?? []
    if (!isKnownType(type) || rest === undefined) return undefined
    if (rest.startsWith('/')) {
      const name = `${type}/${rest.slice(1).split('/')[0]}`
      if (!known.has(name) && !this.#store.find(name)) throw new Refusal(422, 'not-found', `${reference} does not exist`, path)
      return undefined
    }
    const found = this.#searches.matching(type, new URLSearchParams(rest.slice(1)), true)
    if (found.length !== 1) throw new Refusal(412, found.length ? 'multiple-matches' : 'not-found', `${found.length} match ${reference}`, path)
    return nameOf(found[0] as Stored)
  }

  #plan(ask: Ask): Planned {
    const body = shaped(ask.body, ask.type, ask.path)
    const rules = this.#knobs.rules()
    if (ask.method === 'POST') {
      if (!rules.writes[ask.type].includes('create')) throw new Refusal(405, 'not-supported', `no creates of ${ask.type}`, ask.path)
      // A server that does not know it does not see it.
      const found = ask.ifNoneExist !== undefined && rules.conditionalCreate ? this.#one(ask, criteriaOf(ask.ifNoneExist, ask.type)) : undefined
      return { ask, resource: found ?? { ...body, id: randomUUID() }, basedOn: null, existing: found }
    }
    if (!rules.writes[ask.type].includes('update')) throw new Refusal(405, 'not-supported', `no updates of ${ask.type}`, ask.path)
    const current = ask.criteria ? this.#conditional(ask, ask.criteria) : this.#named(ask, body)
    if (!current) return { ask, resource: { ...body, id: randomUUID() }, basedOn: null, existing: undefined }
    if (body.id !== undefined && body.id !== current.id) throw new Refusal(400, 'invalid', `${body.id} is another id than ${current.id}`, `${ask.path}.id`)
    if (ask.ifMatch !== undefined && rules.versioned && ask.ifMatch !== etagOf(current))
      throw new Refusal(412, 'conflict', `${ask.ifMatch} is not ${etagOf(current)} of ${JSON.stringify(current)}`, ask.path)
    return { ask, resource: { ...body, id: current.id }, basedOn: versionOf(current), existing: undefined }
  }
  #named({ type, id = '', path }: Ask, body: Stored): Stored {
    if (body.id !== id) throw new Refusal(400, 'invalid', `the body says ${body.id}, the address ${id}`, `${path}.id`)
    const current = this.#store.find(`${type}/${id}`)
    if (current) return current
    // Gone is told as gone; ids are this server's to give.
    if (this.#store.has(`${type}/${id}`)) throw new Refusal(410, 'deleted', `${type}/${id} was removed`, path)
    throw new Refusal(405, 'not-supported', `there is no ${type}/${id}, and ids are given here`, path)
  }
  #conditional(ask: Ask, criteria: URLSearchParams): Stored | undefined {
    if (!this.#knobs.rules().conditionalUpdate) throw new Refusal(400, 'not-supported', 'no conditional updates', ask.path)
    return this.#one(ask, criteria)
  }
  #one({ type, path }: Ask, criteria: URLSearchParams): Stored | undefined {
    if ([...criteria].length === 0) throw new Refusal(400, 'invalid', 'criteria that name nothing', path)
    const found = this.#searches.matching(type, criteria, true)
    if (found.length > 1) throw new Refusal(412, 'multiple-matches', `${found.length} match ${criteria}`, `${path}.request.ifNoneExist`)
    return found[0]
  }
  #touch({ method, type, id, criteria, ifMatch }: Ask): void {
    if (method !== 'PUT' || ifMatch === undefined) return
    const current = id === undefined ? criteria && this.#searches.matching(type, criteria)[0] : this.#store.find(`${type}/${id}`)
    if (!current) return
    const extension = [...(Array.isArray(current.extension) ? current.extension : []), { url: 'urn:sim:touched', valueString: versionOf(current) }]
    this.#store.commit([{ resource: { ...current, extension }, basedOn: versionOf(current) }], [], false)
  }
}

const bare = ({ meta: _server, ...rest }: Stored): object => rest

/** `identifier=a|b`, with or without `Patient?` before it. */
const criteriaOf = (text: string, type: string): URLSearchParams => new URLSearchParams(text.startsWith(`${type}?`) ? text.slice(type.length + 1) : text)
