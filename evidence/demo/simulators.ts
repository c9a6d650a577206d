/** The partners' side: what the simulators really did, counted there and not in the hub. */
export interface Effects {
  /** `asked`: how often it was asked at all, where a simulator counts an effect by its content. */
  [operation: string]: { count: number; byKey: Record<string, number>; asked?: number }
}

async function json<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return (await response.json()) as T
}

export const effects = (simulator: string) => json<Effects>(`${simulator}/_sim/effects`)

/** Texts that a phone got, newest first; and mails of a mailbox. */
export const textsTo = async (twilio: string, phone: string) =>
  (await json<{ messages: { body: string; status: string }[] }>(`${twilio}/_sim/messages?to=${encodeURIComponent(phone)}`)).messages
export const mailsTo = async (mail: string, address: string) =>
  (await json<{ messages: { subject: string; text: string; html: string }[] }>(`${mail}/_sim/messages?to=${encodeURIComponent(address)}`)).messages
/** What a patient answers by text. */
export const answerText = (twilio: string, from: string, to: string, body: string) => json<unknown>(`${twilio}/_sim/reply`, post({ from, to, body }))

/** Effects beyond one per key. */
export const beyondOne = (all: Effects): number =>
  Object.values(all).reduce((n, { byKey, asked }) => {
    const times = Object.values(byKey)
    return n + (asked ?? times.reduce((m, t) => m + t, 0)) - times.length
  }, 0)

export interface Person {
  patients: number
  coverages: { status: string }[]
  /** Insurances that pay after the first. */
  seconds?: { status: string }[]
  appointments: number
}
export const peopleInEhr = (fhir: string) => json<Record<string, Person>>(`${fhir}/_sim/people`)

/** A chart as it lies in the EHR: what is the clinic's own in it, and what a hub adds. */
export interface Chart {
  id: string
  identifier?: { system: string; value: string }[]
  name?: { family?: string }[]
  telecom?: { value: string }[]
  extension?: { url: string; valueDate: string }[]
}
const ownNumbers = 'urn:clinic:chart-number'
const firstSeen = 'urn:clinic:first-seen'
const post = (value: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(value), headers: { 'content-type': 'application/json' } })

/** The clinic's staff puts a chart into the EHR, long before there is a hub. */
export const putChart = (fhir: string, answers: Record<string, unknown>, chart: { mrn: string; phone: string; sinceYear: number }) =>
  json<Chart>(
    `${fhir}/_sim/staff/put`,
    post({
      resourceType: 'Patient',
      active: true,
      identifier: [{ system: ownNumbers, value: chart.mrn }],
      name: [{ family: answers.familyName, given: [answers.givenName] }],
      birthDate: answers.birthDate,
      gender: 'female',
      telecom: [{ system: 'phone', value: chart.phone }],
      extension: [{ url: firstSeen, valueDate: `${chart.sinceYear}-01-15` }],
    }),
  )

export interface ChartResource {
  id: string
  status?: string
  identifier?: { system: string; value: string }[]
}
/** Whatever the clinic's staff writes at the EHR's own screens. */
export const staffPuts = (fhir: string, resource: Record<string, unknown>) => json<ChartResource>(`${fhir}/_sim/staff/put`, post(resource))
export const staffChanges = (fhir: string, reference: string, set: Record<string, unknown>) =>
  json<ChartResource>(`${fhir}/_sim/staff/change`, post({ reference, set }))
export const resourcesInEhr = async (fhir: string, type: string) =>
  (await json<{ resources: ChartResource[] }>(`${fhir}/_sim/resources?type=${type}`)).resources

export const chartsInEhr = async (fhir: string) => (await json<{ resources: Chart[] }>(`${fhir}/_sim/resources?type=Patient`)).resources

/** The clinic's own number and words are in it still, and the hub's number beside them. */
export const keptAndTaken = ({ identifier = [], extension = [] }: Chart, mrn: string): boolean =>
  identifier.some(({ system, value }) => system === ownNumbers && value === mrn) &&
  identifier.some(({ system }) => system !== ownNumbers) &&
  extension.some(({ url }) => url === firstSeen)

/** What the browser does at Stripe's host: card in, token out. The hub never sees the number. */
export async function confirmationToken(stripe: string, publishableKey: string, card: string): Promise<string> {
  const form = new URLSearchParams({
    'payment_method_data[type]': 'card',
    'payment_method_data[card][number]': card,
    'payment_method_data[card][exp_month]': '12',
    'payment_method_data[card][exp_year]': '2031',
    'payment_method_data[card][cvc]': '123',
  })
  const token = await json<{ id: string }>(`${stripe}/v1/confirmation_tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${publishableKey}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: form,
  })
  return token.id
}
