import { randomUUID } from 'node:crypto'
import { VisitContact } from '@heliox/core/identity'
import type { Envelope, LanguageTag, LetterFacts, ValueOf } from '@heliox/core/kit'
import type { MessageItem, MessageRefusal } from '@heliox/core/messaging'
import type { StepRef } from '@heliox/core/ports'
import { connectMessages, drainAll, newToken, openTestHub, submission, submitMeta, type TestHub } from '../fixtures.ts'

/** What the tests of messages play: a clinic that texts and mails, its desk, and the flow as the engine walks it. */
export const phone = '+13125550142'
export const email = 'canary.mailbox@example.org'
/** Monday noon in Chicago, where the clinic is; the visit is a week later. */
export const noon = new Date('2026-02-02T18:00:00Z')
export const visitAt = '2026-02-09T18:00:00Z'
export const hours = (n: number, from = new Date(visitAt)): Date => new Date(from.getTime() + n * 3_600_000)

/** The form as a patient sends it who is reached like this. */
export const formOf = (reachedAt: string, over: { email?: string | null; language?: LanguageTag } = {}) => ({
  ...submission,
  answers: { ...submission.answers, phone: reachedAt, email: over.email ?? null },
  signature: { ...submission.signature, language: over.language ?? submission.signature.language },
})

type Sent = Pick<LetterFacts, 'kind' | 'channel' | 'to' | 'language' | 'url' | 'code' | 'startsAt' | 'unsubscribeUrl'> & { messageId: string }

export type MessageWorld = Awaited<ReturnType<typeof openMessages>>
export async function openMessages() {
  const hub: TestHub = await openTestHub()
  const sent: Sent[] = []
  /** By address: what the partner says to it. */
  const refuse: Record<string, MessageRefusal> = {}
  await connectMessages(hub)

  async function book(contact: Partial<VisitContact> = {}, startsAt = visitAt, bookedAt = noon) {
    const [token, tokenSha256] = newToken()
    const details = {
      startsAt,
      minutes: 20,
      practitioner: 'Dr. Imani Reyes',
      contact: VisitContact.parse({ givenName: 'Canaryna', familyName: 'Me', phone, ...contact }),
    }
    const made = await hub.api.stores.clinic.createVisit(
      hub.tenantId,
      details,
      { token, tokenSha256, expiresAt: hours(1, new Date(startsAt)) },
      'user:desk',
      bookedAt,
    )
    if (typeof made === 'string') throw new Error(made)
    return { ...made, token, tokenSha256 }
  }
  const send = (intakeId: string, now: Date, over: { channel?: 'auto' | 'sms' | 'mail'; atOnce?: boolean } = {}) =>
    hub.api.stores.messages.send(hub.tenantId, intakeId, { kind: 'invitation', channel: 'auto', atOnce: false, ...over }, `user:${randomUUID()}`, now)
  const states = async (intakeId: string, now = noon) =>
    ((await hub.api.stores.messages.ofVisit(hub.tenantId, intakeId, now))?.messages ?? []).map(({ kind, channel, status, reason }) =>
      [kind, channel, status, reason].join(' '),
    )

  const apply = (name: string, input: unknown, envelope: Envelope, now: Date) =>
    hub.engine.stores.applies.apply(name, input, { envelope, flow: 'message', version: 1, step: name, process: 'engine-1', now })

  /** The flow, as the engine walks it: what may leave is sent, and what the partner answers is recorded. */
  async function deliver(envelope: Envelope, now: Date): Promise<void> {
    const { messageId } = envelope.payload as { messageId: string }
    const ref: StepRef = {
      tenantId: hub.tenantId,
      rootId: envelope.rootId,
      flow: 'message',
      version: 1,
      step: 'leave',
      intakeId: null,
      ledgerMonth: '2026-02-01',
    }
    const leave = await hub.engine.stores.outgoing.leave(ref, envelope.aggregateVersion, messageId, now)
    if (leave.go === 'no' || leave.go === 'later') return void (await apply('messaging.hold-back-message', leave, envelope, now))
    const letter = await hub.engine.stores.outgoing.letter(ref, messageId, 'https://hub.example', 'service:engine-1', now)
    if (!letter) throw new Error('no letter')
    const reason = refuse[letter.to]
    const { kind, channel, to, language, url, code, startsAt, unsubscribeUrl } = letter
    if (!reason) sent.push({ messageId, kind, channel, to, language, url, code, startsAt, unsubscribeUrl })
    const record = reason ? { is: 'refused', messageId, reason, code: '21000' } : { is: 'sent', messageId, providerId: `SM${messageId}` }
    await apply('messaging.record-message', record, envelope, now)
  }
  /** All events that ask for a message, until none is left. */
  async function run(now: Date): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) {
      const asked = (await drainAll(hub, 'messaging', now)).filter(({ envelope }) => envelope.type === 'message.requested.v1')
      if (asked.length === 0) return
      for (const { envelope } of asked) await deliver(envelope, now)
    }
    throw new Error('messages go round in circles')
  }
  /** A round of a clinic without odd rows. */
  const round = async (now: Date): Promise<{ waited: number; reminders: number }> => {
    const { skipped, readTo: _, ...begun } = await hub.engine.stores.reminders.begin(hub.tenantId, { process: 'engine-1', now })
    if (skipped.length > 0) throw new Error(`skipped: ${skipped.map(({ of }) => of).join()}`)
    return begun
  }
  const due = (now: Date) => hub.engine.stores.reminders.tenants(now)
  const envelopeOf = (type: string, payload: unknown, now: Date): Envelope => {
    const id = randomUUID()
    const about = { tenantId: hub.tenantId, region: 'us-east', aggregateType: 'test', aggregateId: id, aggregateVersion: 1, intakeId: null }
    return { id, rootId: id, type, contract: 'Test.v1', ...about, occurredAt: now.toISOString(), process: 'engine-1', traceparent: null, attempt: 1, payload }
  }
  async function fact(item: ValueOf<typeof MessageItem>, now: Date): Promise<void> {
    const id = randomUUID()
    const payload = { itemId: id, fileId: randomUUID(), index: 0, receivedAt: now.toISOString(), item }
    await apply('messaging.record-message-fact', payload, envelopeOf('twilio.item-received.v1', payload, now), now)
  }
  const keyOf = (e164: string): Promise<string> => hub.engine.stores.locks.keyOf(hub.tenantId, ['phone', e164])
  const word = async (is: 'stop' | 'start' | 'other', now: Date): Promise<void> =>
    fact({ is: 'inbound', providerId: `SM${randomUUID()}`, word: is, fromKey: await keyOf(phone) }, now)

  /** The form is sent, by a browser that has said the code which the desk read out. */
  async function submit({ intakeId, tokenSha256 }: { intakeId: string; tokenSha256: string }, now: Date, form = formOf(phone)): Promise<void> {
    const { intake, proofs } = hub.api.stores
    const link = await intake.findLink(tokenSha256, now)
    const shown = await proofs.showCode(hub.tenantId, intakeId, 'user:desk', now)
    if (!link || shown === 'not-found') throw new Error('no link')
    const [, browser] = newToken()
    await proofs.prove(link, { birthDate: null, code: shown.code }, browser, now)
    const outcome = await intake.submit(link, form, { ...submitMeta(), proofSha256s: [browser] }, now)
    if (outcome !== 'submitted') throw new Error(`submit: ${outcome}`)
  }

  return { hub, sent, refuse, submit, book, send, states, apply, deliver, run, round, due, envelopeOf, fact, word }
}
