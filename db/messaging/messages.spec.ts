import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { drainAll, newToken, submitMeta } from '../fixtures.ts'
import { email, formOf, hours, type MessageWorld, noon, openMessages, phone, visitAt } from './messages-testing.ts'

describe('messages to patients', function () {
  this.timeout(60_000)
  let hub: MessageWorld['hub']
  let sent: MessageWorld['sent']
  let refuse: MessageWorld['refuse']
  let book: MessageWorld['book']
  let send: MessageWorld['send']
  let states: MessageWorld['states']
  let apply: MessageWorld['apply']
  let deliver: MessageWorld['deliver']
  let run: MessageWorld['run']
  let round: MessageWorld['round']
  let due: MessageWorld['due']
  let envelopeOf: MessageWorld['envelopeOf']
  let fact: MessageWorld['fact']
  let word: MessageWorld['word']
  beforeEach(async () => {
    ;({ hub, sent, refuse, book, send, states, apply, deliver, run, round, due, envelopeOf, fact, word } = await openMessages())
  })
  afterEach(() => hub.close())

  it('carry the link that the front desk made', async () => {
    const { intakeId, token } = await book()
    const answer = await send(intakeId, noon)
    expect(answer).to.deep.include({ is: 'sent' })
    await run(noon)
    expect(sent).to.have.length(1)
    expect(sent[0]).to.deep.include({ channel: 'sms', to: phone, url: `https://hub.example/i/${token}`, code: null })
    expect(await states(intakeId)).to.deep.equal(['invitation sms sent '])
    expect((await hub.api.stores.messages.latest(hub.tenantId, [intakeId])).get(intakeId)).to.include({ status: 'sent', by: 'desk' })
  })

  it('wait at night until eight, unless a person wants it out at once', async () => {
    const { intakeId } = await book()
    const night = new Date('2026-02-03T04:00:00Z')
    expect(await send(intakeId, night)).to.have.nested.property('message.dueAt', '2026-02-03T14:00:00.000Z')
    await run(night)
    expect(await due(new Date('2026-02-03T13:59:59Z'))).to.deep.equal([])
    expect(await due(new Date('2026-02-03T14:00:00Z'))).to.deep.equal([hub.tenantId])
    await send(intakeId, night, { atOnce: true })
    await run(night)
    expect(sent).to.have.length(1)
    expect(await round(new Date('2026-02-03T14:00:00Z'))).to.deep.equal({ waited: 0, reminders: 0 })
    await run(new Date('2026-02-03T14:00:00Z'))
    expect(sent).to.have.length(1)
    expect(await states(intakeId)).to.deep.equal(['invitation sms sent '])
  })

  it('are one at night for each way, however often they are asked for, and leave once in the morning; asked for after that, there is another', async () => {
    const { intakeId } = await book({ email })
    const night = new Date('2026-02-03T04:00:00Z')
    const morning = new Date('2026-02-03T14:00:00Z')
    const first = await send(intakeId, night, { channel: 'sms' })
    const byMail = await send(intakeId, night, { channel: 'mail' })
    // More often than there may be texts for a visit, or messages of one kind in an hour.
    const pressed = await Promise.all(Array.from({ length: 8 }, () => send(intakeId, night, { channel: 'sms' })))
    for (const answer of pressed) expect(answer).to.deep.equal(first)
    expect(await send(intakeId, night, { channel: 'mail' })).to.deep.equal(byMail)
    expect(await round(morning)).to.deep.equal({ waited: 2, reminders: 0 })
    await run(morning)
    expect(sent.map(({ channel }) => channel).toSorted()).to.deep.equal(['mail', 'sms'])
    await send(intakeId, morning, { channel: 'sms' })
    await run(morning)
    expect(sent).to.have.length(3)
  })

  it('leave once when two desks and the morning want them at one moment', async () => {
    const { intakeId } = await book()
    const night = new Date('2026-02-03T04:00:00Z')
    const morning = new Date('2026-02-03T14:00:00Z')
    await send(intakeId, night)
    const desks = Array.from({ length: 6 }, () => send(intakeId, morning, { atOnce: true }))
    const [, ...answers] = await Promise.all([round(morning), ...desks])
    for (const answer of answers) expect(answer).to.include({ is: 'sent' })
    await run(morning)
    expect(sent).to.have.length(1)
    expect(await states(intakeId)).to.deep.equal(['invitation sms sent '])
  })

  it('that wait leave at night once somebody wants them at once, though the visit has no further text', async () => {
    const { intakeId } = await book()
    const night = new Date('2026-02-03T04:00:00Z')
    for (const n of [-22, -21, -20, -19, -18]) await send(intakeId, hours(n, night), { atOnce: true })
    await run(hours(-17, night))
    await send(intakeId, night)
    expect(await send(intakeId, night, { atOnce: true })).to.have.nested.property('message.status', 'requested')
    await run(night)
    expect(sent).to.have.length(6)
    expect(await send(intakeId, hours(12, night))).to.deep.equal({ is: 'not-possible', reason: 'visit-limit' })
  })

  it('remind once, however many rounds meet', async () => {
    const { intakeId } = await book({ smsAllowed: true })
    expect(await due(hours(-72.01))).to.deep.equal([])
    const at = hours(-72)
    expect(await due(at)).to.deep.equal([hub.tenantId])
    const rounds = await Promise.all(Array.from({ length: 64 }, () => round(at)))
    expect(rounds.reduce((all, { reminders }) => all + reminders, 0)).to.equal(1)
    await run(at)
    expect(sent).to.have.length(1)
    expect(await due(at)).to.deep.equal([])
    expect(await round(hours(-24))).to.deep.equal({ waited: 0, reminders: 1 })
    await run(hours(-24))
    expect(await states(intakeId)).to.deep.equal(['reminder-24h sms sent ', 'reminder-72h sms sent '])
  })

  it('remind by text only who said that they want texts; others by mail, or not at all', async () => {
    const both = await book({ email })
    const neither = await book()
    await round(hours(-72))
    await run(hours(-72))
    expect(sent.map(({ to }) => to)).to.deep.equal([email])
    expect(await states(both.intakeId)).to.deep.equal(['reminder-72h mail sent '])
    expect(await states(neither.intakeId)).to.deep.equal(['reminder-72h sms suppressed no-consent'])
    expect(await due(hours(-72))).to.deep.equal([])
  })

  it('say news by text where the form agreed to texts, until that is taken back; the desk’s tick counts no more then', async () => {
    const { intakeId } = await book({ smsAllowed: true })
    const notice = async (aboutId: string) => {
      const input = { intakeId, template: 'eligibility-changed', aboutId }
      const envelope = { ...envelopeOf('x.v1', input, noon), id: aboutId, rootId: aboutId }
      await apply('messaging.message-notice', input, envelope, noon)
    }
    await notice(randomUUID())
    await run(noon)
    expect(await states(intakeId)).to.deep.equal(['news sms sent '])
    const agreed = await hub.owner.query<{ id: string }>(
      `INSERT INTO compliance.consents (tenant_id, id, intake_id, patient_id, text_id, text_sha256, signature_document_id, signed_at)
       SELECT tenant_id, gen_random_uuid(), $2, gen_random_uuid(), id, sha256, gen_random_uuid(), $3 FROM compliance.consent_texts
       WHERE tenant_id = $1 AND kind::text = 'sms' AND language = 'en' LIMIT 1 RETURNING id`,
      [hub.tenantId, intakeId, noon],
    )
    expect(agreed.rows).to.have.length(1)
    const again = randomUUID()
    await notice(again)
    await notice(again)
    await run(noon)
    expect(sent).to.have.length(2)
    await notice(randomUUID())
    await hub.owner.query(
      `INSERT INTO compliance.consent_withdrawals (tenant_id, id, consent_id, intake_id, withdrawn_by, withdrawn_at) VALUES ($1, gen_random_uuid(), $2, $3, 'patient', $4)`,
      [hub.tenantId, agreed.rows[0]?.id, intakeId, noon],
    )
    await run(noon)
    expect(sent).to.have.length(2)
    expect((await states(intakeId))[0]).to.equal('news sms suppressed no-consent')
    expect((await hub.api.stores.messages.ofVisit(hub.tenantId, intakeId, noon))?.textsWanted).to.equal(false)
  })

  it('remind of nothing that was booked too late, that is late itself, or that nobody can be told of', async () => {
    await book({ smsAllowed: true }, visitAt, hours(-23))
    await book({ smsAllowed: true }, visitAt, hours(-71))
    const [token, tokenSha256] = newToken()
    const plain = { startsAt: visitAt, minutes: 20, practitioner: 'Dr. Imani Reyes' }
    await hub.api.stores.clinic.createVisit(hub.tenantId, plain, { token, tokenSha256, expiresAt: hours(1) }, 'user:desk', noon)
    // Half of 72 hours is over: an engine that was away for that long does not send it now.
    await book({ smsAllowed: true })
    expect(await round(hours(-35.9))).to.deep.equal({ waited: 0, reminders: 0 })
    expect(await round(hours(-11.9))).to.deep.equal({ waited: 0, reminders: 0 })
    expect(await round(hours(-24))).to.deep.equal({ waited: 0, reminders: 2 })
  })

  it('stop with the form, with the visit, and begin anew with its new time', async () => {
    const done = await book({ smsAllowed: true, phone: '+13125550101' })
    const off = await book({ smsAllowed: true, phone: '+13125550102' })
    const moved = await book({ smsAllowed: true, phone: '+13125550103' })
    const at = hours(-72)
    expect(await round(at)).to.deep.equal({ waited: 0, reminders: 3 })
    // They are asked for, and not sent yet: everything changes in between.
    const link = await hub.api.stores.intake.findLink(done.tokenSha256, at)
    const shown = await hub.api.stores.proofs.showCode(hub.tenantId, done.intakeId, 'user:desk', at)
    if (!link || shown === 'not-found') throw new Error('no link')
    const [, browser] = newToken()
    expect((await hub.api.stores.proofs.prove(link, { birthDate: null, code: shown.code }, browser, at)).outcome).to.equal('proved')
    expect(await hub.api.stores.intake.submit(link, formOf('+13125550101'), { ...submitMeta(), proofSha256s: [browser] }, at)).to.equal('submitted')
    const change = (visitId: string, wish: Parameters<typeof hub.api.stores.visits.change>[3]) =>
      hub.api.stores.visits.change(hub.tenantId, visitId, 1, wish, 'user:desk', at)
    await change(off.visitId, { change: 'cancelled', reason: 'patient-asked' })
    await change(moved.visitId, { change: 'moved', startsAt: hours(96), endsAt: hours(96.5) })
    await run(at)
    expect(sent).to.deep.equal([])
    expect(await states(done.intakeId)).to.deep.equal(['reminder-72h sms suppressed finished'])
    expect(await states(off.intakeId)).to.deep.equal(['reminder-72h sms suppressed cancelled'])
    expect(await states(moved.intakeId)).to.deep.equal(['reminder-72h sms suppressed moved'])
    expect(await round(hours(24))).to.deep.equal({ waited: 0, reminders: 1 })
    await run(hours(24))
    expect(sent.map(({ to }) => to)).to.deep.equal(['+13125550103'])
    expect(await states(moved.intakeId)).to.deep.equal(['reminder-72h sms sent ', 'reminder-72h sms suppressed moved'])
  })

  it('end as texts with STOP, from every path, and come back with START', async () => {
    const { intakeId, visitId } = await book({ smsAllowed: true })
    // One is asked for already, one waits for the morning, one is still to be made, and a code is asked for.
    const night = new Date('2026-02-06T04:00:00Z')
    await send(intakeId, night, { channel: 'sms', atOnce: true })
    await send(intakeId, night, { channel: 'sms' })
    await askCode(intakeId, visitId, night, 'sms', () => word('stop', night))
    await run(night)
    expect(await send(intakeId, noon, { channel: 'sms' })).to.deep.equal({ is: 'not-possible', reason: 'opted-out' })
    await round(new Date('2026-02-06T14:00:00Z'))
    await run(new Date('2026-02-06T14:00:00Z'))
    await round(hours(-72))
    await round(hours(-24))
    await run(hours(-24))
    expect(sent).to.deep.equal([])
    expect((await hub.api.stores.messages.ofVisit(hub.tenantId, intakeId, night))?.channels.sms).to.deep.equal({
      is: 'opted-out',
      since: night.toISOString(),
      cause: 'stop',
    })
    const late = hours(-23)
    // A START that was said before the STOP, and came after it, is not the last word.
    await word('start', new Date(night.getTime() - 1))
    expect(await send(intakeId, late, { channel: 'sms' })).to.deep.include({ is: 'not-possible' })
    await word('start', late)
    await send(intakeId, late, { channel: 'sms' })
    await run(late)
    expect(sent.map(({ to }) => to)).to.deep.equal([phone])
    await word('other', late)
    expect(await send(intakeId, late, { channel: 'sms' })).to.deep.include({ is: 'sent' })
  })

  async function askCode(intakeId: string, visitId: string, now: Date, channel: 'sms' | 'mail' = 'sms', meanwhile?: () => Promise<unknown>): Promise<void> {
    const link = { tenantId: hub.tenantId, intakeId, visitId } as Parameters<typeof hub.api.stores.proofs.sendCode>[0]
    await hub.api.stores.proofs.sendCode(link, channel, now)
    await meanwhile?.()
    const asked = (await drainAll(hub, 'identity', now)).filter(({ envelope }) => envelope.type === 'intake.code-asked.v1')
    expect(asked).to.have.length(1)
    for (const { envelope } of asked) await apply('messaging.plan-code', envelope.payload, envelope, now)
  }

  it('bring a code at any hour, once, and by mail where texts are stopped', async () => {
    const { intakeId, visitId } = await book({ email })
    const night = new Date('2026-02-06T04:00:00Z')
    await askCode(intakeId, visitId, night)
    await run(night)
    expect(sent[0]).to.deep.include({ channel: 'sms', to: phone, url: null })
    expect(sent[0]?.code).to.match(/^\d{6}$/)
    await word('stop', night)
    const later = hours(0.5, night)
    await askCode(intakeId, visitId, later)
    await run(later)
    expect(sent[1]).to.deep.include({ channel: 'mail', to: email })
    // The one before has ended with it, and what has ended is sent by nobody.
    const third = hours(1, night)
    await askCode(intakeId, visitId, third, 'mail')
    await run(hours(0.2, third))
    expect(sent).to.have.length(2)
    expect((await states(intakeId))[0]).to.equal('code mail suppressed too-late')
  })

  it('go by mail where a number takes none; the number is marked, and the desk sees why', async () => {
    const { intakeId } = await book({ email })
    refuse[phone] = 'not-a-mobile'
    await send(intakeId, noon)
    await run(noon)
    expect(sent.map(({ to }) => to)).to.deep.equal([email])
    expect((await states(intakeId)).toSorted()).to.deep.equal(['invitation mail sent ', 'invitation sms failed not-a-mobile'])
    expect((await hub.api.stores.messages.ofVisit(hub.tenantId, intakeId, noon))?.channels.sms).to.include({ is: 'opted-out', cause: 'address' })
    expect(await hub.api.stores.messages.setOptOut(hub.tenantId, intakeId, { channel: 'sms', out: false }, 'user:desk', hours(1, noon))).to.equal('set')
    expect((await hub.api.stores.messages.ofVisit(hub.tenantId, intakeId, noon))?.channels.sms).to.deep.equal({ is: 'ready' })
  })

  it('become one mail, however often the receipt comes that a text did not arrive', async () => {
    const { intakeId } = await book({ email })
    await send(intakeId, noon)
    await run(noon)
    const [first] = sent
    if (!first) throw new Error('nothing was sent')
    const status = (is: 'queued' | 'sent' | 'undelivered' | 'delivered', messageId: string | null = first.messageId) =>
      fact(
        { is: 'status', providerId: `SM${first.messageId}`, messageId, status: is, reason: is === 'undelivered' ? 'number-unreachable' : null, code: null },
        noon,
      )
    await status('undelivered')
    await status('sent', null)
    await status('undelivered')
    await status('queued')
    await run(noon)
    expect(sent.map(({ channel }) => channel)).to.deep.equal(['sms', 'mail'])
    expect((await states(intakeId)).toSorted()).to.deep.equal(['invitation mail sent ', 'invitation sms undelivered number-unreachable'])
    await status('delivered')
    expect(await states(intakeId)).to.include('invitation sms delivered ')
    // Of a message that is not ours, and of none that anybody knows.
    await fact({ is: 'status', providerId: 'SMnobodyknows', messageId: null, status: 'delivered', reason: null, code: null }, noon)
  })

  it('stop as reminders by text while carriers refuse the clinic’s texts, and somebody is told', async () => {
    const { intakeId } = await book({ email, smsAllowed: true })
    await send(intakeId, noon)
    await run(noon)
    const messageId = sent[0]?.messageId ?? null
    await fact({ is: 'status', providerId: `SM${messageId}`, messageId, status: 'undelivered', reason: 'sender-refused', code: '30034' }, noon)
    const told = async () =>
      (await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', limit: 10 })).items.map(({ kind, partner }) => `${kind} ${partner}`)
    expect(await told()).to.deep.equal(['messages-refused twilio'])
    await run(noon)
    await round(hours(-72))
    await run(hours(-72))
    expect(sent.map(({ channel }) => channel)).to.deep.equal(['sms', 'mail', 'mail'])
    await fact({ is: 'status', providerId: `SM${messageId}`, messageId, status: 'delivered', reason: null, code: null }, hours(1, noon))
    expect(await told()).to.deep.equal([])
    // Of mail the same; that one is taken again is all that is ever told.
    refuse[email] = 'sender-refused'
    await send(intakeId, hours(1, noon), { channel: 'mail' })
    await run(hours(1, noon))
    expect(await told()).to.deep.equal(['messages-refused mail'])
    delete refuse[email]
    await send(intakeId, hours(2, noon), { channel: 'mail' })
    await run(hours(2, noon))
    expect(await told()).to.deep.equal([])
  })

  it('are not sent by a delivery that comes again after its request was taken back', async () => {
    const { intakeId } = await book()
    await send(intakeId, noon)
    const [asked] = (await drainAll(hub, 'messaging', noon)).filter(({ envelope }) => envelope.type === 'message.requested.v1')
    if (!asked) throw new Error('nothing was asked for')
    const night = new Date('2026-02-03T04:00:00Z')
    await deliver(asked.envelope, night)
    expect(await states(intakeId)).to.deep.equal(['invitation sms planned '])
    await deliver(asked.envelope, new Date('2026-02-03T15:00:00Z'))
    await round(new Date('2026-02-03T15:00:00Z'))
    await deliver(asked.envelope, new Date('2026-02-03T15:00:00Z'))
    expect(sent).to.deep.equal([])
    await run(new Date('2026-02-03T15:00:00Z'))
    expect(sent).to.have.length(1)
  })

  it('need a link that still opens, a patient who can be reached, and a clinic that is connected and is this one', async () => {
    const { intakeId } = await book({ phone: null })
    expect(await send(intakeId, noon)).to.deep.equal({ is: 'not-possible', reason: 'no-address' })
    const { intakeId: second } = await book()
    expect(await send(second, noon, { channel: 'mail' })).to.deep.equal({ is: 'not-possible', reason: 'no-address' })
    await hub.api.stores.clinic.revokeLink(hub.tenantId, second, 'user:desk', randomUUID(), noon)
    expect(await send(second, noon)).to.deep.equal({ is: 'not-possible', reason: 'no-link' })
    expect(await send(randomUUID(), noon)).to.deep.equal({ is: 'not-found' })
    expect(await hub.api.stores.messages.ofVisit(hub.otherTenantId, intakeId, noon)).to.equal(undefined)
    expect(await hub.api.stores.messages.setOptOut(hub.otherTenantId, intakeId, { channel: 'sms', out: true }, 'user:desk', noon)).to.equal('not-found')
    await hub.owner.query(`DELETE FROM identity.connections WHERE adapter_id IN ('twilio', 'mail')`)
    expect(await send((await book()).intakeId, noon)).to.deep.equal({ is: 'not-possible', reason: 'no-channel' })
  })

  it('leave nothing of the patient in rows, events or the audit', async () => {
    const { intakeId, visitId, token } = await book({ email, smsAllowed: true })
    await send(intakeId, noon)
    await askCode(intakeId, visitId, noon)
    await run(noon)
    await word('stop', noon)
    refuse[email] = 'mailbox-unknown'
    await send(intakeId, noon)
    await run(noon)
    const code = sent.find((one) => one.code !== null)?.code ?? 'no code'
    const dump = await hub.owner.query<{ text: string }>(
      `SELECT string_agg(row, ' ') AS text FROM (SELECT m::text AS row FROM messaging.messages m UNION ALL SELECT o::text FROM messaging.opt_outs o
         UNION ALL SELECT o.payload::text FROM messaging.outbox o UNION ALL SELECT o.payload::text FROM identity.outbox o
         UNION ALL SELECT e::text FROM compliance.audit_logs e) r`,
    )
    const text = dump.rows[0]?.text ?? ''
    expect(text.length).to.be.above(1_000)
    for (const canary of ['Canaryna', phone, '3125550142', 'canary.mailbox', token, ` ${code} `, `"${code}"`, `(${code}`]) expect(text).not.to.contain(canary)
  })
})
