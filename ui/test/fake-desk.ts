import { instantOf } from '@heliox/core/catalog'
import type {
  AccessList,
  ConsentsOfVisit,
  ContactOfVisit,
  DeskAnswers,
  DeskVisit,
  ImportLine,
  ImportResult,
  Journey,
  LinkNow,
  OptOut,
  PaperParts,
  PatientMessage,
  VisitMessages,
  VisitName,
  WithdrawalToRecord,
} from '../src/client.gen.ts'
import { addDays } from '../src/shared/time.ts'
import { soon, uuid } from './fake-kit.ts'

/** What the front desk is told beside journeys; a test changes what it needs. */
export interface FakeDesk {
  names: VisitName[]
  contacts: Map<string, NonNullable<ContactOfVisit['contact']>>
  /** By intake. */
  messages: Map<string, PatientMessage[]>
  channels: VisitMessages['channels']
  links: Map<string, LinkNow['status']>
  withdrawn: Map<string, DeskVisit['withdrawn']>
  /** Of every contact, with who said it. */
  contactRevision: number
  contactSource: 'staff' | 'patient'
  /** What was signed with any form. */
  consents: ConsentsOfVisit['items']
  answers: DeskAnswers
  accesses: AccessList['items']
  accessesWhole: boolean
  /** Lines of the file that were booked. */
  booked: Set<string>
  refused: ImportResult['refused']
  lines: ImportLine[]
  paper: PaperParts
}
type Answer = { status: number; body: unknown } | { status: number; code: string; fields?: { path: string; message: string }[] }

const people = [
  ['Ada', 'Moreno', '1981-04-09', 'en'],
  ['Ivan', 'Petrov', '1975-11-30', 'en'],
  ['Samira', 'Haddad', null, 'es'],
  ['Ruth', 'Okafor-Featherstonehaugh', '1990-01-02', 'en'],
] as const

export function message(n: number, change: Partial<PatientMessage> = {}): PatientMessage {
  return {
    id: uuid(900 + n),
    intakeId: uuid(n),
    kind: 'invitation',
    channel: 'sms',
    status: 'delivered',
    reason: null,
    code: null,
    dueAt: null,
    createdAt: soon(-0.2),
    sentAt: soon(-0.2),
    statusAt: soon(-1 / 6),
    by: 'desk',
    ...change,
  }
}
export function importLine(line: number, change: Partial<ImportLine> = {}): ImportLine {
  return { line, is: 'new', startsAt: '2027-03-04T15:20:00.000Z', practitioner: 'Dr Okafor', name: `Moreno, Ada ${line}`, problems: [], sent: null, ...change }
}

const consent = 'I agree to be examined and treated by the clinicians of this clinic.\n\nI may say no to any part of it, also later.'
export function freshDesk(): FakeDesk {
  return {
    names: people.map(([givenName, familyName, birthDate, language], at) => ({ visitId: uuid(501 + at), givenName, familyName, birthDate, language })),
    contacts: new Map([
      [
        uuid(501),
        {
          givenName: 'Ada',
          familyName: 'Moreno',
          birthDate: '1981-04-09',
          phone: '+13125550142',
          email: 'ada.moreno@example.org',
          language: 'en',
          smsAllowed: true,
        },
      ],
    ]),
    messages: new Map(),
    channels: { sms: { is: 'ready' }, mail: { is: 'no-address' } },
    links: new Map(),
    withdrawn: new Map(),
    contactRevision: 1,
    contactSource: 'staff',
    consents: (['treatment', 'privacy-notice', 'electronic-signature', 'card-authorisation', 'sms'] as const).map((kind) => ({
      ...{ kind, title: kind, signedAt: soon(-20), withdrawnAt: null, recorded: null },
    })),
    answers: {
      ...{ payerSex: 'F', gender: 'other', noCard: true, nameOnCard: { givenName: 'Ada Maria', familyName: 'Moreno' } },
      guardian: { givenName: 'Luisa', familyName: 'Moreno', relationship: 'parent' },
      insurance: { payer: 'Helio Health', listed: true, memberId: 'W123456789', groupNumber: 'G-7700' },
      secondary: {
        ...{ payer: 'Grandfathered Mutual of the Lakes', listed: false, memberId: 'SEC-1', groupNumber: null },
        nameOnCard: { givenName: 'Ada', familyName: 'Ruiz' },
      },
    },
    accessesWhole: true,
    accesses: [
      {
        ...{ at: soon(-0.1), actor: { kind: 'user', name: 'Dana Desk' }, action: 'contact.read', purpose: 'front desk list' },
        ...{ outcome: 'ok', subjects: 37 },
      },
      { at: soon(-1), actor: { kind: 'patient', name: null }, action: 'intake.submit', purpose: null, outcome: 'ok', subjects: 1 },
    ],
    booked: new Set(),
    refused: null,
    lines: [
      importLine(2),
      importLine(3, { is: 'there', name: 'Petrov, Ivan' }),
      importLine(4, {
        is: 'wrong',
        startsAt: null,
        practitioner: null,
        name: null,
        problems: [
          { column: 'date', problem: 'past' },
          { column: 'phone', problem: 'not-readable' },
        ],
      }),
      importLine(6, { is: 'twice', name: 'Moreno, Ada 2' }),
    ],
    paper: {
      name: 'Lakeside Clinic',
      phone: '+1 512 555 0100',
      timeZone: 'America/Chicago',
      country: 'US',
      languages: ['en', 'es'],
      consents: [
        { kind: 'treatment', language: 'en', title: 'Consent to treatment', body: consent },
        { kind: 'treatment', language: 'es', title: 'Consentimiento para el tratamiento', body: consent },
      ],
      forms: [
        {
          id: 'before-your-visit',
          version: 1,
          schema: { type: 'object', properties: { walking: { type: 'boolean' }, other: { type: 'string', maxLength: 200 } }, required: [] },
          words: { en: { title: 'Before your visit', fields: { walking: { label: 'Do you need help with walking?' }, other: { label: 'Anything else?' } } } },
        } as unknown as PaperParts['forms'][number],
      ],
    },
  }
}

/** What the api would say to the desk, more or less. */
export function answerDesk(
  desk: FakeDesk,
  journeys: readonly Journey[],
  method: string,
  path: string,
  query: URLSearchParams,
  body: unknown,
): Answer | undefined {
  const ok = (value: unknown, status = 200): Answer => ({ status, body: value })
  if (path === '/api/clinic/day' || path === '/api/clinic/day/names') {
    const midnight = (date: string): number => instantOf({ date, minutes: 0 }, 'America/Chicago').getTime()
    const from = midnight(query.get('from') ?? '')
    const to = midnight(addDays(query.get('from') ?? '', Number(query.get('days'))))
    const now = Date.parse(soon(0))
    // Visits of these tests lie around now: around midnight too they belong to the day that is now, and to none beside it.
    const aroundMs = from <= now && now < to ? 3_600_000 : 0
    const inside = journeys.filter(({ startsAt }) => startsAt !== null && Date.parse(startsAt) >= from - aroundMs && Date.parse(startsAt) < to + aroundMs)
    if (path.endsWith('/names')) return ok({ items: desk.names.filter(({ visitId }) => inside.some((one) => one.visitId === visitId)) })
    const items: DeskVisit[] = inside
      .map((journey) => ({
        contactRevision: desk.contactRevision,
        journey,
        message: desk.messages.get(journey.intakeId)?.[0] ?? null,
        withdrawn: desk.withdrawn.get(journey.intakeId) ?? [],
        ofAnother: false,
        linkEnded: ['revoked', 'expired'].includes(desk.links.get(journey.intakeId) ?? ''),
      }))
      .sort((a, b) => (a.journey.startsAt ?? '').localeCompare(b.journey.startsAt ?? ''))
    return ok({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), items, cut: false })
  }
  if (path === '/api/clinic/paper') return ok(desk.paper)
  if (path === '/api/clinic/imports') {
    const { dryRun, sendLinks, anew = [] } = body as { dryRun: boolean; sendLinks?: boolean; anew?: number[] }
    const lines = desk.refused ? [] : desk.lines.map((line) => (desk.booked.has(String(line.line)) ? { ...line, is: 'there' as const } : line))
    const done = lines.map((line) =>
      (line.is === 'new' || anew.includes(line.line)) && !dryRun ? { ...line, is: 'booked' as const, sent: sendLinks ? ('on-its-way' as const) : null } : line,
    )
    if (!dryRun) for (const line of lines) if (line.is === 'new') desk.booked.add(String(line.line))
    return ok({ refused: desk.refused, lines: done, ignored: 1 } satisfies ImportResult)
  }
  const back = /^\/api\/clinic\/visits\/[^/]+\/consents\/([^/]+)\/withdrawal$/.exec(path)
  if (back) {
    const { cameBy } = body as WithdrawalToRecord
    for (const one of desk.consents.filter(({ kind, withdrawnAt }) => kind === back[1] && withdrawnAt === null))
      Object.assign(one, { withdrawnAt: soon(0), recorded: { name: 'Dana Desk', cameBy } })
    return ok(null, 204)
  }
  const found = /^\/api\/clinic\/visits\/([^/]+)\/(contact|consents|answers|accesses|link|code|messages|opt-outs\/sms|opt-outs\/mail)$/.exec(path)
  const id = found?.[1] ?? ''
  switch (found?.[2]) {
    case 'contact': {
      if (method === 'PUT') {
        const { contact } = body as { contact: NonNullable<ContactOfVisit['contact']> }
        desk.contacts.set(id, { ...contact, phone: contact.phone && `+1${contact.phone.replace(/\D/g, '').slice(-10)}` })
      }
      const contact = desk.contacts.get(id) ?? null
      return ok({
        contact,
        source: contact && (method === 'PUT' ? 'staff' : desk.contactSource),
        version: desk.contactRevision + (method === 'PUT' ? 1 : 0),
      } satisfies ContactOfVisit)
    }
    case 'consents':
      return ok({ items: journeys.find(({ intakeId }) => intakeId === id)?.intake === 'submitted' ? desk.consents : [] } satisfies ConsentsOfVisit)
    case 'answers':
      return ok(desk.answers)
    case 'accesses':
      return ok({ from: soon(-720), to: soon(0), items: desk.accesses, cut: false, whole: desk.accessesWhole } satisfies AccessList)
    case 'link': {
      if (method === 'POST') {
        desk.links.delete(id)
        return undefined
      }
      if (method === 'DELETE') {
        desk.links.set(id, 'revoked')
        return ok(null, 204)
      }
      const status = desk.links.get(id) ?? journeys.find(({ intakeId }) => intakeId === id)?.intake ?? 'created'
      return ok({ status, canBeSent: status !== 'revoked' } satisfies LinkNow)
    }
    case 'code':
      return ok({ code: '604218', expiresAt: soon(1 / 6) }, 201)
    case 'messages': {
      const messages = desk.messages.get(id) ?? []
      if (method === 'GET') return ok({ messages, channels: desk.channels, textsWanted: true } satisfies VisitMessages)
      const wish = body as { channel?: 'auto' | 'sms' | 'mail' }
      const sent = message(messages.length + 20, { intakeId: id, channel: wish.channel === 'mail' ? 'mail' : 'sms', status: 'requested', sentAt: null })
      desk.messages.set(id, [sent, ...messages])
      return ok(sent, 202)
    }
    case 'opt-outs/sms':
    case 'opt-outs/mail':
      desk.channels = {
        ...desk.channels,
        [found?.[2] === 'opt-outs/sms' ? 'sms' : 'mail']: (body as OptOut).out ? { is: 'opted-out', since: soon(0), cause: 'staff' } : { is: 'ready' },
      }
      return ok(null, 204)
    default:
      return undefined
  }
}
