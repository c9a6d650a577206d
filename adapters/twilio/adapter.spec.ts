import { type CallContext, PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { adapterContract, type Simulator } from '../contract-suite.ts'
import { memoryNumbers } from '../testing.ts'
import { twilio } from './adapter.ts'
import { apiKeySecret, connection, contextOf, startTwilio, text } from './testing/account.ts'

const { sendMessage } = twilio.operations

adapterContract(twilio, {
  start: () => startTwilio(),
  connection: (sim) => connection(sim),
  operations: {
    sendMessage: {
      input: async () => text(),
      effect: 'sendMessage',
      skip: { answers: 'Twilio takes no key of ours, so a second request is a second text: the ledger never makes one (see below)' },
    },
  },
})

interface Sent {
  sid: string
  to: string
  from: string
  body: string
  status: string
  statusCallback: string | null
}

describe('texts through Twilio', () => {
  let sim: Simulator
  before(async () => {
    sim = await startTwilio()
  })
  after(() => sim.stop())
  beforeEach(() => sim.reset())
  const sent = async (to?: string): Promise<Sent[]> =>
    ((await sim.control('GET', `/_sim/messages${to ? `?to=${encodeURIComponent(to)}` : ''}`)) as { messages: Sent[] }).messages
  const faultOf = async (work: Promise<unknown>): Promise<PartnerFault> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).to.be.instanceOf(PartnerFault)
    return error as PartnerFault
  }

  it('are sent as they are, from the clinic’s sender, with our id in the address that is called back', async () => {
    const message = text({ body: 'Praxis: Ihr Termin – bitte ausfüllen.\n¿Preguntas? “Llámenos” http://127.0.0.1:7400/i/abc' })
    const hookUrl = 'https://hub.example/hooks/twilio/key'
    const answer = await sendMessage.call(message, contextOf(sim, { hookUrl, config: { webhooks: true } }))
    const [one, ...others] = await sent()
    expect(others).to.deep.equal([])
    expect(one).to.deep.include({ to: message.to, from: '+13125550142', body: message.body, statusCallback: `${hookUrl}?m=${message.messageId}` })
    expect(answer).to.deep.equal({ is: 'ok', value: { messageId: message.messageId, providerId: one?.sid, state: 'queued' } })
  })

  it('are ready only where the calls that follow them can be proven', async () => {
    const health = (secrets: { webhookToken?: string }) => twilio.health(contextOf(sim, { config: { webhooks: true }, secrets }) as never)
    expect(await health({})).to.include({ ok: false })
    expect(await health({ webhookToken: 'a'.repeat(32) })).to.include({ ok: true })
  })

  it('ask for no receipts where Twilio may not call us', async () => {
    await sendMessage.call(text(), contextOf(sim, { hookUrl: 'https://hub.example/hooks/twilio/key' }))
    expect((await sent())[0]?.statusCallback).to.equal(null)
  })

  it('go through a Messaging Service where the clinic has one', async () => {
    const answer = await sendMessage.call(text(), contextOf(sim, { config: { sender: `MG${'a'.repeat(32)}` } }))
    expect(answer.is).to.equal('ok')
  })

  it('are not sent after their time, however often they are tried', async () => {
    const late = text({ notAfter: '2026-11-23T14:59:59.000Z' })
    expect(await sendMessage.call(late, contextOf(sim))).to.deep.equal({
      is: 'rejected',
      value: { messageId: late.messageId, reason: 'too-late', code: 'too-late' },
    })
    expect(await sent()).to.deep.equal([])
    expect((await sendMessage.call(text({ notAfter: '2026-11-23T15:00:01.000Z' }), contextOf(sim))).is).to.equal('ok')
  })

  for (const [to, code, reason] of [
    ['+15005550001', '21211', 'number-invalid'],
    ['+15005550002', '21612', 'number-unreachable'],
    ['+15005550003', '21408', 'sender-refused'],
    ['+15005550004', '21610', 'opted-out'],
    ['+15005550009', '21614', 'not-a-mobile'],
  ] as const)
    it(`turned down with ${code} are a "no" (${reason}), and quote no number`, async () => {
      const message = text({ to })
      const answer = await sendMessage.call(message, contextOf(sim))
      expect(answer).to.deep.equal({ is: 'rejected', value: { messageId: message.messageId, reason, code } })
      expect(JSON.stringify(answer)).to.not.include('5005550')
    })

  it('are turned down after STOP, and taken again after START', async () => {
    const message = text()
    await sendMessage.call(message, contextOf(sim))
    await sim.control('POST', '/_sim/reply', { from: message.to, body: 'Stop' })
    expect(await sendMessage.call(text(), contextOf(sim))).to.have.nested.property('value.reason', 'opted-out')
    await sim.control('POST', '/_sim/reply', { from: message.to, body: 'START' })
    expect((await sendMessage.call(text(), contextOf(sim))).is).to.equal('ok')
  })

  it('from a sender that is not the clinic’s are nobody’s fault but ours', async () => {
    const answer = await sendMessage.call(text(), contextOf(sim, { config: { sender: '+13125559999' } }))
    expect(answer).to.have.nested.property('value.reason', 'sender-refused')
  })

  it('wait as long as Twilio asks', async () => {
    await sim.fault('throttles')
    expect(await faultOf(sendMessage.call(text(), contextOf(sim)))).to.include({ kind: 'throttled', retryAfterMs: 2_000 })
  })

  it('are tried with no key twice that Twilio does not know', async () => {
    const fault = await faultOf(sendMessage.call(text(), contextOf(sim, { secrets: { apiKeySecret: 'another-key-altogether' } })))
    expect(fault).to.include({ kind: 'credentials', detail: 'HTTP 401 code 20003' })
    expect(await faultOf(sendMessage.call(text(), contextOf(sim, { config: { accountSid: `AC${'9'.repeat(32)}` } }))), 'another account').to.include({
      kind: 'credentials',
    })
  })

  for (const [mode, kind] of [
    ['breaks', 'uncertain'],
    ['accepts-then-breaks', 'uncertain'],
    ['drops', 'uncertain'],
    ['answers-garbage', 'contract'],
  ] as const)
    it(`that end in "${mode}" are ${kind}, and say nothing of patient or key`, async () => {
      await sim.fault(mode)
      const lines: string[] = []
      const message = text()
      const fault = await faultOf(sendMessage.call(message, contextOf(sim, { lines })))
      expect(fault.kind).to.equal(kind)
      const said = [fault.message, fault.detail, String(fault.stack), JSON.stringify(fault), ...lines].join('\n')
      for (const secret of [message.to, message.to.slice(1), message.body, apiKeySecret]) expect(said).to.not.include(secret)
    })

  it('that hang are over when their time is', async () => {
    await sim.fault('stalls')
    const since = performance.now()
    expect(await faultOf(sendMessage.call(text(), contextOf(sim, { timeoutMs: 400 })))).to.include({ kind: 'timeout' })
    expect(performance.now() - since).to.be.lessThan(2_000)
  })

  describe('whose answer was lost', () => {
    const lose = async (mode: 'accepts-then-drops' | 'accepts-then-breaks', ctx: () => CallContext<never, never>) => {
      const message = text()
      await sim.fault(mode, 1)
      await faultOf(sendMessage.call(message, ctx() as never))
      return message
    }
    for (const mode of ['accepts-then-drops', 'accepts-then-breaks'] as const)
      it(`are found by asking, and not sent twice (${mode})`, async () => {
        const numbers = memoryNumbers()
        const ctx = () => contextOf(sim, { numbers }) as never
        const message = await lose(mode, ctx)
        const found = await sendMessage.reconcile?.(message, ctx())
        expect(found).to.deep.equal({ is: 'ok', value: { messageId: message.messageId, providerId: (await sent())[0]?.sid, state: 'queued' } })
        expect(await sent()).to.have.length(1)
      })

    it('are not taken for what somebody else was sent, for another text, or for one of last week', async () => {
      const message = text()
      const ctx = (at?: string) => contextOf(sim, at ? { numbers: memoryNumbers(() => new Date(at)) } : {})
      await sendMessage.call(text({ to: '+13125550178', body: message.body }), ctx())
      await sendMessage.call(text(), ctx())
      expect(await sendMessage.reconcile?.(message, ctx())).to.equal('not-found')
      await sendMessage.call({ ...message, messageId: text().messageId }, ctx())
      expect(await sendMessage.reconcile?.(message, ctx('2026-11-30T15:00:00Z')), 'a week later').to.equal('not-found')
      expect(await sendMessage.reconcile?.(message, ctx()), 'the same text in the same minute').to.have.property('is', 'ok')
    })

    it('stay a riddle while Twilio cannot be asked, and are a person’s where it does not let us', async () => {
      const numbers = memoryNumbers()
      const message = await lose('accepts-then-drops', () => contextOf(sim, { numbers }) as never)
      await sim.fault('drops', 1)
      expect(await faultOf(Promise.resolve(sendMessage.reconcile?.(message, contextOf(sim, { numbers }))))).to.include({ kind: 'uncertain' })
      const refused = contextOf(sim, { numbers, secrets: { apiKeySecret: 'another-key-altogether' } })
      expect(await sendMessage.reconcile?.(message, refused)).to.equal('cannot-tell')
    })

    it('are found although they could not be delivered, as that', async () => {
      const numbers = memoryNumbers()
      const message = text({ to: '+15005553006' })
      await sim.fault('accepts-then-drops', 1)
      await faultOf(sendMessage.call(message, contextOf(sim, { numbers })))
      const deadline = Date.now() + 5_000
      while ((await sent())[0]?.status !== 'undelivered' && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
      expect(await sendMessage.reconcile?.(message, contextOf(sim, { numbers }))).to.deep.equal({
        is: 'rejected',
        value: { messageId: message.messageId, reason: 'not-a-mobile', code: '30006' },
      })
    })
  })

  it('are never sent by the connection of another account in the environment', async () => {
    process.env.TWILIO_REGION = 'au1'
    process.env.TWILIO_ACCOUNT_SID = `AC${'5'.repeat(32)}`
    try {
      expect((await sendMessage.call(text(), contextOf(sim))).is).to.equal('ok')
    } finally {
      delete process.env.TWILIO_REGION
      delete process.env.TWILIO_ACCOUNT_SID
    }
  })
})
