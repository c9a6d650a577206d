import { partKey, partsOf } from '@heliox/core/media'
import type {
  AdapterView,
  ConnectionView,
  CorrectionView,
  DeadLetter,
  FlowView,
  IncidentItem,
  IntakeView,
  Journey,
  JourneyStep,
  PaymentsView,
  PhotoList,
  SessionView,
} from '../src/client.gen.ts'
import { answerClinicWords, type FakeClinicWords, freshClinicWords } from './fake-clinic-words.ts'
import { consentTexts } from './fake-consent-texts.ts'
import { answerDesk, type FakeDesk, freshDesk } from './fake-desk.ts'
import { soon, uuid } from './fake-kit.ts'
import { answerLink, type FakeHeaders, type FakeLink, freshLink } from './fake-link.ts'
import { answerOps } from './fake-ops.ts'
import { freshOps, type OpsData } from './fake-ops-data.ts'
import { answerPayments, freshPayments } from './fake-payments.ts'
import { answerSchedule, type FakeSchedule, freshSchedule } from './fake-schedule.ts'
import { answerVisit } from './fake-visits.ts'

/** Canned answers, plain to read; a test changes what it needs and `freshData` puts it back. */
export type Answer = { status: number; body: unknown } | { status: number; code: string; fields?: { path: string; message: string }[] }

export interface FakeData extends OpsData {
  delayMs: number
  intake: IntakeView
  link: FakeLink
  correction: CorrectionView
  session: SessionView | null
  journeys: Journey[]
  desk: FakeDesk
  words: FakeClinicWords
  incidents: IncidentItem[]
  steps: JourneyStep[]
  photos: PhotoList['items']
  payments: PaymentsView
  schedule: FakeSchedule
  deadLetters: DeadLetter[]
  adapters: AdapterView[]
  connections: ConnectionView[]
  flows: FlowView[]
}

const roleActions: SessionView['actions'] = [
  'visit.create',
  'visit.change',
  'visit.link',
  'visit.list',
  'visit.import',
  'contact.read',
  'contact.save',
  'answers.read',
  'consent.record-withdrawal',
  'audit.read',
  'photo.read',
  'override.list',
  'override.read',
  'override.open-input',
  'override.claim',
  'override.decide',
  'override.approve',
  'bulk-release.read',
  'bulk-release.run',
  'live.read',
  'queue.read',
  'answers.open',
  'incident.list',
  'incident.close',
  'incident.send-again',
  'journey.read',
  'connection.list',
  'connection.write',
  'flow.list',
  'dead-letter.list',
  'dead-letter.requeue',
]

export function journey(n: number, change: Partial<Journey> = {}): Journey {
  return {
    intakeId: uuid(n),
    visitId: uuid(n + 500),
    reference: `HX-7Q2M-K${n}`,
    startsAt: soon(n % 5),
    practitioner: 'Dr Okafor',
    visitStatus: 'booked',
    visitChange: null,
    intake: 'submitted',
    eligibility: 'confirmed',
    askedByFile: false,
    provisional: null,
    answer: null,
    changed: null,
    nextTry: null,
    payment: 'stored',
    paymentMethod: 'card',
    writeback: 'written',
    photosExpected: 2,
    photosClean: 2,
    photosRejected: 0,
    held: 0,
    updatedAt: soon(-0.1),
    ...change,
  }
}

export function freshData(url: string, partnerUrl: string): FakeData {
  return {
    delayMs: 0,
    intake: {
      intakeId: uuid(1),
      reference: 'HX-7Q2M-K41',
      status: 'opened',
      expiresAt: soon(200),
      statusUrl: `${url}/status/token`,
      clinic: {
        name: 'Lakeside Clinic',
        phone: '+1 512 555 0100',
        brandColour: '#0f5c78',
        timeZone: 'America/Chicago',
        country: 'US',
        languages: ['en', 'es'],
        logoUrl: null,
      },
      visit: { startsAt: '2027-03-04T15:20:00.000Z', endsAt: '2027-03-04T15:40:00.000Z', practitioner: 'Dr Okafor', status: 'booked' },
      payers: [
        { id: 'HELIO1', name: 'Helio Health Plan', timeZone: 'America/Chicago', aliases: [], cardPayerIds: [], supported: true },
        { id: 'NORTH2', name: 'Northwind Mutual', timeZone: 'America/Chicago', aliases: [], cardPayerIds: [], supported: true },
        { id: 'QUIET3', name: 'Quiet Valley Insurance', timeZone: 'America/Chicago', aliases: [], cardPayerIds: [], supported: true },
      ],
      consentTexts: { en: consentTexts('en', 100), es: consentTexts('es', 200), de: [], fr: [] },
      accessCode: '4711',
      card: { scriptUrl: `${partnerUrl}/v3/`, publishableKey: 'pk_test_fake', bankAccounts: false, currency: 'USD' },
      forms: [],
      draft: null,
      draftVersion: 0,
      contact: null,
      previous: null,
      uploads: [],
      limits: { uploadBytesMax: 10 * 1024 * 1024, uploadsMax: 4, uploadTypes: ['image/jpeg', 'image/png', 'image/webp'] },
    },
    link: freshLink(),
    correction: {
      reference: 'HX-7Q2M-K41',
      statusUrl: `${url}/status/token`,
      clinic: {
        name: 'Lakeside Clinic',
        phone: '+1 512 555 0100',
        brandColour: '#0f5c78',
        timeZone: 'America/Chicago',
        country: 'US',
        languages: ['en', 'es'],
        logoUrl: null,
      },
      visit: { startsAt: '2027-03-04T15:20:00.000Z', endsAt: '2027-03-04T15:40:00.000Z', practitioner: 'Dr Okafor', status: 'booked' },
      fields: ['memberId', 'givenName', 'familyName', 'birthDate', 'payerSex', 'payerId'],
      askedBy: 'payer-answer',
      hints: { memberId: '871', givenName: 'A', familyName: 'M', payerId: 'HELIO1' },
      payers: [
        { id: 'HELIO1', name: 'Helio Health Plan', timeZone: 'America/Chicago', aliases: [], cardPayerIds: [], supported: true },
        { id: 'NORTH2', name: 'Northwind Mutual', timeZone: 'America/Chicago', aliases: [], cardPayerIds: [], supported: true },
      ],
      left: 5,
    },
    session: {
      userId: uuid(9),
      displayName: 'Robin Ade',
      email: 'ops@lakeside.example',
      roles: ['ops'],
      actions: roleActions,
      tenant: { id: uuid(8), slug: 'lakeside', name: 'Lakeside Clinic', timeZone: 'America/Chicago', region: 'us-east', languages: ['en', 'es'] },
      expiresAt: soon(8),
    },
    ...freshOps(),
    desk: freshDesk(),
    words: freshClinicWords(),
    incidents: [],
    journeys: [
      journey(1),
      journey(2, { eligibility: 'provisional', writeback: 'none', practitioner: 'Dr Lin' }),
      journey(3, { eligibility: 'needs-you', payment: 'declined', writeback: 'none', photosRejected: 1, photosClean: 1 }),
      journey(4, { eligibility: 'with-our-team', held: 1, writeback: 'with-our-team', payment: 'requested', photosClean: 1 }),
      journey(5, { intake: 'created', eligibility: null, payment: null, writeback: 'none', photosExpected: 0, photosClean: 0 }),
    ].map((row) => ({ ...row, startsAt: soon(0) })),
    steps: [
      { at: soon(-0.7), step: 'intake.submitted.v1', process: 'api-1', outcome: null, sinceSubmitMs: 0, durationMs: null },
      { at: soon(-0.69), step: 'eligibility.requested.v1', process: 'engine-1', outcome: null, sinceSubmitMs: 182, durationMs: null },
      { at: soon(-0.68), step: 'eligibility/ask payer', process: 'engine-1', outcome: 'unknown', sinceSubmitMs: 20_310, durationMs: 20_001 },
      { at: soon(-0.6), step: 'override.opened.v1', process: 'engine-1', outcome: null, sinceSubmitMs: 81_000, durationMs: null },
      { at: soon(-0.5), step: 'payment/keep card', process: 'engine-2', outcome: 'succeeded', sinceSubmitMs: 640, durationMs: 311 },
      { at: soon(-0.5), step: 'document-scan/scan photo', process: 'engine-2', outcome: 'rejected', sinceSubmitMs: 900, durationMs: 44 },
    ],
    payments: freshPayments(),
    schedule: freshSchedule(),
    photos: [
      { id: uuid(31), kind: 'card-front', status: 'clean', reason: null, sent: true },
      { id: uuid(32), kind: 'card-back', status: 'rejected', reason: 'malware', sent: true },
    ],
    deadLetters: [{ id: 'dl-1', queue: 'flow.eligibility', type: 'eligibility.requested.v1', intakeId: uuid(1), reason: 'delivery_limit', diedAt: soon(-2) }],
    adapters: [
      {
        id: 'clearinghouse',
        title: 'Clearinghouse (X12 270/271)',
        configSchema: {
          type: 'object',
          required: ['restUrl', 'submitterId', 'usage'],
          properties: {
            restUrl: { type: 'string', format: 'uri', minLength: 4 },
            submitterId: { type: 'string', minLength: 2, maxLength: 15, label: 'Submitter (ISA06)', description: 'As agreed with the clearinghouse.' },
            usage: { type: 'string', enum: ['P', 'T'], label: 'Usage (ISA15)' },
            timeoutSeconds: { anyOf: [{ type: 'integer', minimum: 1, maximum: 60 }, { type: 'null' }] },
          },
        },
        secretsSchema: { type: 'object', required: ['restToken'], properties: { restToken: { type: 'string', maxLength: 200 } } },
        secretNames: ['restToken'],
        operations: [{ name: 'checkEligibility', version: 1, summary: 'Send one 270, read one 271.' }],
      },
      {
        id: 'fhir',
        title: 'EHR (FHIR R4)',
        configSchema: { type: 'object', required: ['baseUrl'], properties: { baseUrl: { type: 'string', format: 'uri' } } },
        secretsSchema: {
          type: 'object',
          required: ['clientId', 'clientSecret'],
          properties: { clientId: { type: 'string' }, clientSecret: { type: 'string' } },
        },
        secretNames: ['clientId', 'clientSecret'],
        operations: [{ name: 'writeVisit', version: 1, summary: 'Write patient, coverage and appointment in one transaction.' }],
      },
      {
        id: 'files',
        title: 'Files (SFTP)',
        configSchema: {
          type: 'object',
          required: ['sftpHost'],
          properties: {
            sftpHost: { type: 'string', title: 'SFTP server' },
            sftpUser: { type: 'string', title: 'SFTP user' },
            sftpPort: { type: 'integer', minimum: 1, maximum: 65_535, default: 22, title: 'SFTP port' },
          },
        },
        secretsSchema: {
          type: 'object',
          properties: {
            sftpPassword: { type: 'string', maxLength: 500, title: 'SFTP password' },
            sftpPrivateKey: { type: 'string', maxLength: 20_000, title: 'SFTP private key, in place of a password' },
          },
        },
        secretNames: ['sftpPassword', 'sftpPrivateKey'],
        operations: [{ name: 'submitBatch', version: 1, summary: 'Send one file.' }],
      },
    ],
    connections: [
      {
        adapterId: 'clearinghouse',
        config: { restUrl: 'https://clearing.example/x12', submitterId: 'LAKESIDE', usage: 'T', timeoutSeconds: null },
        secretNames: ['restToken'],
        updatedAt: soon(-50),
        hookUrl: null,
        keysUrl: null,
      },
    ],
    flows: ['intake', 'eligibility', 'ehr-writeback', 'payment', 'document-scan', 'notify'].map((name, index) => ({
      name,
      version: 1,
      hash: String(index).repeat(64),
      enters: [`${name}.requested.v1`],
      leaves: [`${name}.done.v1`],
    })),
  }
}

/** What the api would say, more or less. */
export function answer(
  data: FakeData,
  partnerUrl: string,
  method: string,
  path: string,
  query: URLSearchParams,
  body: unknown,
  headers: FakeHeaders = { ifMatch: '', token: '' },
): Answer {
  const ok = (value: unknown, status = 200): Answer => ({ status, body: value })
  const list = (items: unknown[]): Answer => ok({ items, total: items.length, nextCursor: null })
  if (path === '/api/session' && method === 'POST') {
    return (body as { password: string }).password === 'right' && data.session ? ok(data.session) : { status: 401, code: 'sign-in-failed' }
  }
  const link = answerLink(data, method, path, body, headers)
  if (link) return link
  if (path === '/api/intake') return ok(data.intake)
  if (path === '/api/intake/uploads') {
    const uploadId = uuid(300 + Math.floor(performance.now()) + data.intake.uploads.length)
    return ok(
      {
        uploadId,
        parts: partsOf((body as { bytes: number }).bytes).map((bytes, at) => ({ bytes, putUrl: `${partnerUrl}/quarantine/${partKey(uploadId, at)}` })),
        headers: { 'content-type': (body as { contentType: string }).contentType },
        expiresAt: soon(0.1),
      },
      201,
    )
  }
  if (path.endsWith('/complete')) return ok({ uploadId: path.split('/').at(-2) }, 202)
  if (path === '/api/intake/correction' && method === 'GET') return ok(data.correction)
  if (path === '/api/intake/correction') return ok({ reference: data.correction.reference, statusUrl: data.correction.statusUrl }, 202)
  if (path === '/api/intake/method') return ok(undefined, 204)
  if (path === '/api/intake/submit') return ok({ reference: data.intake.reference, statusUrl: data.intake.statusUrl }, 202)
  if (!data.session) return { status: 401, code: 'not-signed-in' }
  if (path === '/api/session') {
    if (method === 'DELETE') data.session = null
    return method === 'DELETE' ? ok(null, 204) : ok(data.session)
  }
  if (path === '/api/ops/incidents') return list(data.incidents.filter(({ status }) => status === (query.get('status') ?? 'open')))
  const caused = data.incidents.find(({ id }) => path.includes(`/incidents/${id}/`))
  if (caused) {
    if (caused.status === 'resolved') return { status: 409, code: 'already-resolved' }
    const again = path.endsWith('/send-again')
    const reason = again ? 'sent-again' : (body as { reason: IncidentItem['reason'] }).reason
    Object.assign(caused, { status: 'resolved', reason, closedBy: 'ops@lakeside.example', closedAt: soon(0) })
    return ok({ incidentId: caused.id, ...(again ? { inquiries: caused.count } : {}) })
  }
  const ops = answerOps(data, method, path, query, body)
  if (ops) return ops
  if (path.endsWith('/journey')) {
    const found = data.journeys.find(({ intakeId }) => path.includes(intakeId))
    return found ? ok({ journey: found, steps: data.steps }) : { status: 404, code: 'not-found' }
  }
  const words = answerClinicWords(data.words, method, path, body, headers.ifMatch)
  if (words) return words
  const desk = answerDesk(data.desk, data.journeys, method, path, query, body)
  if (desk) return desk
  const visit = answerVisit(data.journeys, method, path, body)
  if (visit) return visit
  if (path === '/api/clinic/visits' && method === 'POST') {
    return ok(
      {
        visitId: uuid(61),
        intakeId: uuid(62),
        reference: 'HX-9RTK-2PA',
        patientUrl: `${data.intake.statusUrl.replace('/status/token', '')}/i/kJ3v8wPqT2sLx9mYb4nR7cZd`,
        expiresAt: soon(300),
      },
      201,
    )
  }
  if (path.startsWith('/api/clinic/visits/') && path.endsWith('/link')) {
    return ok({ patientUrl: `${data.intake.statusUrl.replace('/status/token', '')}/i/Wm5tC1xQeU8aHf0zKd6sVp3B`, expiresAt: soon(300) }, 201)
  }
  if (path === '/api/clinic/visits') return list(data.journeys)
  if (path.startsWith('/api/payments/')) return answerPayments(data.payments, method, path, body)
  if (path.startsWith('/api/admin/scheduler')) return answerSchedule(data.schedule, method, path, body)
  if (path.endsWith('/photos')) return ok({ items: data.photos })
  if (path.includes('/clinic/photos/')) return ok({ url: `${partnerUrl}/photo`, contentType: 'image/png', expiresAt: soon(0.03) })
  if (path === '/api/ops/dead-letters') return ok({ items: data.deadLetters })
  if (path === '/api/ops/dead-letters/requeue') {
    data.deadLetters = []
    return ok({ id: 'dl-1' }, 202)
  }
  if (path === '/api/admin/adapters') return ok({ items: data.adapters })
  if (path === '/api/admin/connections') return ok({ items: data.connections })
  if (path.startsWith('/api/admin/connections/')) {
    const adapterId = path.split('/').at(-1) ?? ''
    const saved: ConnectionView = {
      adapterId,
      config: (body as { config: Record<string, unknown> }).config,
      secretNames: ['restToken'],
      updatedAt: soon(0),
      hookUrl: null,
      keysUrl: null,
    }
    data.connections = [...data.connections.filter((c) => c.adapterId !== adapterId), saved]
    return ok(saved)
  }
  if (path === '/api/flows') return ok({ items: data.flows })
  return { status: 404, code: 'not-found' }
}
