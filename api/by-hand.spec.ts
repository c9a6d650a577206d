import { randomUUID } from 'node:crypto'
import { CardDeclined, CardStored, StoreCard } from '@heliox/core/billing'
import type { Adapter, ByHand } from '@heliox/core/kit'
import { expect } from 'chai'
import { buildApp } from './app.ts'
import { makeWorld, staffHeaders } from './testing/fakes.ts'

/** The world's partner as one that keeps cards, with another word about who may answer for it. */
const withByHand = (adapter: Adapter, byHand: ByHand): Adapter => ({
  ...adapter,
  operations: Object.fromEntries(
    Object.entries(adapter.operations).map(([name, operation]) => [
      name,
      { ...operation, byHand, input: StoreCard, output: CardStored, rejection: CardDeclined } as never,
    ]),
  ),
})

describe('answers that only the partner may give', () => {
  const by = () => ({ decisionId: randomUUID(), reason: 'confirmed-by-phone', note: 'spoke to an agent' })
  const yes = { status: 'succeeded', setupIntentId: 'seti_1', customerId: 'cus_1', paymentMethodId: 'pm_1' }
  const no = { code: 'card_declined', declineCode: null }

  async function itemOf(byHand: ByHand) {
    const world = makeWorld()
    world.deps.adapters = world.deps.adapters.map((adapter) => withByHand(adapter, byHand))
    const app = await buildApp(world.deps)
    const url = `/api/ops/overrides/${world.override()}`
    const headers = staffHeaders(world.session(['ops']).cookie)
    const detail = (await app.inject({ url, headers })).json()
    const answers = []
    for (const [port, value] of [['ok', yes] as const, ['rejected', no] as const]) {
      answers.push(await app.inject({ method: 'POST', url: `${url}/decisions`, headers, payload: { action: 'answer', port, value, ...by() } }))
    }
    await app.close()
    return { allowed: detail.allowed.map((one: { action: string }) => one.action), detail, answers, decisions: [...world.decisions.values()] }
  }

  it('are refused by hand, and their shape is not shown; a no is taken', async () => {
    const { allowed, detail, answers, decisions } = await itemOf('rejected')
    expect(allowed).to.include('answer')
    expect(detail.shapes.ok).to.equal(null)
    expect(detail.shapes.rejected.properties).to.have.property('code')
    expect(answers.map(({ statusCode }) => statusCode)).to.deep.equal([400, 200])
    expect(answers[0]?.json().error.fields).to.deep.equal([{ path: 'port', message: 'must be rejected: only the partner can say yes here' }])
    expect(decisions.map(({ wish }) => [wish.port, wish.content])).to.deep.equal([['rejected', no]])
  })

  it('may be all of them', async () => {
    const { allowed, answers, decisions } = await itemOf('never')
    expect(allowed).to.deep.equal(['correct', 'retry', 'move', 'drop'])
    expect(answers.map((answer) => [answer.statusCode, answer.json().error.fields[0].path])).to.deep.equal([
      [400, 'action'],
      [400, 'action'],
    ])
    expect(decisions).to.deep.equal([])
  })

  it('are none where the definition says nothing', async () => {
    const { detail, answers } = await itemOf('any')
    expect(detail.shapes.ok.properties).to.have.property('setupIntentId')
    expect(answers[0]?.statusCode).to.equal(200)
  })

  it('leave nothing to correct where the input is ours alone', async () => {
    const world = makeWorld()
    world.deps.adapters = world.deps.adapters.map((adapter) => ({
      ...adapter,
      operations: Object.fromEntries(Object.entries(adapter.operations).map(([name, operation]) => [name, { ...operation, correctable: false }])),
    }))
    const app = await buildApp(world.deps)
    const url = `/api/ops/overrides/${world.override()}`
    const headers = staffHeaders(world.session(['ops']).cookie)
    const { allowed } = (await app.inject({ url, headers })).json()
    expect(allowed.map((one: { action: string }) => one.action)).to.not.include('correct')
    const answer = await app.inject({ method: 'POST', url: `${url}/decisions`, headers, payload: { action: 'correct', input: {}, ...by() } })
    expect([answer.statusCode, answer.json().error.fields[0].path]).to.deep.equal([400, 'action'])
    expect(world.decisions.size).to.equal(0)
    await app.close()
  })
})
