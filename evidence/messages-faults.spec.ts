import { expect } from 'chai'
import { silent } from '../docker/local/progress.ts'
import { type Stack, startStack } from '../docker/local/stack.ts'
import { Staff } from './demo/hub-client.ts'
import { effects, mailsTo, textsTo } from './demo/simulators.ts'
import { until, visitAt } from './demo/walk.ts'

const person = { givenName: 'Ana', familyName: 'Moreno', birthDate: '1979-03-21', smsAllowed: true }

/** What reaches a patient while the partners of texts and mail misbehave, over real processes: once, by the other way, or a person decides. */
describe('messages to patients, while the partners misbehave', function () {
  this.timeout(300_000)
  let stack: Stack
  let desk: Staff
  let ops: Staff
  before(async () => {
    stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent })
    desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
    ops = await Staff.signIn(stack.urls.public, 'ops@lakeside.example')
  })
  after(() => stack?.stop())

  const knob = async (partner: 'twilio' | 'mail', path: string, body: object) => {
    const answer = await fetch(`${stack.urls[partner]}/_sim/${path}`, { method: 'POST', body: JSON.stringify(body) })
    expect(answer.ok, `${partner} ${path}`).to.equal(true)
  }
  let slot = 0
  const book = async (contact: { phone?: string; email?: string }) => {
    slot += 1
    return (await desk.bookFor(visitAt(slot), { ...person, ...contact })).intakeId
  }
  const message = (intakeId: string, channel: 'sms' | 'mail', status: string) =>
    until(`a message by ${channel} that is ${status}`, 90, async () =>
      (await desk.messages(intakeId)).messages.find((one) => one.channel === channel && one.status === status),
    )
  const heldFor = (intakeId: string) => until('a person to decide', 90, async () => (await ops.overrides()).find((item) => item.intakeId === intakeId))

  it('a text whose answer was lost is found at Twilio, and not sent twice', async () => {
    const phone = '+13125550172'
    const intakeId = await book({ phone })
    await knob('twilio', 'faults', { mode: 'accepts-then-drops', times: 1 })
    await desk.sendLink(intakeId, 'sms')
    await message(intakeId, 'sms', 'delivered')
    await until('the question at Twilio', 90, async () => {
      const { steps } = await ops.journey(intakeId)
      return steps.some(({ outcome }) => outcome === 'reconciled') ? true : undefined
    })
    expect(await textsTo(stack.urls.twilio, phone)).to.have.length(1)
  })

  it('a text waits while Twilio asks to slow down, and then leaves once', async () => {
    const phone = '+13125550173'
    const intakeId = await book({ phone })
    await knob('twilio', 'faults', { mode: 'throttles', times: 2 })
    await desk.sendLink(intakeId, 'sms')
    await message(intakeId, 'sms', 'delivered')
    expect(await textsTo(stack.urls.twilio, phone)).to.have.length(1)
  })

  it('a number that Twilio turns down is told to the desk, and the link goes by mail', async () => {
    const [phone, email] = ['+13125550174', 'turned-down@patients.example']
    const intakeId = await book({ phone, email })
    await knob('twilio', 'faults', { mode: 'rejects', times: 1 })
    await desk.sendLink(intakeId, 'sms')
    expect(await message(intakeId, 'sms', 'failed')).to.include({ reason: 'number-unreachable' })
    await message(intakeId, 'mail', 'sent')
    expect([await textsTo(stack.urls.twilio, phone), (await mailsTo(stack.urls.mail, email)).length]).to.deep.equal([[], 1])
  })

  it('a mailbox that is not there is told to the desk', async () => {
    const intakeId = await book({ email: 'unknown@patients.example' })
    await desk.sendLink(intakeId, 'mail')
    expect(await message(intakeId, 'mail', 'failed')).to.include({ reason: 'mailbox-unknown' })
  })

  it('a mail whose answer was lost waits for a person, and is not sent again by itself', async () => {
    const email = 'lost@patients.example'
    const intakeId = await book({ email })
    await knob('mail', 'faults', { mode: 'accepts-then-drops', times: 1 })
    await desk.sendLink(intakeId, 'mail')
    expect(await heldFor(intakeId)).to.include({ flow: 'message', cause: 'uncertain' })
    expect(await mailsTo(stack.urls.mail, email)).to.have.length(1)
  })

  it('a key that Twilio does not take is one incident; what waits for it leaves by itself when the key works', async () => {
    const phone = '+13125550175'
    const refused = async () => (await ops.incidents()).filter(({ kind, partner }) => kind === 'key-refused' && partner === 'twilio')
    const intakeId = await book({ phone })
    await knob('twilio', 'faults', { mode: 'refuses-key', times: null })
    await desk.sendLink(intakeId, 'sms')
    await until('the incident', 90, async () => ((await refused()).length === 1 ? true : undefined))
    expect([await textsTo(stack.urls.twilio, phone), (await ops.overrides()).filter((item) => item.intakeId === intakeId)]).to.deep.equal([[], []])
    await knob('twilio', 'faults', { mode: 'answers', times: null })
    await message(intakeId, 'sms', 'delivered')
    expect(await textsTo(stack.urls.twilio, phone)).to.have.length(1)
    await until('the end of the incident', 30, async () => ((await refused()).length === 0 ? true : undefined))
  })

  it('nothing was sent twice', async () => {
    for (const partner of ['twilio', 'mail'] as const)
      for (const { byKey } of Object.values(await effects(stack.urls[partner]))) expect(Object.values(byKey).filter((times) => times > 1)).to.deep.equal([])
  })
})
