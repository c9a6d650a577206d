import type { SimJournal } from '../../sim-journal.ts'

/** A "no" of the scheduler's. Like the real thing it quotes what it refuses. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export const statuses = ['requested', 'scheduled', 'arrived', 'completed', 'cancelled', 'no_show']
type Who = 'people' | 'api'

export interface Kept {
  id: string
  revision: number
  externalRef: string | null
  externalVersion: number | null
  /** As it was given: with an offset, without one, even a day alone. */
  starts: string
  minutes: number
  provider: string
  status: string
  ehrPatientId: string | null
  changedBy: Who
}
interface Change {
  change: number
  id: string
  revision: number
}
type Wanted = Partial<Omit<Kept, 'id' | 'changedBy'>>

/** The appointments, their feed of changes, and who may change them. */
export class Book {
  #appointments = new Map<string, Kept>()
  #changes: Change[] = []
  #taken = new Map<string, number>()
  #numbers = 0
  #mode: 'open' | 'read-only' = 'open'
  #ref: string | null = null
  #strict = false
  readonly #keep: (kept: Kept) => void
  readonly #take: (subscriber: string, through: number) => void
  readonly #setMode: (mode: 'open' | 'read-only', ref: string | null) => void
  readonly setStrict: (strict: boolean) => void
  readonly reset: () => void

  constructor(journal: SimJournal) {
    this.#keep = journal.change('kept', (kept) => {
      if (!this.#appointments.has(kept.id)) this.#numbers += 1
      this.#appointments.set(kept.id, kept)
      this.#changes.push({ change: this.#changes.length + 1, id: kept.id, revision: kept.revision })
    })
    this.#take = journal.change('taken', (subscriber, through) => void this.#taken.set(subscriber, through))
    this.#setMode = journal.change('mode', (mode, ref) => {
      this.#mode = mode
      this.#ref = ref
    })
    this.setStrict = journal.change('strict', (strict) => {
      this.#strict = strict
    })
    this.reset = journal.change('reset', () => {
      this.#appointments.clear()
      this.#taken.clear()
      this.#changes = []
      this.#numbers = 0
      this.#mode = 'open'
      this.#ref = null
      this.#strict = false
    })
  }

  status() {
    return { product: 'Daybook', version: '2.14', mode: this.#mode, ref: this.#ref, lastChange: this.#changes.length }
  }
  /** True: it was the other way before. */
  mode(mode: unknown, ref: unknown): boolean {
    if (mode !== 'open' && mode !== 'read-only') throw new Refusal(422, 'mode-unknown', `mode ${String(mode)}`)
    if (mode === this.#mode) return false
    this.#setMode(mode, typeof ref === 'string' ? ref : null)
    return true
  }

  one(id: string): Kept {
    const found = this.#appointments.get(id)
    if (!found) throw new Refusal(404, 'not-found', `no appointment ${id}`)
    return found
  }
  all(): Kept[] {
    return [...this.#appointments.values()]
  }
  byRef(externalRef: string): Kept[] {
    return this.all().filter((kept) => kept.externalRef === externalRef)
  }
  page(from: string, after: string | null, limit: number): { appointments: Kept[]; next: string | null } {
    const since = Date.parse(from)
    if (Number.isNaN(since)) throw new Refusal(422, 'from-unreadable', `from ${from}`)
    // What it cannot read itself it lists all the same.
    const wanted = this.all().filter(({ starts, minutes }) => !(Date.parse(starts.replace(' ', 'T')) + minutes * 60_000 <= since))
    const rest = wanted.filter(({ id }) => after === null || id > after).sort((a, b) => (a.id < b.id ? -1 : 1))
    const appointments = rest.slice(0, limit)
    return { appointments, next: rest.length > limit ? (appointments.at(-1)?.id ?? null) : null }
  }

  create(wanted: Wanted, who: Who): Kept {
    this.#mayWrite(who)
    if (wanted.externalRef && this.byRef(wanted.externalRef).length > 0) throw new Refusal(409, 'external-ref-exists', `there is one for ${wanted.externalRef}`)
    const blank = { externalRef: null, externalVersion: null, ehrPatientId: null, status: 'scheduled', starts: '', minutes: 0, provider: '' }
    return this.#write({ ...blank, ...wanted, id: `D-${String(10_000 + this.#numbers)}`, revision: 1, changedBy: who })
  }
  /** `wanted.revision`: the one that the caller saw. People save over each other. */
  change(id: string, wanted: Wanted, who: Who): Kept {
    const there = this.one(id)
    this.#mayWrite(who)
    if (who === 'api' && wanted.revision !== there.revision)
      throw new Refusal(409, 'stale-revision', `${id} of ${there.provider} is at revision ${there.revision}`)
    return this.#write({ ...there, ...wanted, id, revision: there.revision + 1, changedBy: who })
  }
  #mayWrite(who: Who): void {
    if (who === 'people' && this.#mode === 'read-only') throw new Refusal(423, 'read-only', 'appointments are kept elsewhere now')
  }
  #write(kept: Kept): Kept {
    if (kept.starts === '' || !Number.isInteger(kept.minutes) || kept.minutes < 1) throw new Refusal(422, 'time-missing', `starts ${kept.starts}`)
    if (kept.provider === '' || kept.provider.length > 80) throw new Refusal(422, 'provider-missing', `provider ${kept.provider}`)
    if (!statuses.includes(kept.status)) throw new Refusal(422, 'status-unknown', `status ${kept.status}`)
    if (this.#strict && this.#clash(kept)) throw new Refusal(409, 'slot-taken', `${kept.provider} sees somebody else at ${kept.starts}`)
    this.#keep(kept)
    return kept
  }
  #clash(kept: Kept): boolean {
    const span = ({ starts, minutes }: Kept): [number, number] => [Date.parse(starts), Date.parse(starts) + minutes * 60_000]
    const live = ({ status }: Kept): boolean => status !== 'cancelled' && status !== 'no_show'
    const [from, to] = span(kept)
    return live(kept) && this.all().some((o) => o.id !== kept.id && o.provider === kept.provider && live(o) && span(o)[0] < to && span(o)[1] > from)
  }

  /** The same page again until it was taken. */
  changes(subscriber: string, limit: number) {
    const from = this.#taken.get(subscriber) ?? 0
    const changes = this.#changes.slice(from, from + limit)
    return { from, through: from + changes.length, more: from + changes.length < this.#changes.length, changes }
  }
  take(subscriber: unknown, through: unknown): void {
    const from = this.#taken.get(String(subscriber)) ?? 0
    if (!Number.isInteger(through) || (through as number) > this.#changes.length) throw new Refusal(422, 'through-unknown', `through ${String(through)}`)
    if ((through as number) > from) this.#take(String(subscriber), through as number)
  }
}
