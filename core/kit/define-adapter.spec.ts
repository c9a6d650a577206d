import { expect } from 'chai'
import { z } from 'zod'
import { defineContract } from './contract.ts'
import { defineAdapter, type Operation, operationsOf } from './define-adapter.ts'

const Anything = defineContract({ name: 'Anything', version: 1, phi: false, schema: z.object({}) })

/** An adapter whose one operation differs from a sound `never` operation in these fields. */
function define(changes: Partial<Operation<unknown, unknown>>) {
  return () =>
    defineAdapter({
      id: 'partner',
      title: 'Partner',
      config: z.object({}),
      secrets: z.object({}),
      health: async () => ({ ok: true, text: 'fine' }),
      operations: (op) => ({
        act: op({
          summary: 'Acts.',
          version: 1,
          input: Anything,
          output: Anything,
          rejection: Anything,
          replay: 'never',
          settleMs: 6_000,
          breaker: { timeoutMs: 5_000, errorThresholdPercent: 50, volumeThreshold: 5, resetTimeoutMs: 1_000, inFlightMax: 1 },
          retry: { attemptsMax: 3, firstDelayMs: 1_000, delayMsMax: 10_000 },
          call: async () => ({ is: 'ok', value: {} }),
          reconcile: async () => 'not-found',
          ...(changes as object),
        }),
      }),
    })
}

describe('core/kit defineAdapter', () => {
  it('takes an operation that says what it needs', () => {
    expect(define({})).not.to.throw()
    expect(define({ replay: 'safe', reconcile: undefined, settleMs: undefined })).not.to.throw()
    expect(define({ replay: 'keyed', keyedForMs: 60_000 })).not.to.throw()
  })

  it('wants a question for what must not be sent twice, and for when the partner has forgotten the key', () => {
    expect(define({ reconcile: undefined })).to.throw("partner.act: replay 'never' needs reconcile")
    expect(define({ replay: 'keyed', keyedForMs: 60_000, reconcile: undefined })).to.throw("partner.act: replay 'keyed' needs reconcile")
    expect(define({ replay: 'keyed' })).to.throw("partner.act: replay 'keyed' needs keyedForMs")
  })

  it('wants to know from when on "not found" can be believed', () => {
    expect(define({ settleMs: undefined })).to.throw('partner.act: reconcile needs settleMs')
    expect(define({ settleMs: 5_000 })).to.throw('partner.act: settleMs must be longer than timeoutMs')
  })

  it('lets two majors of one operation stand side by side, each under its own key', () => {
    const { act } = define({})().operations
    const operations = { act: { ...act, version: 2 }, actV1: { ...act, name: 'act' } }
    const named = operationsOf({ id: 'partner', operations: operations as never })
    expect(named.map(({ key, name, type, label }) => [key, name, type, label])).to.deep.equal([
      ['act', 'act', 'partner.act.v2', 'act.v2'],
      // What was stored before there was a second major says only this.
      ['actV1', 'act', 'partner.act.v1', 'act'],
    ])
    const twice = () => defineAdapter({ ...define({})(), operations: () => ({ act, actV1: { ...act, name: 'act' } }), receive: () => ({}) })
    expect(twice).to.throw('partner.act.v1 is there twice')
  })
})
