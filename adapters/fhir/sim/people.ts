import { hubIdentifier, nameOf, referencesIn, type Stored } from './resource.ts'

/** What hangs on one patient identifier of the hub's; more than one patient is a duplicate chart. */
export interface Person {
  patients: number
  coverages: { status: string }[]
  /** Insurances that pay after another one, where there are any. */
  seconds?: { status: string }[]
  appointments: number
}

/** In one pass over what there is: a load test leaves thousands of charts. */
export function countPeople(resources: readonly Stored[]): Record<string, Person> {
  const people = new Map<string, Person>()
  const ofChart = new Map<string, Person>()
  for (const patient of resources.filter(({ resourceType }) => resourceType === 'Patient')) {
    const key = hubIdentifier(patient) ?? patient.id
    const person = people.get(key) ?? { patients: 0, coverages: [], appointments: 0 }
    person.patients += 1
    people.set(key, person)
    ofChart.set(nameOf(patient), person)
  }
  for (const resource of resources) {
    if (resource.resourceType !== 'Coverage' && resource.resourceType !== 'Appointment') continue
    for (const chart of new Set(referencesIn(resource))) {
      const person = ofChart.get(chart)
      if (!person) continue
      if (resource.resourceType === 'Appointment') person.appointments += 1
      else if (resource.order === 2) person.seconds = [...(person.seconds ?? []), { status: String(resource.status) }]
      else person.coverages.push({ status: String(resource.status) })
    }
  }
  return Object.fromEntries(people)
}
