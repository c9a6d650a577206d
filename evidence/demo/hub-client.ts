import { createHash, randomUUID } from 'node:crypto'

/** The hub from outside, over its public HTTP interface, as a browser or a clinic's own program would use it. */

export class HubRefused extends Error {
  readonly status: number
  readonly code: string
  /** When to try again, where it was said. */
  readonly retryAfterSeconds: number | null
  constructor(status: number, code: string, message: string, retryAfterSeconds: number | null = null) {
    super(`${status} ${code}: ${message}`)
    this.status = status
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}

async function call<T>(url: string, init: RequestInit & { headers?: Record<string, string> }): Promise<{ body: T; headers: Headers }> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) })
  const text = await response.text()
  const body = text === '' ? undefined : (JSON.parse(text) as unknown)
  if (!response.ok) {
    const error = (body as { error?: { code: string; message: string } })?.error
    const retryAfter = response.headers.get('retry-after')
    throw new HubRefused(response.status, error?.code ?? 'unknown', error?.message ?? text.slice(0, 200), retryAfter === null ? null : Number(retryAfter))
  }
  return { body: body as T, headers: response.headers }
}
const json = (value: unknown, headers: Record<string, string>): RequestInit & { headers: Record<string, string> } => ({
  method: 'POST',
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json', ...headers },
})

export interface Override {
  id: string
  /** Null: about a file of many. */
  intakeId: string | null
  flow: string
  step: string
  cause: string
  staffText: string
}
/** What operations choose from, beside what the patient says. */
export interface Choice {
  rows: { field: string; asked: string | null; charts: { text: string | null; match: 'same' | 'different' | 'not-there' | 'not-asked' }[] }[]
  charts: { ref: string }[]
  more: boolean
  none: boolean
}
interface Incident {
  id: string
  kind: string
  partner: string
  status: string
  count: number
}
interface Payments {
  method: { status: string } | null
  charges: { id: string; status: string; amountMinor: number; refundableMinor: number; refunds: { id: string; status: string; amountMinor: number }[] }[]
}
interface PayerView {
  version: number
  open: boolean
  suspiciousSince: string | null
  suspicions: string[]
  canaryResults: { known: string; verdict: string | null; answeredAt: string | null }[]
}
interface Message {
  kind: string
  channel: 'sms' | 'mail'
  status: string
  reason: string | null
}
export interface BulkRelease {
  id: string
  status: 'running' | 'stopped' | 'finished'
  progress: { total: number; waiting: number; decided: number; carriedOut: number; refused: number; skipped: Record<string, number> }
}
export interface Timeline {
  journey: { eligibility: string | null; payment: string | null; writeback: string; photosClean: number; photosRejected: number; held: number; intake: string }
  steps: { at: string; step: string; process: string; outcome: string | null; sinceSubmitMs: number | null; durationMs: number | null }[]
}

/** A member of staff, signed in. */
export class Staff {
  private readonly url: string
  private readonly headers: Record<string, string>
  private constructor(url: string, cookie: string) {
    this.url = url
    this.headers = { cookie, 'x-hub-request': '1', origin: new URL(url).origin }
  }
  static async signIn(url: string, email: string, tenant = 'lakeside', password = 'lakeside-demo-1'): Promise<Staff> {
    const { headers } = await call(`${url}/api/session`, json({ tenant, email, password }, { 'x-hub-request': '1', origin: new URL(url).origin }))
    return new Staff(
      url,
      headers
        .getSetCookie()
        .map((c) => c.split(';')[0])
        .join('; '),
    )
  }
  private async get<T>(path: string): Promise<T> {
    return (await call<T>(`${this.url}${path}`, { headers: this.headers })).body
  }
  private async post<T>(path: string, body: unknown): Promise<T> {
    return (await call<T>(`${this.url}${path}`, json(body, this.headers))).body
  }
  /** What this clinic says of a payer, over the catalogue. */
  payer = (payerId: string) => this.get<PayerView>(`/api/admin/payers/${payerId}`)
  savePayer = async (payerId: string, settings: Record<string, unknown>): Promise<PayerView> => {
    const { version } = await this.payer(payerId)
    const init = { ...json({ settings, version }, this.headers), method: 'PUT' }
    return (await call<PayerView>(`${this.url}/api/admin/payers/${payerId}`, init)).body
  }
  /** A connection's settings; its secrets stay as they are. */
  connection = async (adapterId: string) => {
    const { items } = await this.get<{ items: { adapterId: string; config: Record<string, unknown> }[] }>('/api/admin/connections')
    return items.find((one) => one.adapterId === adapterId)?.config ?? {}
  }
  configure = (adapterId: string, config: Record<string, unknown>) =>
    call<unknown>(`${this.url}/api/admin/connections/${adapterId}`, { ...json({ config }, this.headers), method: 'PUT' })
  createVisit = (startsAt: string, practitioner: string) =>
    this.post<{ visitId: string; intakeId: string; reference: string; patientUrl: string }>('/api/clinic/visits', { startsAt, minutes: 20, practitioner })
  /** Of somebody who can be reached. */
  bookFor = (startsAt: string, contact: Record<string, unknown>) =>
    this.post<{ intakeId: string; patientUrl: string }>('/api/clinic/visits', { startsAt, minutes: 20, practitioner: 'Dr Okafor', contact })
  /** In place of the link before. */
  renewLink = (intakeId: string) => this.post<{ patientUrl: string }>(`/api/clinic/visits/${intakeId}/link`, undefined)
  linkNow = (intakeId: string) => this.get<{ status: string }>(`/api/clinic/visits/${intakeId}/link`)
  /** Read out to whoever stands there. */
  showCode = (intakeId: string) => this.post<{ code: string }>(`/api/clinic/visits/${intakeId}/code`, undefined)
  visit = (visitId: string) => this.get<{ revision: number; status: string; ofAnother: boolean }>(`/api/clinic/visits/${visitId}`)
  changeVisit = async (visitId: string, change: Record<string, unknown>): Promise<void> => {
    const { revision } = await this.visit(visitId)
    await call(`${this.url}/api/clinic/visits/${visitId}/changes`, json(change, { ...this.headers, 'if-match': `"${revision}"` }))
  }
  /** The visits of two days from today on, and whom they are for where that is known. */
  days = () => this.get<{ items: { journey: { visitId: string; intakeId: string; visitStatus: string; startsAt: string } }[] }>('/api/clinic/day?days=2')
  names = async () => (await this.get<{ items: { visitId: string; familyName: string }[] }>('/api/clinic/day/names?days=2')).items
  /** Whatever the hour. */
  sendLink = (intakeId: string, channel: 'sms' | 'mail') =>
    this.post<Message>(`/api/clinic/visits/${intakeId}/messages`, { kind: 'invitation', channel, atOnce: true })
  /** Ends messages to the number or mailbox, or takes back that the clinic did. */
  setOptOut = (intakeId: string, channel: 'sms' | 'mail', out: boolean) =>
    call<undefined>(`${this.url}/api/clinic/visits/${intakeId}/opt-outs/${channel}`, { ...json({ out }, this.headers), method: 'PUT' })
  messages = (intakeId: string) =>
    this.get<{ messages: Message[]; channels: Record<'sms' | 'mail', { is: string }> }>(`/api/clinic/visits/${intakeId}/messages`)
  /** When this clinic's patients are not disturbed, and who the messages say they are from. */
  messageRules = (rules: { quiet: { fromMinutes: number; untilMinutes: number }; senderName: string | null }) =>
    call<unknown>(`${this.url}/api/clinic/message-rules`, { ...json(rules, this.headers), method: 'PUT' })
  overrides = async () => (await this.get<{ items: Override[] }>('/api/ops/overrides?status=open')).items
  incidents = async () => (await this.get<{ items: Incident[] }>('/api/ops/incidents?status=open')).items
  /** Under a new id: what is said here is a decision of its own. */
  decide = (overrideId: string, how: Record<string, unknown>) =>
    this.post<{ id: string; state: string }>(`/api/ops/overrides/${overrideId}/decisions`, { decisionId: randomUUID(), ...how })
  /** What this clinic wants of whoever decides. */
  opsRules = (rules: { confirmNeedsTwo: boolean }) =>
    call<{ confirmNeedsTwo: boolean }>(`${this.url}/api/ops/rules`, { ...json(rules, this.headers), method: 'PUT' })
  openInput = async (overrideId: string, purpose: string) =>
    (await this.post<{ input: Record<string, unknown> }>(`/api/ops/overrides/${overrideId}/input`, { purpose })).input
  /** What the patient typed, beside the photo of their card. */
  openAnswers = async (intakeId: string, fields: readonly string[]) =>
    (await this.post<{ values: Record<string, unknown> }>(`/api/ops/intakes/${intakeId}/answers`, { purpose: 'compare-with-card', fields })).values
  openChoice = (overrideId: string, purpose: string) => this.post<Choice>(`/api/ops/overrides/${overrideId}/choice`, { purpose })
  planBulk = (action: string, selection: Record<string, string>) =>
    this.post<{ plan: { items: number; visitsByDay: { items: number }[] }; sample: { id: string }[] }>('/api/ops/bulk-releases/plan', { action, selection })
  startBulk = (wish: Record<string, unknown>) => this.post<BulkRelease>('/api/ops/bulk-releases', wish)
  bulk = (id: string) => this.get<BulkRelease>(`/api/ops/bulk-releases/${id}`)
  stopBulk = (id: string) => this.post<BulkRelease>(`/api/ops/bulk-releases/${id}/stop`, undefined)
  resumeBulk = (id: string) => this.post<BulkRelease>(`/api/ops/bulk-releases/${id}/resume`, undefined)
  journey = (intakeId: string) => this.get<Timeline>(`/api/ops/intakes/${intakeId}/journey`)
  payments = (intakeId: string) => this.get<Payments>(`/api/payments/intakes/${intakeId}`)
  charge = (intakeId: string, amountMinor: number, chargeId = randomUUID()) =>
    this.post<{ chargeId: string }>(`/api/payments/intakes/${intakeId}/charges`, { chargeId, amountMinor })
  refund = (chargeId: string, amountMinor: number, refundId = randomUUID()) =>
    this.post<{ refundId: string }>(`/api/payments/charges/${chargeId}/refunds`, { refundId, amountMinor, reason: 'charged-too-much' })
  /** What is on file will not do: the patient’s page asks for another card or account. */
  askMethod = (intakeId: string) => this.post<undefined>(`/api/payments/intakes/${intakeId}/method-requests`, { requestId: randomUUID() })
  photos = async (intakeId: string) => (await this.get<{ items: { id: string; status: string }[] }>(`/api/clinic/intakes/${intakeId}/photos`)).items
  /** As the desk's page shows it: the URL is for this session, on this origin. */
  photo = async (uploadId: string): Promise<Buffer> => {
    const { url } = await this.get<{ url: string }>(`/api/clinic/photos/${uploadId}/url`)
    const answer = await fetch(`${this.url}${url}`, { headers: this.headers, signal: AbortSignal.timeout(20_000) })
    if (!answer.ok) throw new HubRefused(answer.status, 'photo', 'the photo is not served')
    return Buffer.from(await answer.arrayBuffer())
  }
}

export interface IntakeView {
  intakeId: string
  reference: string
  status: string
  statusUrl: string
  payers: { id: string; name: string }[]
  consentTexts: { en: { id: string; sha256: string; kind: string }[] }
  accessCode: string
  card: { scriptUrl: string; publishableKey: string } | null
}

/** A patient with a link. */
export class Patient {
  private readonly url: string
  private readonly headers: Record<string, string>
  constructor(patientUrl: string) {
    const { origin, pathname } = new URL(patientUrl)
    this.url = origin
    this.headers = { authorization: `Intake ${pathname.split('/').at(-1)}` }
  }
  /** A code, by the channel that the patient chose. */
  askCode = (channel: 'sms' | 'mail') => call<unknown>(`${this.url}/api/intake/proof/code`, json({ channel }, this.headers))
  /** What comes back is a cookie: this browser is known from now on. */
  async prove(birthDate: string, code: string): Promise<string> {
    const { body, headers } = await call<{ outcome: string }>(`${this.url}/api/intake/proof`, json({ birthDate, code }, this.headers))
    this.keep(headers)
    return body.outcome
  }
  private keep(headers: Headers): void {
    const cookies = headers.getSetCookie().map((cookie) => cookie.split(';')[0])
    if (cookies.length > 0) this.headers.cookie = cookies.join('; ')
  }
  open = async () => (await call<IntakeView>(`${this.url}/api/intake`, { headers: this.headers })).body
  status = async () =>
    (await call<{ eligibility: string | null; payment: string | null; settled: boolean }>(`${this.url}/api/intake/status`, { headers: this.headers })).body

  /** Signed PUTs straight into quarantine, then "upload complete". */
  async sendPhoto(kind: 'card-front' | 'card-back', bytes: Buffer, contentType = 'image/jpeg'): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { body: ticket } = await call<{ uploadId: string; parts: { bytes: number; putUrl: string | null }[]; headers: Record<string, string> }>(
      `${this.url}/api/intake/uploads`,
      json({ kind, contentType, bytes: bytes.length, sha256 }, this.headers),
    )
    let at = 0
    for (const part of ticket.parts) {
      const body = new Uint8Array(bytes.subarray(at, at + part.bytes))
      at += part.bytes
      if (part.putUrl === null) continue
      const put = await fetch(part.putUrl, { method: 'PUT', headers: ticket.headers, body, signal: AbortSignal.timeout(20_000) })
      if (!put.ok) throw new Error(`the object store refused the photo: ${put.status}`)
    }
    await call(`${this.url}/api/intake/uploads/${ticket.uploadId}/complete`, { method: 'POST', headers: this.headers })
    return ticket.uploadId
  }
  /** Also of a form that is sent: its browser is known. */
  async submit(submission: Record<string, unknown>, idempotencyKey: string): Promise<{ reference: string; statusUrl: string }> {
    const { body, headers } = await call<{ reference: string; statusUrl: string }>(
      `${this.url}/api/intake/submit`,
      json(submission, { ...this.headers, 'idempotency-key': idempotencyKey }),
    )
    this.keep(headers)
    return body
  }
}
