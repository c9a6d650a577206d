import { randomUUID } from 'node:crypto'
import { neverStop } from '@heliox/core/kit'
import { UploadCompleted } from '@heliox/core/media'
import { expect } from 'chai'
import { makeInFlight } from '../breaker/index.ts'
import type { Verdict } from '../bus/index.ts'
import { testEnvelope } from '../invoke/testing.ts'
import { makeDeliveries } from './deliveries.ts'
import { makeDispatcher } from './dispatcher.ts'

describe('hub/flows-runtime, a delivery whose pinned release cannot run here', () => {
  const envelopeOf = () =>
    testEnvelope('upload.completed.v1', UploadCompleted.id, { uploadId: randomUUID(), intakeId: randomUUID(), kind: 'card-front', quarantineKey: 'q/1' })
  let nowMs: number
  let held: { step: string; version: number; cause: string; staffText: string }[]
  let settled: string[]
  let lines: string[]
  let failHold: Error | undefined
  let dispatch: (body: unknown) => Promise<Verdict>

  beforeEach(() => {
    nowMs = Date.parse('2026-01-05T15:00:00.000Z')
    held = []
    settled = []
    lines = []
    failHold = undefined
    const write = (_fields: Record<string, unknown>, text: string): void => void lines.push(text)
    dispatch = makeDispatcher('document-scan', {
      region: 'us-east',
      releases: { ensure: async () => undefined, newest: () => undefined, loadShipped: async () => undefined },
      flows: {
        pin: async (_envelope, flow) => ({ is: 'open', flow, version: 7, ledgerMonth: '2026-01-01', generationOf: {} }),
        settle: async (_envelope, _flow, outcome) => void settled.push(outcome),
        holdBug: async ({ step, version }, cause, staffText) => {
          if (failHold) throw failHold
          held.push({ step, version, cause, staffText })
        },
        registerRelease: async () => 'same',
        release: async () => undefined,
      },
      deliveries: makeDeliveries(),
      inFlight: makeInFlight(),
      inject: () => undefined,
      clock: { now: () => new Date(nowMs) },
      stop: neverStop,
      log: { info: write, warn: write, error: write },
    })
  })

  /** As the bus does: hands it out again after the delay. */
  async function untilSettled(body: unknown): Promise<{ handedBack: number; waitedMs: number }> {
    const fromMs = nowMs
    for (let handedBack = 0; handedBack < 100; handedBack += 1) {
      const verdict = await dispatch(body)
      if (verdict.is === 'ack') return { handedBack, waitedMs: nowMs - fromMs }
      if (verdict.is !== 'later') throw new Error(`it was ${verdict.is}`)
      nowMs += verdict.delayMs
    }
    throw new Error('handed back for ever')
  }

  it('is handed back for about a minute, less and less often, and then waits for a person who is told which release', async () => {
    const { handedBack, waitedMs } = await untilSettled(envelopeOf())
    expect(waitedMs).to.be.within(60_000, 75_000)
    expect(handedBack).to.be.lessThan(12)
    expect(held).to.have.length(1)
    expect(held[0]).to.include({ step: 'consume', version: 7, cause: 'bug' })
    expect(held[0]?.staffText).to.contain('document-scan@7')
    expect(settled).to.deep.equal(['held'])
    expect(lines, 'one line when it begins, one when it ends').to.have.length(2)
  })

  it('has a minute of its own, and another one after a person said to try again', async () => {
    const envelope = envelopeOf()
    await untilSettled(envelope)
    expect((await dispatch(envelopeOf())).is).to.equal('later')
    expect((await untilSettled(envelope)).waitedMs).to.be.within(60_000, 75_000)
    expect(held).to.have.length(2)
  })

  it('is not called late for what another engine did with it in between', async () => {
    const envelope = envelopeOf()
    await dispatch(envelope)
    nowMs += 300_000
    await dispatch(envelopeOf())
    expect((await dispatch(envelope)).is).to.equal('later')
    expect(held).to.deep.equal([])
  })

  it('is held as soon as storage takes it', async () => {
    const envelope = envelopeOf()
    await dispatch(envelope)
    nowMs += 60_000
    failHold = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    expect((await dispatch(envelope)).is).to.equal('later')
    failHold = undefined
    expect(await dispatch(envelope)).to.deep.equal({ is: 'ack' })
    expect(held).to.have.length(1)
  })
})
