import type { SimClock } from '../../sim-clock.ts'
import type { SimJournal } from '../../sim-journal.ts'
import { type Effects, effectOf, type Written } from './effects.ts'
import { countPeople, type Person } from './people.ts'
import { Refusal } from './refusal.ts'
import { nameOf, type Stored, versionOf } from './resource.ts'

/** One resource as it will be; `basedOn` is the version that the writer looked at (null: it was not there). */
export interface Change {
  resource: Stored
  basedOn: string | null
}
interface Line {
  versions: Stored[]
  removed: boolean
}
type Effect = ReturnType<typeof effectOf>

/** Every version of every resource, in memory, in the order in which they came. */
export class FhirStore {
  readonly #lines = new Map<string, Line>()
  /** `Type|identifier value` -> names of resources that have or had it. */
  readonly #byIdentifier = new Map<string, Set<string>>()
  readonly #clock: SimClock
  /** All that one request writes is one change: a transaction is kept whole or not at all, also by a process that is killed. */
  readonly #keep: (versions: Stored[], effect: Effect) => void
  readonly #gone: (name: string) => void
  readonly reset: () => void

  constructor(journal: SimJournal, clock: SimClock, effects: Effects) {
    this.#clock = clock
    this.#keep = journal.change('written', (versions, effect) => {
      for (const version of versions) this.#add(version)
      effects.add(...effect)
    })
    // How journals told it before resources had versions: read for their sake, never written.
    journal.change('created', (resources: Stored[], whose: Effect[0]) => {
      for (const resource of resources) this.#add(resource)
      effects.add(whose, [])
    })
    this.#gone = journal.change('removed', (name) => {
      const line = this.#lines.get(name)
      if (line) line.removed = true
    })
    this.reset = journal.change('reset', () => {
      this.#lines.clear()
      this.#byIdentifier.clear()
      effects.clear()
    })
  }
  #add(resource: Stored): void {
    const name = nameOf(resource)
    const line = this.#lines.get(name)
    this.#lines.set(name, { versions: [...(line?.versions ?? []), resource], removed: false })
    for (const { value } of Array.isArray(resource.identifier) ? resource.identifier : []) {
      const key = `${resource.resourceType}|${value}`
      const names = this.#byIdentifier.get(key)
      if (names) names.add(name)
      else this.#byIdentifier.set(key, new Set([name]))
    }
  }

  /**
   * All of it or nothing. Who wrote between the writer's look and this moment wins: an update of another version than the one looked
   * at is a 409, as servers with optimistic locking say it. A create has nothing to collide with, and this is how duplicates come to be.
   */
  commit(changes: readonly Change[], found: readonly Stored[] = [], counted = true): Stored[] {
    const at = this.#clock.now()
    const versions = changes.map(({ resource, basedOn }) => {
      const last = this.#lines.get(nameOf(resource))?.versions.at(-1)
      if (basedOn !== null && (!this.find(nameOf(resource)) || !last || versionOf(last) !== basedOn))
        throw new Refusal(409, 'conflict', `${nameOf(resource)} was changed meanwhile`)
      return { ...resource, meta: { ...resource.meta, versionId: last ? String(Number(versionOf(last)) + 1) : '1', lastUpdated: at } }
    })
    if (versions.length === 0) return []
    const written: Written = {
      created: versions.filter((_, i) => changes[i]?.basedOn === null),
      updated: versions.filter((_, i) => changes[i]?.basedOn !== null),
      found,
    }
    this.#keep(versions, counted ? effectOf(written, (name) => this.find(name)) : [null, []])
    return versions
  }
  /** Only the clinic's own staff can. */
  remove(name: string): boolean {
    if (!this.find(name)) return false
    this.#gone(name)
    return true
  }

  find(name: string): Stored | undefined {
    const line = this.#lines.get(name)
    return line?.removed ? undefined : line?.versions.at(-1)
  }
  /** It is there, or was once. */
  has(name: string): boolean {
    return this.#lines.has(name)
  }
  read(type: string, id: string): Stored {
    const found = this.find(`${type}/${id}`)
    if (found) return found
    if (this.has(`${type}/${id}`)) throw new Refusal(410, 'deleted', `${type}/${id} was removed`)
    throw new Refusal(404, 'not-found', `there is no ${type}/${id}`)
  }
  /** Newest first. */
  history(type: string, id: string): Stored[] {
    const line = this.#lines.get(`${type}/${id}`)
    if (!line) throw new Refusal(404, 'not-found', `there is no ${type}/${id}`)
    return [...line.versions].reverse()
  }
  version(type: string, id: string, version: string): Stored {
    const found = this.history(type, id).find((r) => versionOf(r) === version)
    if (!found) throw new Refusal(404, 'not-found', `${type}/${id} has no version ${version}`)
    return found
  }
  all(type: string): Stored[] {
    const current: Stored[] = []
    for (const [name, line] of this.#lines) {
      const last = line.versions.at(-1)
      if (last && !line.removed && name.startsWith(`${type}/`)) current.push(last)
    }
    return current
  }
  /** Those that have this identifier now; without a system, under any. */
  identified(type: string, system: string | undefined, value: string): Stored[] {
    const names = this.#byIdentifier.get(`${type}|${value}`) ?? new Set()
    const current = [...names].flatMap((name) => this.find(name) ?? [])
    return current.filter((r) => r.identifier?.some((i) => i.value === value && (system === undefined || (i.system ?? '') === system)))
  }
  /** Per patient identifier: how many charts, and what hangs on them. */
  people(): Record<string, Person> {
    return countPeople(['Patient', 'Coverage', 'Appointment'].flatMap((type) => this.all(type)))
  }
}
