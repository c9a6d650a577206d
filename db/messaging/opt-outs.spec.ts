import { sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { email, hours, type MessageWorld, noon, openMessages, phone } from './messages-testing.ts'

describe('a word that ends messages', function () {
  this.timeout(60_000)
  let world: MessageWorld
  beforeEach(async () => {
    world = await openMessages()
  })
  afterEach(() => world.hub.close())
  type Channel = 'sms' | 'mail'
  const messages = () => world.hub.api.stores.messages
  const set = (intakeId: string, channel: Channel, out: boolean, now: Date) =>
    messages().setOptOut(world.hub.tenantId, intakeId, { channel, out }, 'user:desk', now)
  const stateOf = async (intakeId: string, channel: Channel) => {
    const state = (await messages().ofVisit(world.hub.tenantId, intakeId, noon))?.channels[channel]
    return state?.is === 'opted-out' ? state.cause : state?.is
  }
  const audits = async () => {
    const found = await world.hub.owner.query<{ row: string }>(
      `SELECT action || ' ' || outcome AS row FROM compliance.audit_logs WHERE action LIKE 'opt-out.%' ORDER BY at, xid`,
    )
    return found.rows.map(({ row }) => row)
  }

  it('STOP is ended by no click of the desk, however it goes about it, and by START at once', async () => {
    const { intakeId } = await world.book()
    await world.word('stop', noon)
    expect(await set(intakeId, 'sms', false, hours(1, noon))).to.equal('patients-word')
    // Ended here as well, it is no word of the clinic's that the clinic may end.
    expect(await set(intakeId, 'sms', true, hours(2, noon))).to.equal('set')
    expect([await set(intakeId, 'sms', false, hours(3, noon)), await stateOf(intakeId, 'sms')]).to.deep.equal(['patients-word', 'stop'])
    for (const atOnce of [false, true])
      expect(await world.send(intakeId, hours(4, noon), { atOnce })).to.deep.equal({ is: 'not-possible', reason: 'opted-out' })
    const again = await world.book()
    expect([await set(again.intakeId, 'sms', false, hours(4, noon)), await stateOf(again.intakeId, 'sms')]).to.deep.equal(['patients-word', 'stop'])
    expect(await audits()).to.deep.equal(['opt-out.set ok', 'opt-out.end denied', 'opt-out.end denied', 'opt-out.end denied'])
    await world.word('start', hours(5, noon))
    expect(await world.send(intakeId, hours(5, noon))).to.include({ is: 'sent' })
  })

  it('the partner’s word that they said STOP is theirs too', async () => {
    const { intakeId } = await world.book()
    world.refuse[phone] = 'opted-out'
    await world.send(intakeId, noon)
    await world.run(noon)
    expect([await stateOf(intakeId, 'sms'), await set(intakeId, 'sms', false, hours(1, noon))]).to.deep.equal(['partner', 'patients-word'])
    await world.word('start', hours(2, noon))
    expect(await stateOf(intakeId, 'sms')).to.equal('ready')
  })

  it('a number that is found dead after its STOP has still said STOP', async () => {
    const { intakeId } = await world.book()
    await world.send(intakeId, noon)
    await world.run(noon)
    const messageId = world.sent[0]?.messageId ?? null
    await world.word('stop', hours(1, noon))
    await world.fact({ is: 'status', providerId: `SM${messageId}`, messageId, status: 'undelivered', reason: 'number-invalid', code: '30005' }, hours(2, noon))
    expect([await stateOf(intakeId, 'sms'), await set(intakeId, 'sms', false, hours(3, noon))]).to.deep.equal(['stop', 'patients-word'])
  })

  it('what the clinic ended, the clinic takes back; but no STOP that is heard of only after that, and that takes the place of its own', async () => {
    const { intakeId } = await world.book()
    expect([await set(intakeId, 'sms', true, noon), await stateOf(intakeId, 'sms')]).to.deep.equal(['set', 'staff'])
    expect([await set(intakeId, 'sms', false, hours(1, noon)), await stateOf(intakeId, 'sms')]).to.deep.equal(['set', 'ready'])
    // Nothing is there to end: it changes nothing, and stands above no STOP.
    expect(await set(intakeId, 'sms', false, hours(1, noon))).to.equal('set')
    expect(await audits()).to.deep.equal(['opt-out.set ok', 'opt-out.end ok'])
    await world.word('stop', hours(0.5, noon))
    expect([await stateOf(intakeId, 'sms'), await set(intakeId, 'sms', false, hours(2, noon))]).to.deep.equal(['stop', 'patients-word'])
    await world.word('start', hours(3, noon))
    await set(intakeId, 'sms', true, hours(4, noon))
    await world.word('stop', hours(5, noon))
    expect([await stateOf(intakeId, 'sms'), await set(intakeId, 'sms', false, hours(6, noon))]).to.deep.equal(['stop', 'patients-word'])
  })

  it('a STOP that the desk’s click did not know, because no word was there yet, counts when it comes', async () => {
    const { intakeId } = await world.book()
    await set(intakeId, 'sms', false, hours(1, noon))
    await world.word('stop', noon)
    expect(await stateOf(intakeId, 'sms')).to.equal('stop')
  })

  describe('a click in a mail', () => {
    async function mailed() {
      const { intakeId } = await world.book({ email, phone: null })
      await world.send(intakeId, noon)
      await world.run(noon)
      const sha256 = sha256Hex(world.sent.at(-1)?.unsubscribeUrl?.split('/stop/')[1] ?? 'none')
      const click = async (out: boolean, now: Date) => (await world.hub.api.stores.unsubscribe.set(world.hub.tenantId, sha256, out, now))?.is
      return { intakeId, click }
    }

    it('is taken back by nobody at the clinic', async () => {
      const { intakeId, click } = await mailed()
      expect(await click(true, noon)).to.equal('stopped')
      expect([await set(intakeId, 'mail', false, hours(1, noon)), await stateOf(intakeId, 'mail')]).to.deep.equal(['patients-word', 'patient'])
      expect(await click(false, hours(2, noon))).to.equal('on')
      expect(await stateOf(intakeId, 'mail')).to.equal('ready')
    })

    it('stands again when what the clinic said over it, or before it, has ended', async () => {
      const { intakeId, click } = await mailed()
      for (const [clickedFirst, at] of [
        [true, noon],
        [false, hours(24, noon)],
      ] as const) {
        if (clickedFirst) expect(await click(true, at)).to.equal('stopped')
        await set(intakeId, 'mail', true, hours(1, at))
        if (!clickedFirst) expect(await click(true, hours(1.5, at))).to.equal('ended')
        expect(await stateOf(intakeId, 'mail')).to.equal('staff')
        expect([await set(intakeId, 'mail', false, hours(2, at)), await stateOf(intakeId, 'mail')]).to.deep.equal(['set', 'patient'])
        expect([await set(intakeId, 'mail', false, hours(3, at)), await stateOf(intakeId, 'mail')]).to.deep.equal(['patients-word', 'patient'])
        expect(await click(false, hours(4, at))).to.equal('on')
      }
    })

    it('and its taking back hold beneath a mailbox that is dead, which they do not bring to life', async () => {
      const { intakeId, click } = await mailed()
      world.refuse[email] = 'mailbox-unknown'
      await world.send(intakeId, noon)
      await world.run(noon)
      expect([await stateOf(intakeId, 'mail'), await click(true, hours(1, noon)), await click(false, hours(2, noon))]).to.deep.equal([
        'address',
        'ended',
        'ended',
      ])
      expect(await audits()).to.deep.equal(['opt-out.set ok', 'opt-out.set ok', 'opt-out.end ok'])
      expect([await set(intakeId, 'mail', false, hours(3, noon)), await stateOf(intakeId, 'mail')]).to.deep.equal(['set', 'ready'])
    })
  })
})
