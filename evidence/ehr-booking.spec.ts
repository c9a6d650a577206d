import { expect } from 'chai'
import { silent } from '../docker/local/progress.ts'
import { type Stack, startStack } from '../docker/local/stack.ts'
import { Staff } from './demo/hub-client.ts'
import { resourcesInEhr, staffChanges, staffPuts, textsTo } from './demo/simulators.ts'
import { until, visitAt } from './demo/walk.ts'

const phone = '+13125550166'

/** A clinic that books in its EHR and never opens the hub for it, over real processes. */
describe('an appointment made in the EHR, from outside', function () {
  this.timeout(240_000)
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
})
