import type { Adapter, ByHand } from '@heliox/core/kit'
import { expect } from 'chai'
import { buildApp } from './app.ts'
import { makeWorld, staffHeaders } from './testing/fakes.ts'

/** The world's partner, with another word about who may answer for it. */
const withByHand = (adapter: Adapter, byHand: ByHand): Adapter => ({
  ...adapter,
  operations: Object.fromEntries(Object.entries(adapter.operations).map(([name, operation]) => [name, { ...operation, byHand }])),
})

describe('answers that only the partner may give', () => {
  const by = { reason: 'confirmed-by-phone', note: 'spoke to an agent' }
  const yes = { verdict: 'active', basis: { eb: [], rule: 'by-hand', inferred: false }, trace: 'T1', planName: null, planDates: [], copays: [], manual: true }
  const no = { reasons: [{ loop: '2100C', code: '75', followUp: 'C', who: 'patient' }] }

  async function itemOf(byHand: ByHand) {
    const world = makeWorld()
    world.deps.adapters = world.deps.adapters.map((adapter) => withByHand(adapter, byHand))
    const app = await buildApp(world.deps)
    const url = `/api/ops/overrides/${world.override()}`
    const headers = staffHeaders(world.session(['ops']).cookie)
    const detail = (await app.inject({ url, headers })).json()
    const answers = []
    for (const [port, value] of [['ok', yes] as const, ['rejected', no] as const]) {
      const payload = { resolution: 'answer', port, value, ...by }
      answers.push(await app.inject({ method: 'POST', url: `${url}/resolve`, headers, payload }))
    }
    await app.close()
    return { detail, answers, resolutions: world.resolutions }
  }

  it('are refused by hand, and their shape is not shown; a no is taken', async () => {
    const { detail, answers, resolutions } = await itemOf('rejected')
    expect(detail.allowed).to.include('answer')
    expect(detail.shapes.ok).to.equal(null)
    expect(detail.shapes.rejected.properties).to.have.property('reasons')
    expect(answers.map(({ statusCode }) => statusCode)).to.deep.equal([400, 200])
    expect(answers[0]?.json().error.fields).to.deep.equal([{ path: 'port', message: 'must be rejected: only the partner can say yes here' }])
    expect(resolutions).to.have.lengthOf(1)
  })

  it('may be all of them', async () => {
    const { detail, answers, resolutions } = await itemOf('never')
    expect(detail.allowed).to.deep.equal(['retry', 'correct', 'move', 'drop'])
    expect(answers.map((answer) => [answer.statusCode, answer.json().error.fields[0].path])).to.deep.equal([
      [400, 'resolution'],
      [400, 'resolution'],
    ])
    expect(resolutions).to.deep.equal([])
  })

  it('are none where the definition says nothing', async () => {
    const { detail, answers } = await itemOf('any')
    expect(detail.shapes.ok.properties).to.have.property('verdict')
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
    expect((await app.inject({ url, headers })).json().allowed).to.deep.equal(['answer', 'retry', 'move', 'drop'])
    const answer = await app.inject({ method: 'POST', url: `${url}/resolve`, headers, payload: { resolution: 'correct', input: {}, ...by } })
    expect([answer.statusCode, answer.json().error.fields[0].path]).to.deep.equal([400, 'resolution'])
    expect(world.resolutions).to.deep.equal([])
    await app.close()
  })
})
