import { expect } from 'chai'
import { drainAll } from '../fixtures.ts'
import { email, hours, type MessageWorld, noon, openMessages, phone, visitAt } from './messages-testing.ts'

describe('a visit that was moved or called off', function () {
  this.timeout(60_000)
  let world: MessageWorld
  beforeEach(async () => {
    world = await openMessages()
  })
  afterEach(() => world.hub.close())

  type Wish = Parameters<MessageWorld['hub']['api']['stores']['visits']['change']>[3]
  const change = async (visitId: string, revision: number, wish: Wish, now: Date): Promise<void> => {
    const changed = await world.hub.api.stores.visits.change(world.hub.tenantId, visitId, revision, wish, 'user:desk', now)
    expect(changed.is).to.equal('changed')
  }
  const moveTo = (startsAt: Date): Wish => ({ change: 'moved', startsAt, endsAt: hours(0.5, startsAt) })
  /** The flow `visit-told`, and then the messages that it asked for. */
  async function told(now: Date, order: (events: unknown[]) => unknown[] = (events) => events): Promise<void> {
    const changed = (await drainAll(world.hub, 'clinical', now)).filter(({ envelope }) => envelope.type === 'visit.changed.v1')
    for (const { envelope } of order(changed) as typeof changed) await world.apply('messaging.message-visit', envelope.payload, envelope, now)
    await world.run(now)
  }
  async function invited(contact: Parameters<MessageWorld['book']>[0] = { smsAllowed: true }) {
    const booked = await world.book(contact)
    await world.send(booked.intakeId, noon)
    await world.run(noon)
    world.sent.length = 0
    return booked
  }
  const said = () => world.sent.map(({ kind, channel, startsAt }) => `${kind} ${channel} ${startsAt}`)
  const later = hours(1, noon)

  it('is told to who was invited, with the time that holds and a link to the page of the visit', async () => {
    const { visitId, token, intakeId } = await invited()
    await change(visitId, 1, moveTo(hours(24)), later)
    await told(later)
    expect(said()).to.deep.equal([`moved sms ${hours(24).toISOString()}`])
    expect(world.sent[0]).to.include({ to: phone, url: `https://hub.example/status/${token}` })
    await change(visitId, 2, { change: 'cancelled', reason: 'clinician-away' }, later)
    await told(later)
    expect(said()[1]).to.equal(`cancelled sms ${hours(24).toISOString()}`)
    await change(visitId, 3, { change: 'reopened' }, later)
    await told(later)
    expect(said()[2]).to.equal(`moved sms ${hours(24).toISOString()}`)
    expect(await world.states(intakeId)).to.deep.equal(['moved sms sent ', 'cancelled sms sent ', 'moved sms sent ', 'invitation sms sent '])
  })

  it('is told to nobody who was not told of it, but to who sent the form', async () => {
    const { visitId, intakeId, tokenSha256 } = await world.book({ smsAllowed: true, email })
    await change(visitId, 1, moveTo(hours(24)), later)
    await told(later)
    expect(await world.states(intakeId)).to.deep.equal([])
    await world.submit({ intakeId, tokenSha256 }, later)
    const afterwards = hours(2, noon)
    await told(afterwards)
    expect(await world.states(intakeId)).to.deep.equal([])
    await change(visitId, 2, moveTo(hours(25)), afterwards)
    await told(afterwards)
    expect(said()).to.deep.equal([`moved sms ${hours(25).toISOString()}`])
  })

  it('becomes one message of several moves, in whatever order they are heard of; and none when it was moved back', async () => {
    const { visitId } = await invited()
    for (const [revision, days] of [1, 2, 3].entries()) await change(visitId, revision + 1, moveTo(hours(24 * days)), later)
    await told(later, (events) => [...events].reverse())
    expect(said()).to.deep.equal([`moved sms ${hours(72).toISOString()}`])
    await change(visitId, 4, moveTo(hours(96)), later)
    await change(visitId, 5, moveTo(hours(72)), later)
    await told(later)
    await change(visitId, 6, { change: 'moved', practitioner: 'Dr. Ada Quinn' }, later)
    await told(later)
    expect(said()).to.have.length(1)
  })

  it('waits for the morning, which tells the newest alone', async () => {
    const { visitId, intakeId } = await invited()
    const night = new Date('2026-02-03T04:00:00Z')
    await change(visitId, 1, moveTo(hours(24)), night)
    await told(night)
    await change(visitId, 2, moveTo(hours(48)), night)
    await told(night)
    expect(said()).to.deep.equal([])
    const morning = new Date('2026-02-03T14:00:00Z')
    await world.round(morning)
    await world.run(morning)
    expect(said()).to.deep.equal([`moved sms ${hours(48).toISOString()}`])
    expect(await world.states(intakeId)).to.include('moved sms suppressed moved')
  })

  it('that is cancelled before its move was told is told of by the time that the patient knows', async () => {
    const { visitId } = await invited()
    const night = new Date('2026-02-03T04:00:00Z')
    await change(visitId, 1, moveTo(hours(24)), night)
    await told(night)
    await change(visitId, 2, { change: 'cancelled', reason: 'other' }, night)
    await told(night)
    const morning = new Date('2026-02-03T14:00:00Z')
    await world.round(morning)
    await world.run(morning)
    expect(said()).to.deep.equal([`cancelled sms ${new Date(visitAt).toISOString()}`])
  })

  it('is not told where the patient knows, or where it is over', async () => {
    const asked = await invited()
    await change(asked.visitId, 1, { change: 'cancelled', reason: 'patient-asked' }, later)
    await told(later)
    const past = await invited({ smsAllowed: true, phone: '+13125550143' })
    await change(past.visitId, 1, { change: 'cancelled', reason: 'other' }, hours(0.1))
    await told(hours(0.1))
    await change(past.visitId, 2, { change: 'reopened' }, hours(0.1))
    await change(past.visitId, 3, { change: 'no-show' }, hours(0.1))
    await told(hours(0.1))
    expect(said()).to.deep.equal([])
  })

  it('goes by mail without the word for texts, and where there is no other way the desk sees that nobody was told', async () => {
    const both = await invited({ email })
    const neither = await invited({ phone: '+13125550143' })
    for (const { visitId } of [both, neither]) await change(visitId, 1, moveTo(hours(24)), later)
    await told(later)
    expect(said()).to.deep.equal([`moved mail ${hours(24).toISOString()}`])
    expect(await world.states(neither.intakeId)).to.include('moved sms suppressed no-consent')
  })

  it('becomes a mail where its text does not arrive', async () => {
    const { visitId, intakeId } = await invited({ email, smsAllowed: true })
    world.refuse[phone] = 'number-unreachable'
    await change(visitId, 1, moveTo(hours(24)), later)
    await told(later)
    expect(said()).to.deep.equal([`moved mail ${hours(24).toISOString()}`])
    expect((await world.states(intakeId)).toSorted()).to.deep.equal(['invitation sms sent ', 'moved mail sent ', 'moved sms failed number-unreachable'])
  })

  it('is told without a link where that has ended, and not at all where it was taken back', async () => {
    const { visitId, intakeId } = await invited()
    await change(visitId, 1, moveTo(hours(24)), later)
    await world.hub.api.stores.clinic.revokeLink(world.hub.tenantId, intakeId, 'user:desk', 'x', later)
    await told(later)
    expect(said()).to.deep.equal([])
    expect(await world.states(intakeId)).to.include('moved sms suppressed no-link')
  })
})
