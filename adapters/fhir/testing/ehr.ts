import { type Simulator, startSimulator } from '../../contract-suite.ts'

/** The simulated EHR and a plain way to talk to it: no adapter, no library between a test and what goes over the line. */
export const ehrToken = 'sim-token-for-the-ehr'

export const startEhr = (env: Record<string, string> = {}): Promise<Simulator> =>
  startSimulator(new URL('../sim/main.ts', import.meta.url), { SIM_TOKEN: ehrToken, ...env })

export interface Said {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  json: any
}
export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Said>

/** Path `''` is the base itself; a text is sent as a form. */
export function asking(sim: () => Simulator): Ask {
  return async (method, path, body, headers = {}) => {
    const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/fhir+json'
    const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const all = { authorization: `Bearer ${ehrToken}`, ...(body === undefined ? {} : { 'content-type': type }), ...headers }
    const response = await fetch(`${sim().url}/${path}`, { method, headers: all, ...init, signal: AbortSignal.timeout(10_000) })
    const text = await response.text()
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) }
  }
}

/** Resources that this EHR takes. */
export const patient = (changes: object = {}) => ({
  resourceType: 'Patient',
  identifier: [{ system: 'https://clinic.example/mrn', value: 'MRN-1' }],
  name: [{ family: 'Núñez', given: ['Ana María'] }],
  birthDate: '1984-02-29',
  telecom: [
    { system: 'phone', value: '+1 (312) 555-0142' },
    { system: 'email', value: 'ana@example.com' },
  ],
  ...changes,
})
export const coverage = (beneficiary: string, changes: object = {}) => ({
  resourceType: 'Coverage',
  status: 'active',
  beneficiary: { reference: beneficiary },
  payor: [{ display: 'Helio' }],
  ...changes,
})
export const appointment = (actor: string, changes: object = {}) => ({
  resourceType: 'Appointment',
  status: 'booked',
  start: '2026-12-01T15:00:00Z',
  end: '2026-12-01T15:20:00Z',
  participant: [{ actor: { reference: actor }, status: 'accepted' }],
  ...changes,
})
