import { demoTwilio } from '@heliox/db/seed/connections'
import { expect } from 'chai'
import { silent } from '../docker/local/progress.ts'
import { type Stack, startStack } from '../docker/local/stack.ts'
import { HubRefused, Patient, Staff } from './demo/hub-client.ts'
import { answerText, mailsTo, textsTo } from './demo/simulators.ts'
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
    stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent })
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

  it('STOP ends texts to the number for every visit, the desk sees it, and START brings them back', async () => {
    const { intakeId } = await desk.bookFor(visitAt(2), { ...person, phone, email })
    const clinic = demoTwilio.numbers.lakeside ?? ''
    // Twilio itself answers STOP and START.
    const ours = async () => (await textsTo(stack.urls.twilio, phone)).filter(({ body }) => body.includes('/i/'))
    const before = (await ours()).length
    await answerText(stack.urls.twilio, phone, clinic, 'STOP')
    await until('the opt-out', 30, async () => ((await desk.messages(intakeId)).channels.sms.is === 'opted-out' ? true : undefined))
    expect(await refusedAs(desk.sendLink(intakeId, 'sms'))).to.equal('message-stopped')
    expect((await ours()).length).to.equal(before)
    await answerText(stack.urls.twilio, phone, clinic, 'START')
    await until('the way back', 30, async () => ((await desk.messages(intakeId)).channels.sms.is === 'ready' ? true : undefined))
    await desk.sendLink(intakeId, 'sms')
    await newest('the text', ours, before + 1)
  })
})
