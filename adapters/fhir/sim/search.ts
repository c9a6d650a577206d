import { createHash, randomUUID } from 'node:crypto'
import type { Effects } from './effects.ts'
import type { Knobs } from './knobs.ts'
import { matcher, spanOf, splitOn } from './matching.ts'
import { parameters } from './parameters.ts'
import { Refusal } from './refusal.ts'
import { lastUpdatedOf, nameOf, type ResourceType, type Stored } from './resource.ts'
import type { FhirStore } from './store.ts'

const countUsual = 50
const countMax = 100
const listsMax = 200
const results = ['_count', '_sort', '_summary', '_elements', '_total', '_format', '_pretty', '_page']

interface Found {
  type: ResourceType
  names: string[]
  query: URLSearchParams
}

export class Searches {
  readonly #store: FhirStore
  readonly #knobs: Knobs
  readonly #effects: Effects
  /** What further pages are taken from: a list is made once, so that nothing is skipped or told twice. Oldest first, and a restart forgets them. */
  readonly #lists = new Map<string, Found>()

  constructor(store: FhirStore, knobs: Knobs, effects: Effects) {
    this.#store = store
    this.#knobs = knobs
    this.#effects = effects
  }

  /** Everything that matches, for conditional writes too. `strict`: what is not known is refused, whatever the knob says. */
  matching(type: ResourceType, query: URLSearchParams, strict = false): Stored[] {
    const rules = this.#knobs.rules()
    const known = rules.searchParams?.[type]
    const tests: ((resource: Stored) => boolean)[] = []
    for (const [full, value] of query) {
      const [name = '', modifier] = full.split(':')
      if (results.includes(name)) continue
      const parameter = known && !known.includes(name) ? undefined : parameters[type][name]
      if (parameter && value !== '') tests.push(matcher(name, parameter, modifier, value))
      else if (strict || this.#knobs.values.unknownParameters === 'refused') throw new Refusal(400, 'not-supported', `${full}=${value} is no search of ${type}`)
    }
    const whose = rules.appointmentsOf
    if (type === 'Appointment' && whose && !query.has('_id') && !(query.has('date') && whose.some((name) => query.has(name))))
      throw new Refusal(400, 'required', `a search of appointments names a date and one of ${whose.join(', ')}`)
    return this.#candidates(type, query, known).filter((resource) => tests.every((matches) => matches(resource)))
  }
  /** By index where an exact identifier is asked for: a load test leaves thousands of charts. */
  #candidates(type: ResourceType, query: URLSearchParams, known: readonly string[] | undefined): Stored[] {
    const token = known && !known.includes('identifier') ? null : query.get('identifier')
    if (!token || splitOn(token, ',').length > 1) return this.#store.all(type)
    const [first = '', second] = splitOn(token, '|')
    if ((second ?? first) === '') return this.#store.all(type)
    return second === undefined ? this.#store.identified(type, undefined, first) : this.#store.identified(type, first, second)
  }

  bundle(type: ResourceType, query: URLSearchParams, base: string, strict: boolean) {
    const page = query.get('_page')
    if (page !== null) return this.#page(page, base)
    const found = sorted(this.matching(type, query, strict), query.get('_sort'))
    if (type === 'Patient' && query.has('family') && query.has('birthdate')) this.#effects.ask(askedFor(query))
    if (query.get('_summary') === 'count' || query.get('_count') === '0') return { resourceType: 'Bundle', type: 'searchset', total: found.length }
    const list = { type, names: found.map(nameOf), query }
    return this.#from(list, 0, base, found.length > countOf(query) ? this.#remember(list) : undefined)
  }
  #remember(list: Found): string {
    const id = randomUUID()
    this.#lists.set(id, list)
    const [oldest] = this.#lists.keys()
    if (this.#lists.size > listsMax && oldest) this.#lists.delete(oldest)
    return id
  }
  #page(page: string, base: string) {
    const [id = '', offset] = page.split('.')
    const list = this.#lists.get(id)
    if (!list || !/^\d{1,6}$/.test(offset ?? '')) throw new Refusal(410, 'expired', 'this page is not kept any more')
    return this.#from(list, Number(offset), base, id)
  }
  #from({ type, names, query }: Found, offset: number, base: string, id: string | undefined) {
    const next = offset + countOf(query)
    const entry = names.slice(offset, next).flatMap((name) => this.#store.find(name) ?? [])
    const pageLink = (relation: string, at: number) => ({ relation, url: `${base}/${type}?_page=${id}.${at}` })
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      total: names.length,
      link: [
        id === undefined ? { relation: 'self', url: `${base}/${type}` } : pageLink('self', offset),
        ...(id !== undefined && next < names.length ? [pageLink('next', next)] : []),
      ],
      ...(entry.length === 0
        ? {}
        : { entry: entry.map((r) => ({ fullUrl: `${base}/${nameOf(r)}`, resource: elementsOf(r, query.get('_elements')), search: { mode: 'match' } })) }),
    }
  }
}

const countOf = (query: URLSearchParams): number => {
  const asked = Number(query.get('_count') ?? countUsual)
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, countMax) : countUsual
}
/** No name in a key. */
const askedFor = (query: URLSearchParams): string =>
  createHash('sha256')
    .update(`${query.get('family')?.toLowerCase()}|${query.get('birthdate')}`)
    .digest('hex')
    .slice(0, 16)

const sortKeys: Readonly<Record<string, (r: Stored) => string | number>> = {
  _lastUpdated: (r) => Date.parse(lastUpdatedOf(r)),
  _id: (r) => r.id,
  date: (r) => spanOf(String(r.start))?.fromMs ?? 0,
  birthdate: (r) => String(r.birthDate ?? ''),
}
/** Ties stay in the order in which the resources came. */
function sorted(resources: Stored[], sort: string | null): Stored[] {
  const steps = (sort ?? '').split(',').flatMap((text) => {
    const key = sortKeys[text.replace(/^-/, '')]
    return key ? [{ key, sign: text.startsWith('-') ? -1 : 1 }] : []
  })
  return resources.toSorted((a, b) => {
    for (const { key, sign } of steps) {
      const [left, right] = [key(a), key(b)]
      if (left !== right) return left < right ? -sign : sign
    }
    return 0
  })
}
function elementsOf(resource: Stored, elements: string | null): object {
  if (!elements) return resource
  const kept = ['resourceType', 'id', ...elements.split(',')]
  const part = Object.fromEntries(Object.entries(resource).filter(([name]) => kept.includes(name)))
  // What is not whole says so: written back as it is, it would lose the rest.
  return { ...part, meta: { ...resource.meta, tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }] } }
}
