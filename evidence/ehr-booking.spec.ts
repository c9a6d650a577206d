import { expect } from 'chai'
import { silent } from '../docker/local/progress.ts'
import { type Stack, startStack } from '../docker/local/stack.ts'
import { type HubRefused, Patient, Staff } from './demo/hub-client.ts'
import { somebody } from './demo/people.ts'
import { resourcesInEhr, staffChanges, staffPuts, textsTo } from './demo/simulators.ts'
import { sendForm, until, visitAt } from './demo/walk.ts'

const phone = '+13125550166'

/** A clinic that books in its EHR and never opens the hub for it, over real processes. */
describe('an appointment made in the EHR, from outside', function () {
  this.timeout(300_000)
  let stack: Stack
  let desk: Staff
  before(async () => {
    stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent })
    const admin = await Staff.signIn(stack.urls.public, 'admin@lakeside.example')
    await admin.configure('fhir', { ...(await admin.connection('fhir')), booksVisits: true })
    desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
  })
  after(() => stack?.stop())

  it('is a visit whose link can be texted, and is called off here when it is there', async () => {
    const { fhir, twilio } = stack.urls
    const { id } = await staffPuts(fhir, {
      ...{ resourceType: 'Patient', active: true, name: [{ family: 'Castellan', given: ['Inés'] }], birthDate: '1971-05-04' },
      telecom: [{ system: 'phone', use: 'mobile', value: '(312) 555-0166' }],
    })
    const startsAt = visitAt(5)
    const appointment = await staffPuts(fhir, {
      ...{ resourceType: 'Appointment', status: 'booked', start: startsAt, end: new Date(Date.parse(startsAt) + 20 * 60_000).toISOString() },
      participant: [{ status: 'accepted', actor: { reference: `Patient/${id}` } }],
    })
    const visit = await until('the visit', 150, async () => {
      const named = (await desk.names()).find(({ familyName }) => familyName === 'Castellan')
      return (await desk.days()).items.find(({ journey }) => journey.visitId === named?.visitId)?.journey
    })
    expect(new Date(visit.startsAt).toISOString()).to.equal(startsAt)
    const marked = (await resourcesInEhr(fhir, 'Appointment')).filter(({ identifier }) => identifier?.some(({ value }) => value === visit.visitId))
    expect(marked.map((one) => one.id)).to.deep.equal([appointment.id])

    await desk.sendLink(visit.intakeId, 'sms')
    const [text] = await until('the text', 30, async () => {
      const texts = await textsTo(twilio, phone)
      return texts.length > 0 ? texts : undefined
    })
    expect(text?.body).to.match(/\/i\//)
    expect(text?.body).not.to.match(/Castellan|Inés/)

    await staffChanges(fhir, `Appointment/${appointment.id}`, { status: 'cancelled' })
    await until('the end of the visit', 150, async () => {
      const found = (await desk.days()).items.find(({ journey }) => journey.visitId === visit.visitId)
      return found?.journey.visitStatus === 'cancelled' ? true : undefined
    })
    expect(await resourcesInEhr(fhir, 'Appointment')).to.have.length(1)
  })

  it('that is given to another patient gets nothing of the former one, whoever notices first', async () => {
    const { fhir } = stack.urls
    const admin = await Staff.signIn(stack.urls.public, 'admin@lakeside.example')
    const ops = await Staff.signIn(stack.urls.public, 'ops@lakeside.example')
    const hears = async (is: boolean) => admin.configure('fhir', { ...(await admin.connection('fhir')), booksVisits: is, readsAppointments: is })
    const person = somebody()
    const { givenName, familyName, birthDate, phone: mobile } = person.answers as Record<string, string>
    const patient = async (given: string, family: string, born: string) => {
      const telecom = [{ system: 'phone', use: 'mobile', value: mobile }]
      const name = [{ family, given: [given] }]
      return `Patient/${(await staffPuts(fhir, { ...{ resourceType: 'Patient', active: true, name, birthDate: born }, telecom })).id}`
    }
    const [anna, bert] = [await patient(givenName ?? '', familyName ?? '', birthDate ?? ''), await patient('Bert', 'Quillon', '1958-07-01')]
    const startsAt = visitAt(6)
    const { id } = await staffPuts(fhir, {
      ...{ resourceType: 'Appointment', status: 'booked', start: startsAt, end: new Date(Date.parse(startsAt) + 20 * 60_000).toISOString() },
      participant: [{ status: 'accepted', actor: { reference: anna } }],
    })
    const { visitId, intakeId } = await until('the visit', 150, async () => {
      const named = (await desk.names()).find((one) => one.familyName === familyName)
      return (await desk.days()).items.find(({ journey }) => journey.visitId === named?.visitId)?.journey
    })
    const there = async () => {
      const one = (await resourcesInEhr(fhir, 'Appointment')).find((found) => found.id === id)
      return one && { ...one, meta: undefined }
    }
    const told = async () => (await ops.incidents()).find(({ kind }) => kind === 'appointment-of-another')

    // Nothing is heard of the chart: the form and the cancellation must find it out by themselves.
    await hears(false)
    const browser = new Patient((await desk.renewLink(intakeId)).patientUrl)
    expect(await browser.prove(birthDate ?? '', (await desk.showCode(intakeId)).code)).to.equal('proved')
    await staffChanges(fhir, `Appointment/${id}`, { participant: [{ status: 'accepted', actor: { reference: bert } }] })
    const berts = await there()
    await sendForm(stack.urls, browser, person, [])
    await until('a person is told', 90, told)
    expect([(await desk.visit(visitId)).ofAnother, (await desk.linkNow(intakeId)).status]).to.deep.equal([true, 'revoked'])
    expect((await ops.journey(intakeId)).journey.writeback).to.equal('refused')
    expect(await desk.renewLink(intakeId).catch((error: HubRefused) => error.code)).to.equal('visit-not-possible')
    expect(await there(), 'the form').to.deep.equal(berts)

    const counted = (times: number, what: string) => until(what, 150, async () => ((await told())?.count ?? 0) >= times || undefined)
    await desk.changeVisit(visitId, { change: 'cancelled', reason: 'patient-asked' })
    await counted(2, 'the refusal of the cancellation')
    expect([await there(), (await desk.visit(visitId)).status, berts?.status]).to.deep.equal([berts, 'cancelled', 'booked'])
    await hears(true)
    await counted(3, 'the chart’s own word')
    await desk.changeVisit(visitId, { change: 'reopened' })
    await counted(4, 'the refusal of the reopening')
    expect(await there(), 'after the hub heard of it').to.deep.equal(berts)
  })
})
