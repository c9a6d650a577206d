import type { Stored } from './store.ts'

/** What hangs on one patient identifier of the hub's; more than one patient is a duplicate chart. */
export interface Person {
  patients: number
  coverages: { status: string }[]
  appointments: number
}

/** In one pass over what there is: a load test leaves thousands of charts. */
export function countPeople(resources: readonly Stored[]): Record<string, Person> {
  const people = new Map<string, Person>()
  const ofChart = new Map<string, Person>()
  for (const patient of resources.filter(({ resourceType }) => resourceType === 'Patient')) {
    const key = patient.identifier?.[0]?.value ?? patient.id
    const person = people.get(key) ?? { patients: 0, coverages: [], appointments: 0 }
    person.patients += 1
    people.set(key, person)
    ofChart.set(`Patient/${patient.id}`, person)
  }
  for (const resource of resources.filter(({ resourceType }) => resourceType !== 'Patient')) {
    for (const chart of new Set(referencesIn(resource))) {
      const person = ofChart.get(chart)
      if (resource.resourceType === 'Coverage') person?.coverages.push({ status: String(resource.status) })
      else if (person) person.appointments += 1
    }
  }
  return Object.fromEntries(people)
}

function referencesIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, v]) => (key === 'reference' && typeof v === 'string' ? [v] : referencesIn(v)))
}
