import { countOf, type SimCount } from '../../sim-effects.ts'
import type { SimJournal } from '../../sim-journal.ts'
import { hubIdentifier, nameOf, referencesIn, type Stored } from './resource.ts'

/** Whose a write was, by identifiers of the sender's: of the Appointment, of the Patient, and the member id of the Coverage. */
interface Whose {
  key: string
  patient: string
  member: string
}
export interface Written {
  created: readonly Stored[]
  updated: readonly Stored[]
  /** Named in the request and found as they are. */
  found: readonly Stored[]
}

/**
 * What came of requests, counted by the visit they were about. `writeVisit`: requests that created something and had an Appointment
 * in them. `writeAppointment`: Appointments changed by a request that created nothing. `findChart`: people who were asked for by
 * name and birth date; asking again leaves nothing more behind, so each counts once.
 */
export class Effects {
  readonly #visits = new Map<string, Whose & { times: number }>()
  readonly #appointments = new Map<string, number>()
  readonly #asked = new Set<string>()
  readonly ask: (key: string) => void

  constructor(journal: SimJournal) {
    const ask = journal.change('asked', (key: string) => void this.#asked.add(key))
    this.ask = (key) => {
      if (!this.#asked.has(key)) ask(key)
    }
  }

  /** Within a change of the store: what is counted is what was kept. */
  add(whose: Whose | null, changedAppointments: readonly string[]): void {
    if (whose) this.#visits.set(whose.key, { ...whose, times: (this.#visits.get(whose.key)?.times ?? 0) + 1 })
    for (const key of changedAppointments) this.#appointments.set(key, (this.#appointments.get(key) ?? 0) + 1)
  }
  clear(): void {
    for (const all of [this.#visits, this.#appointments, this.#asked]) all.clear()
  }

  counts(): Record<string, SimCount> {
    const appointments = [...this.#appointments].map(([key, times]) => ({ key, times }))
    const asked = [...this.#asked].map((key) => ({ key, times: 1 }))
    return { writeVisit: countOf(this.#visits.values()), writeAppointment: countOf(appointments), findChart: countOf(asked) }
  }
  /** One by one, with what tells whose it is. */
  each(): (Whose & { operation: 'writeVisit'; times: number })[] {
    return [...this.#visits.values()].map((one) => ({ operation: 'writeVisit', ...one }))
  }
}

const isSecond = ({ resourceType, order }: Stored): boolean => resourceType === 'Coverage' && order === 2

/** `read`: what the store has under `Type/id`, for what the request only refers to. */
export function effectOf({ created, updated, found }: Written, read: (reference: string) => Stored | undefined): [Whose | null, string[]] {
  // A second insurance may come to a visit later: that is no second writing of the visit, and its number is not the visit's.
  const all = [...created, ...updated, ...found].filter((r) => !isSecond(r))
  const of = (type: string) => all.find(({ resourceType }) => resourceType === type)
  const appointment = of('Appointment')
  const key = appointment && hubIdentifier(appointment)
  if (!appointment || !key) return [null, []]
  if (created.every(isSecond)) return [null, updated.filter((r) => r.resourceType === 'Appointment').map((r) => hubIdentifier(r) ?? nameOf(r))]
  const patient =
    of('Patient') ??
    referencesIn(appointment)
      .map(read)
      .find((r) => r?.resourceType === 'Patient')
  return [{ key, patient: (patient && hubIdentifier(patient)) ?? '', member: String(of('Coverage')?.subscriberId ?? '') }, []]
}
