import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { demoTwilio } from '@heliox/db/seed/connections'
import { expect } from 'chai'
import pg from 'pg'
import { silent } from '../docker/local/progress.ts'
import { type Stack, startStack } from '../docker/local/stack.ts'
import { everyOutbox } from './chaos/facts.ts'
import { Clearinghouse } from './demo/clearinghouse.ts'
import { HubRefused, Patient, Staff } from './demo/hub-client.ts'
import { people } from './demo/people.ts'
import { answerText, confirmationToken, mailsTo, textsTo } from './demo/simulators.ts'
import { until, visitAt } from './demo/walk.ts'

const phone = '+13125550187'
const email = 'ana.moreno@example.org'
const person = { givenName: 'Ana', familyName: 'Moreno', birthDate: '1979-03-21' }

/** What a patient gets on their phone and in their inbox, over real processes: the link opens, the code proves, STOP stops. */
describe('messages to patients, from outside', function () {
  this.timeout(240_000)
  let stack: Stack
  let desk: Staff
  before(async () => {
    const debug = { HUB_LOG_LEVEL: 'debug' }
    stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent, extra: { api: debug, relay: debug, engine: debug } })
    desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
  })
  after(() => stack?.stop())

  const linkIn = (words: string | undefined): string => /https?:\/\/\S+\/i\/[A-Za-z0-9_-]+/.exec(words ?? '')?.[0] ?? `no link in: ${words}`
  const refusedAs = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'not refused',
      (error: unknown) => (error instanceof HubRefused ? error.code : error),
    )
  const newest = <T>(what: string, read: () => Promise<T[]>, count: number) =>
    until(what, 30, async () => ((await read()).length >= count ? (await read())[0] : undefined))

  it('a text with a link that opens, after the birth date and the code of a second text', async () => {
    const { intakeId, patientUrl } = await desk.bookFor(visitAt(0), { ...person, phone: '(312) 555-0187', email })
    await desk.sendLink(intakeId, 'sms')
    const text = await newest('the text', () => textsTo(stack.urls.twilio, phone), 1)
    expect(linkIn(text.body)).to.equal(patientUrl)
    for (const name of [person.givenName, person.familyName, person.birthDate, 'Okafor']) expect(text.body).not.to.contain(name)
    // What a person sees who looks at the phone.
    expect(await (await fetch(`${stack.urls.twilio}/?phone=${encodeURIComponent(phone)}`)).text()).to.contain(patientUrl)
    expect((await fetch(linkIn(text.body))).status).to.equal(200)

    const patient = new Patient(linkIn(text.body))
    expect(await refusedAs(patient.open())).to.equal('proof-needed')
    await patient.askCode('sms')
    const second = await newest('the code', () => textsTo(stack.urls.twilio, phone), 2)
    const code = /\b\d{6}\b/.exec(second.body)?.[0] ?? 'no code'
    expect(await patient.prove('1979-03-22', code)).to.equal('wrong')
    expect(await patient.prove(person.birthDate, code)).to.equal('proved')
    expect((await patient.open()).intakeId).to.equal(intakeId)
    // The partner's receipts reach the desk through the public door.
    await until('the receipt', 30, async () => ((await desk.messages(intakeId)).messages.every(({ status }) => status === 'delivered') ? true : undefined))
  })

  it('a mail with a link that opens, in the patient’s language', async () => {
    const { intakeId, patientUrl } = await desk.bookFor(visitAt(1), { ...person, email, language: 'es' })
    await desk.sendLink(intakeId, 'mail')
    const mail = await newest('the mail', () => mailsTo(stack.urls.mail, email), 1)
    expect(mail.subject).to.match(/antes de su visita/)
    expect([linkIn(mail.text), mail.html.includes(patientUrl)]).to.deep.equal([patientUrl, true])
    expect((await fetch(linkIn(mail.text))).status).to.equal(200)
    expect(await refusedAs(new Patient(patientUrl).open())).to.equal('proof-needed')
    expect((await desk.messages(intakeId)).channels.sms).to.deep.equal({ is: 'no-address' })
  })

  it('STOP ends texts to the number for every visit, the desk sees it and cannot end it, and START brings them back', async () => {
    const { intakeId } = await desk.bookFor(visitAt(2), { ...person, phone, email })
    const clinic = demoTwilio.numbers.lakeside ?? ''
    // Twilio itself answers STOP and START.
    const ours = async () => (await textsTo(stack.urls.twilio, phone)).filter(({ body }) => body.includes('/i/'))
    const before = (await ours()).length
    await answerText(stack.urls.twilio, phone, clinic, 'STOP')
    await until('the opt-out', 30, async () => ((await desk.messages(intakeId)).channels.sms.is === 'opted-out' ? true : undefined))
    expect(await refusedAs(desk.sendLink(intakeId, 'sms'))).to.equal('message-stopped')
    // Nor by way of a word of its own.
    await desk.setOptOut(intakeId, 'sms', true)
    expect(await refusedAs(desk.setOptOut(intakeId, 'sms', false))).to.equal('texts-stopped-by-patient')
    expect(await refusedAs(desk.sendLink(intakeId, 'sms'))).to.equal('message-stopped')
    expect((await ours()).length).to.equal(before)
    await answerText(stack.urls.twilio, phone, clinic, 'START')
    await until('the way back', 30, async () => ((await desk.messages(intakeId)).channels.sms.is === 'ready' ? true : undefined))
    await desk.sendLink(intakeId, 'sms')
    await newest('the text', ours, before + 1)
  })

  const codeIn = (words: string | undefined): string => /\b\d{6}\b/.exec(words ?? '')?.[0] ?? `no code in: ${words}`
  const linksTo = async (number: string) => (await textsTo(stack.urls.twilio, number)).filter(({ body }) => body.includes('/i/'))
  /** The code of a text that came after those that are there. */
  async function codeBy(patient: Patient, number: string): Promise<string> {
    const before = (await textsTo(stack.urls.twilio, number)).length
    await patient.askCode('sms')
    return codeIn((await newest('the code', () => textsTo(stack.urls.twilio, number), before + 1)).body)
  }

  it('of contact, link, code, a text that fails and one that waits, and STOP, nothing of the patient is in a log or an event', async () => {
    const own = { givenName: 'Zorblattina', familyName: 'Quixenhammer', birthDate: '1961-10-07' }
    const [number, mailbox] = ['+13125550177', 'zorblattina.canary@patients.example']
    const { intakeId, patientUrl } = await desk.bookFor(visitAt(3), { ...own, phone: '(312) 555-0177', email: mailbox, smsAllowed: true })
    const states = async () => (await desk.messages(intakeId)).messages.map(({ channel, status }) => `${channel} ${status}`)
    const arrived = (state: string) => until(`a message that is ${state}`, 90, async () => ((await states()).includes(state) ? true : undefined))
    const fault = async (mode: string, times: number) => {
      const answer = await fetch(`${stack.urls.twilio}/_sim/faults`, { method: 'POST', body: JSON.stringify({ mode, times }) })
      expect(answer.ok, mode).to.equal(true)
    }
    await fault('rejects', 1)
    await desk.sendLink(intakeId, 'sms')
    await arrived('sms failed')
    await arrived('mail sent')
    await fault('throttles', 1)
    await desk.sendLink(intakeId, 'sms')
    await arrived('sms delivered')
    const patient = new Patient(patientUrl)
    const code = await codeBy(patient, number)
    expect(await patient.prove('1961-10-08', code)).to.equal('wrong')
    expect(await patient.prove(own.birthDate, code)).to.equal('proved')
    await patient.open()
    await answerText(stack.urls.twilio, number, demoTwilio.numbers.lakeside ?? '', 'STOP it is Zorblattina')
    await answerText(stack.urls.twilio, number, demoTwilio.numbers.lakeside ?? '', 'STOP')
    await until('the opt-out', 30, async () => ((await desk.messages(intakeId)).channels.sms.is === 'opted-out' ? true : undefined))
    expect(await refusedAs(desk.sendLink(intakeId, 'sms'))).to.equal('message-stopped')

    const token = new URL(patientUrl).pathname.split('/').at(-1) ?? 'no token'
    const folder = `${stack.folder}/logs`
    const words = new Map(
      readdirSync(folder)
        .filter((name) => /^(api|relay|engine|migrate)/.test(name))
        .map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')] as const),
    )
    expect(words.size).to.equal(4)
    const database = new pg.Client({ connectionString: stack.ownerUrl })
    await database.connect()
    try {
      const { rows } = await database.query<{ payload: string }>(everyOutbox('payload::text AS payload'))
      words.set('events', rows.map(({ payload }) => payload).join('\n'))
    } finally {
      await database.end()
    }
    // What is looked through is of this very visit: else nothing would be found anywhere.
    expect(words.get('events')).to.contain(intakeId)
    for (const [name, text] of words) expect(text.length, name).to.be.above(20)
    const canaries = [own.givenName, own.familyName, own.birthDate, '3125550177', '555-0177', mailbox, 'zorblattina', token]
    for (const [name, text] of words) {
      for (const canary of canaries) expect(text.toLowerCase().includes(canary.toLowerCase()), `${canary} in ${name}`).to.equal(false)
      // By itself: six digits are part of many an id.
      expect(new RegExp(`(?<![\\w.:-])${code}(?![\\w.:-])`).test(text), `the code in ${name}`).to.equal(false)
    }
  })

  // The last one: it moves the clock of all.
  it('a reminder 72 hours before the visit, and 24; none once the form was sent', async () => {
    const clearinghouse = new Clearinghouse(stack.urls.clearinghouse)
    const day = new Date((await clearinghouse.now()).getTime() + 5 * 86_400_000)
    const startsAt = (minute: number): Date => new Date(new Date(day).setUTCHours(15, minute, 0, 0))
    const [done, waits] = ['+13125550188', '+13125550189']
    const sends = await desk.bookFor(startsAt(0).toISOString(), { ...person, phone: done, smsAllowed: true })
    const sendsNot = await desk.bookFor(startsAt(20).toISOString(), { ...person, givenName: 'Iris', phone: waits, smsAllowed: true })
    /** To so many hours before the later of the two; the earlier one has its reminder then as well. A session ends on the way. */
    const before = async (hours: number) => {
      const at = startsAt(20).getTime() - hours * 3_600_000 + 60_000
      await clearinghouse.pass(Math.ceil((at - (await clearinghouse.now()).getTime()) / 1000))
      // Each process asks for the time four times a second; a session of the time before would end at once.
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
    }
    const remindersOf = async (intakeId: string) =>
      (await desk.messages(intakeId)).messages.map(({ kind }) => kind).filter((kind) => kind.startsWith('reminder'))

    await before(73)
    // Rounds come every five seconds: two of them find nobody.
    await new Promise((resolve) => setTimeout(resolve, 11_000))
    expect([await linksTo(done), await linksTo(waits)]).to.deep.equal([[], []])
    await before(72)
    for (const [number, url] of [
      [done, sends.patientUrl],
      [waits, sendsNot.patientUrl],
    ] as const)
      expect(linkIn((await newest('the reminder', () => linksTo(number), 1)).body)).to.equal(url)

    const patient = new Patient(sends.patientUrl)
    expect(await patient.prove(person.birthDate, await codeBy(patient, done))).to.equal('proved')
    const view = await patient.open()
    const accepted = await patient.submit(
      {
        answers: { ...people[0]?.answers, ...person, phone: done, memberId: 'HLX100288' },
        consents: view.consentTexts.en.map((text) => ({ textId: text.id, textSha256: text.sha256, granted: true })),
        signature: { typedName: `${person.givenName} ${person.familyName}`, language: 'en', drawing: null, accessCode: view.accessCode },
        uploadIds: [],
        confirmationTokenId: await confirmationToken(stack.urls.stripe, view.card?.publishableKey ?? 'no card', '4242424242424242'),
      },
      randomUUID(),
    )
    expect(accepted.reference).to.be.a('string')
    // What is on its way while the clock jumps is of unknown outcome, as after a crash.
    for (const { intakeId } of [sends, sendsNot])
      await until('the answers', 60, async () => ((await desk.messages(intakeId)).messages.every(({ status }) => status !== 'requested') ? true : undefined))

    await before(24)
    await newest('the second reminder', () => linksTo(waits), 2)
    // One round asks for both, the earlier visit first.
    expect([await remindersOf(sends.intakeId), (await linksTo(done)).length]).to.deep.equal([['reminder-72h'], 1])
    expect(await remindersOf(sendsNot.intakeId)).to.deep.equal(['reminder-24h', 'reminder-72h'])
  })
})
