import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { StepFailure } from './index.ts'
import { Desk, fault, partnerOf, question, type Reply, tenantId, yes } from './testing-desk.ts'

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('hub/invoke', () => {
  it('calls once, records the answer, and passes every barrier in order', async () => {
    const desk = new Desk()
    expect(await desk.ask()).to.deep.equal({ is: 'answered', port: 'ok', value: { plan: 'gold' }, manual: false, suspicions: [] })
    expect(desk.end).to.deep.equal({
      ...{ is: 'answered', port: 'ok', value: { plan: 'gold' }, reconciled: false, suspicions: [], traceparent: desk.envelope.traceparent },
      ...{ payerId: null, scope: 'partner', nothingSent: false, effectSent: true, ours: false },
    })
    expect(desk.stops).to.deep.equal(['ledger-start', 'partner-call-sent', 'partner-answered', 'ledger-end'])
  })

  it('answers a redelivery from the ledger without a second call', async () => {
    const desk = new Desk()
    await desk.ask()
    expect(await desk.ask()).to.deep.equal({ is: 'answered', port: 'ok', value: { plan: 'gold' }, manual: false, suspicions: [] })
    expect(desk.sent).to.have.length(1)
  })

  it('takes a "no" as an answer: recorded, not retried, not held against the partner', async () => {
    const desk = new Desk()
    desk.call = async () => ({ is: 'rejected', value: { code: '75' } })
    for (let i = 0; i < 20; i += 1) {
      expect(await desk.ask(question, { ...desk.ref, rootId: randomUUID() })).to.include({ is: 'answered', port: 'rejected' })
    }
    expect(desk.breakers.state(partnerOf())).to.equal('closed')
  })

  it('sends the stored bytes again, whatever the flow computes on a later delivery', async () => {
    const desk = new Desk()
    desk.call = fault('unavailable')
    await desk.ask()
    desk.call = async () => yes
    await desk.ask({ ...question, member: 'M-999' })
    expect(desk.sent.map((s) => s.input)).to.deep.equal([question, question])
    expect(new Set(desk.sent.map((s) => s.key)).size).to.equal(1)
  })

  it('gives another effect another key', async () => {
    const desk = new Desk()
    await desk.ask()
    await desk.ask(question, { ...desk.ref, step: 'ask again' })
    await desk.ask(question, { ...desk.ref, rootId: randomUUID() })
    expect(new Set(desk.sent.map((s) => s.key)).size).to.equal(3)
  })

  it('retries by writing the redelivery with the same ids and one attempt more', async () => {
    const desk = new Desk()
    desk.call = fault('unavailable', 4_000)
    expect(await desk.ask()).to.deep.equal({ is: 'retrying' })
    if (desk.end.is !== 'retry') throw new Error('not a retry')
    expect(desk.end.redeliver).to.deep.equal({ ...desk.envelope, attempt: 2 })
    expect(desk.end.at.getTime() - desk.nowMs).to.equal(4_000)
    expect(desk.end).to.include({ cause: 'unavailable', outcome: 'failed' })
  })

  it('holds for a person when the attempts are used up', async () => {
    const desk = new Desk()
    desk.call = fault('unavailable')
    expect((await desk.ask()).is).to.equal('retrying')
    expect((await desk.ask()).is).to.equal('retrying')
    expect((await desk.ask()).is).to.equal('held')
    expect(desk.end).to.include({ is: 'held', cause: 'unavailable', owner: 'ops', outcome: 'failed' })
    expect((await desk.ask()).is).to.equal('held')
    expect(desk.sent).to.have.length(3)
  })

  for (const [cause, owner] of [
    ['credentials', 'clinic'],
    ['contract', 'engineer'],
  ] as const) {
    it(`holds ${cause} at once, for the ${owner}`, async () => {
      const desk = new Desk()
      desk.call = fault(cause)
      expect((await desk.ask()).is).to.equal('held')
      expect(desk.end).to.include({ is: 'held', cause, owner })
    })
  }

  it('holds an answer of the wrong shape as a contract fault', async () => {
    const desk = new Desk({ replay: 'keyed' })
    desk.call = async () => ({ is: 'ok', value: { plan: 42 } }) as never
    expect((await desk.ask()).is).to.equal('held')
    expect(desk.end).to.include({ is: 'held', cause: 'contract', owner: 'engineer', outcome: 'unknown' })
  })

  it('leaves no riddle behind an operation that may be sent again at will, so that a person can correct it', async () => {
    const desk = new Desk({ replay: 'safe' })
    desk.call = async () => ({ is: 'ok', value: { plan: 42 } }) as never
    await desk.ask()
    expect(desk.end).to.include({ is: 'held', cause: 'contract', outcome: 'failed' })
  })

  it('refuses input that is not the contract, before anything is written', async () => {
    const desk = new Desk()
    const error = await failure(desk.ask({ member: 'M-123', amount: 'seven' }))
    expect(error).to.be.instanceOf(StepFailure).with.property('holdCause', 'contract')
    expect(String(error)).to.contain('amount').and.not.contain('M-123').and.not.contain('seven')
    expect(desk.ledger.ends).to.deep.equal([])
    expect(desk.sent).to.deep.equal([])
  })

  it('knows no operation that is not registered', async () => {
    const desk = new Desk()
    expect(await failure(desk.invoke('partner.ask.v2', question, { ref: desk.ref, envelope: desk.envelope }))).to.be.instanceOf(StepFailure)
  })

  it('holds when the clinic has no connection, or one that is incomplete', async () => {
    const desk = new Desk()
    desk.connected = false
    expect((await desk.ask()).is).to.equal('held')
    expect(desk.end).to.include({ is: 'held', cause: 'no-connection', owner: 'clinic', outcome: 'failed' })
    const other = new Desk()
    other.config = { url: 'not a url' }
    expect((await other.ask()).is).to.equal('held')
    expect(desk.sent).to.deep.equal([])
    expect(other.sent).to.deep.equal([])
  })

  it('tells the adapter where the partner may call this clinic, and nothing where it may not', async () => {
    const desk = new Desk()
    const told: (string | undefined)[] = []
    desk.call = async (_input, ctx) => {
      told.push(ctx.hookUrl)
      return yes
    }
    await desk.ask()
    desk.hookKey = 'k'.repeat(43)
    await desk.ask(question, { ...desk.ref, rootId: randomUUID() })
    expect(told).to.deep.equal([undefined, `https://hub.example/hooks/partner/${'k'.repeat(43)}`])
  })

  it('ends an adapter that ignores its signal as a timeout with unknown outcome', async () => {
    const desk = new Desk({ replay: 'keyed', breaker: { timeoutMs: 20 } })
    desk.call = () => new Promise<Reply>(() => undefined)
    expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.end).to.include({ is: 'retry', cause: 'timeout', outcome: 'unknown' })
  })

  it('takes the abort of the transport for the timeout that it is', async () => {
    const desk = new Desk({ breaker: { timeoutMs: 20 } })
    desk.call = (_input, { signal }) => new Promise<Reply>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    await desk.ask()
    expect(desk.end).to.include({ is: 'retry', cause: 'timeout' })
  })

  it('holds what an adapter throws by mistake, and writes no word of it', async () => {
    const desk = new Desk({ replay: 'keyed' })
    desk.call = async () => {
      throw new TypeError('cannot read M-123')
    }
    expect((await desk.ask()).is).to.equal('held')
    expect(desk.end).to.include({ is: 'held', cause: 'bug', owner: 'engineer', outcome: 'unknown' })
    expect(JSON.stringify(desk.end)).not.to.contain('M-123')
    expect(desk.lines.join('\n')).to.contain('TypeError').and.not.contain('M-123')
  })

  it('hands the delivery back when another process holds the lease', async () => {
    const desk = new Desk()
    await desk.ledger.start(desk.ref, { partner: 'partner', operation: 'ask' }, '{}', {
      owner: 'engine-2',
      leaseMs: 90_000,
      replay: 'safe',
      keyedForMs: null,
      triesMax: 4,
      now: new Date(desk.nowMs),
    })
    expect(await desk.ask()).to.deep.equal({ is: 'later', delayMs: 60_000 })
    expect(desk.sent).to.deep.equal([])
  })

  it('hands the delivery back over the in-flight limit, and takes no lease for it', async () => {
    const desk = new Desk()
    const answers: ((reply: Reply) => void)[] = []
    desk.call = () => new Promise<Reply>((resolve) => answers.push(resolve))
    const refs = [1, 2, 3].map(() => ({ ...desk.ref, rootId: randomUUID() }))
    const running = refs.slice(0, 2).map((ref) => desk.ask(question, ref))
    expect((await desk.ask(question, refs[2])).is).to.equal('later')
    while (answers.length < 2) await new Promise((resolve) => setImmediate(resolve))
    for (const answer of answers) answer(yes)
    await Promise.all(running)
    desk.call = async () => yes
    expect((await desk.ask(question, refs[2])).is).to.equal('answered')
    expect(desk.inFlight.count(`${tenantId}/partner`)).to.equal(0)
  })

  it('makes no call while the breaker is open, and tries again when it may', async () => {
    const desk = new Desk()
    desk.call = fault('unavailable')
    for (let i = 0; i < 5; i += 1) await desk.ask(question, { ...desk.ref, rootId: randomUUID() })
    expect(desk.sent).to.have.length(5)
    expect((await desk.ask()).is).to.equal('retrying')
    expect(desk.sent).to.have.length(5)
    if (desk.end.is !== 'retry') throw new Error('not a retry')
    expect(desk.end.cause).to.equal('unavailable')
    expect(desk.end.waits).to.equal('breaker')
    // When it may be tried, and as long again by chance.
    expect(desk.end.at.getTime() - desk.nowMs).to.equal(10_000)
  })

  for (const kind of ['throttled', 'credentials', 'contract'] as const) {
    it(`leaves the breaker closed after twenty times ${kind}`, async () => {
      const desk = new Desk()
      desk.call = fault(kind)
      for (let i = 0; i < 20; i += 1) await desk.ask(question, { ...desk.ref, rootId: randomUUID() })
      expect(desk.sent).to.have.length(20)
      expect(desk.breakers.state(partnerOf())).to.equal('closed')
    })
  }

  it("keeps one tenant's breaker from another tenant", async () => {
    const desk = new Desk()
    desk.call = fault('unavailable')
    for (let i = 0; i < 6; i += 1) await desk.ask(question, { ...desk.ref, rootId: randomUUID() })
    desk.call = async () => yes
    expect((await desk.ask(question, { ...desk.ref, tenantId: randomUUID() })).is).to.equal('answered')
  })

  it('drops an answer whose lease was lost, and hands the delivery back', async () => {
    const desk = new Desk()
    desk.call = async () => {
      desk.ledger.expire(desk.ref)
      await desk.ledger.start(desk.ref, { partner: 'partner', operation: 'ask' }, '', {
        owner: 'engine-2',
        leaseMs: 5_000,
        replay: 'safe',
        keyedForMs: null,
        triesMax: 4,
        now: new Date(desk.nowMs),
      })
      return yes
    }
    expect((await desk.ask()).is).to.equal('later')
    expect(desk.ledger.ends).to.deep.equal([])
  })

  it('refuses an answer given by hand that is not the contract', async () => {
    const desk = new Desk()
    desk.call = fault('credentials')
    await desk.ask()
    desk.ledger.answer(desk.ref, 'ok', { plan: 5 })
    expect(await failure(desk.ask())).to.be.instanceOf(StepFailure)
    desk.ledger.answer(desk.ref, 'ok', { plan: 'by hand' })
    expect(await desk.ask()).to.deep.equal({ is: 'answered', port: 'ok', value: { plan: 'by hand' }, manual: true, suspicions: [] })
  })

  it('shows no secret and no input in its log', async () => {
    const desk = new Desk()
    desk.call = fault('timeout')
    await desk.ask()
    expect(desk.lines.join('\n')).to.contain('timeout').and.not.contain('M-123').and.not.contain('secret-token')
  })
})
