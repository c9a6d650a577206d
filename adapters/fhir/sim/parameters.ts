import { lastUpdatedOf, type ResourceType, type Stored } from './resource.ts'

/** The search parameters of this server, with what each reads of a resource. The CapabilityStatement lists the same. */
export type Parameter =
  | { kind: 'token'; of(resource: Stored): { system?: string; code: string }[] }
  | { kind: 'phone' | 'string' | 'reference' | 'date'; of(resource: Stored): string[] }

interface Named {
  family?: string
  given?: string[]
  text?: string
}
type Point = { system?: string; value?: string }

const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value.filter((v) => typeof v === 'object' && v !== null) as T[]) : [])
const text = (value: unknown): string[] => (typeof value === 'string' ? [value] : [])
const names = (r: Stored) => list<Named>(r.name)
const telecom = (r: Stored, system?: string) => list<Point>(r.telecom).flatMap((t) => (t.value && (!system || t.system === system) ? [t.value] : []))
const reference = (value: unknown): string[] => text((value as { reference?: unknown } | undefined)?.reference)
const actors = (r: Stored, type: string) =>
  list<{ actor?: unknown }>(r.participant).flatMap(({ actor }) => reference(actor).filter((ref) => ref.includes(`${type}/`)))

const code = (element: string): Parameter => ({ kind: 'token', of: (r) => text(r[element]).map((c) => ({ code: c })) })
const common: Record<string, Parameter> = {
  _id: { kind: 'token', of: (r) => [{ code: r.id }] },
  _lastUpdated: { kind: 'date', of: (r) => [lastUpdatedOf(r)] },
  identifier: {
    kind: 'token',
    of: (r) =>
      list<Point>(r.identifier).flatMap(({ system, value }) => (value === undefined ? [] : [{ ...(system === undefined ? {} : { system }), code: value }])),
  },
}
const patientOf = (element: string): Parameter => ({ kind: 'reference', of: (r) => reference(r[element]) })

export const parameters: Readonly<Record<ResourceType, Readonly<Record<string, Parameter>>>> = {
  Patient: {
    ...common,
    family: { kind: 'string', of: (r) => names(r).flatMap((n) => text(n.family)) },
    given: { kind: 'string', of: (r) => names(r).flatMap((n) => n.given ?? []) },
    name: { kind: 'string', of: (r) => names(r).flatMap((n) => [...text(n.family), ...(n.given ?? []), ...text(n.text)]) },
    birthdate: { kind: 'date', of: (r) => text(r.birthDate) },
    gender: code('gender'),
    phone: { kind: 'phone', of: (r) => telecom(r, 'phone') },
    email: { kind: 'token', of: (r) => telecom(r, 'email').map((value) => ({ code: value })) },
    telecom: { kind: 'phone', of: (r) => telecom(r) },
    active: { kind: 'token', of: (r) => [{ code: String(r.active ?? true) }] },
  },
  Coverage: { ...common, status: code('status'), beneficiary: patientOf('beneficiary'), patient: patientOf('beneficiary') },
  Appointment: {
    ...common,
    status: code('status'),
    date: { kind: 'date', of: (r) => text(r.start) },
    patient: { kind: 'reference', of: (r) => actors(r, 'Patient') },
    practitioner: { kind: 'reference', of: (r) => actors(r, 'Practitioner') },
    location: { kind: 'reference', of: (r) => actors(r, 'Location') },
  },
  CoverageEligibilityRequest: { ...common, status: code('status'), patient: patientOf('patient') },
  CoverageEligibilityResponse: { ...common, status: code('status'), patient: patientOf('patient'), request: patientOf('request') },
}
