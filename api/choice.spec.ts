import { randomUUID } from 'node:crypto'
import { adapters } from '@heliox/adapters'
import { operationsOf } from '@heliox/core/kit'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { choiceOf } from './routes/ops/choice.ts'
import { aChoice, asked, options } from './testing/fake-choice.ts'
import { makeWorld, staffHeaders, type World } from './testing/fakes.ts'

describe('choosing a chart', () => {
  let world: World
  let app: FastifyInstance
  let ana: Record<string, string>
  let id: string
  beforeEach(async () => {
    world = makeWorld()
    world.deps.adapters = adapters
    world.choice = { asked, options }
    app = await buildApp(world.deps)
    ana = staffHeaders(world.session(['ops']).cookie)
    id = world.override(aChoice)
  })
  afterEach(() => app.close())

  const open = (of = id, purpose = 'compare-with-chart', headers = ana) =>
    app.inject({ method: 'POST', url: `/api/ops/overrides/${of}/choice`, headers, payload: { purpose } })
  const by = (of: object) => ({ decisionId: randomUUID(), action: 'choose', reason: 'compared-with-chart', note: 'same street', ...of })
  const decide = (payload: object) => app.inject({ method: 'POST', url: `/api/ops/overrides/${id}/decisions`, headers: ana, payload })

  it('offers the choice, another search, and no answer of one’s own', async () => {
    const { item, allowed } = (await app.inject({ method: 'GET', url: `/api/ops/overrides/${id}`, headers: ana })).json()
    expect(allowed.map((one: { action: string }) => one.action)).to.deep.equal(['choose', 'retry', 'move', 'drop'])
    expect(allowed[0])
      .to.include({ undoSeconds: 10, needsSecond: false })
      .and.to.deep.include({ reasons: ['compared-with-chart', 'patient-confirmed', 'other'] })
    expect(item.nextAction).to.equal('choose')
    expect(JSON.stringify(item)).to.not.contain('Okafor')
  })

  it('shows the charts beside the answers, for a named purpose that is audited', async () => {
    const shown = (await open()).json()
    const row = (field: string) => shown.rows.find((one: { field: string }) => one.field === field)
    expect(row('birthDate')).to.deep.equal({
      field: 'birthDate',
      asked: '1981-04-09',
      charts: [
        { text: '1981-04-09', match: 'same' },
        { text: '1981-09-04', match: 'different' },
      ],
    })
    expect(row('phone').charts[0]).to.deep.equal({ text: null, match: 'not-there' })
    expect(shown.charts[1]).to.deep.equal({ ref: 'Patient/8', foundBy: ['name-and-birth-date'], updatedAt: '2025-11-03T10:00:00.000Z' })
    expect(shown).to.include({ more: false, none: true })
    expect(world.audits.at(-1)).to.include({ action: 'override.open-options', resource: id, purpose: 'compare-with-chart' })
    expect((await open(id, 'curious')).statusCode).to.equal(400)
    expect((await open(id, 'compare-with-chart', staffHeaders(world.session(['front-desk']).cookie))).statusCode).to.equal(403)
  })

  it('shows the country of an address that is not in the clinic’s own', async () => {
    const addressOf = async (addressCountry: string) => {
      const address = { line1: '12 Pier Road', line2: null, city: 'Chicago', country: 'US', state: 'IL', postalCode: '60601' }
      const [chart] = options.candidates
      world.choice = {
        asked: { ...asked, address },
        options: { candidates: [{ ...chart, address: '12 Pier Road, Chicago, IL, 60601', addressCountry }], more: false },
      }
      const { rows } = (await open()).json()
      return rows.find(({ field }: { field: string }) => field === 'address').charts
    }
    expect(await addressOf('US')).to.deep.equal([{ text: '12 Pier Road, Chicago, IL, 60601', match: 'same' }])
    expect(await addressOf('CA')).to.deep.equal([{ text: '12 Pier Road, Chicago, IL, 60601, Canada', match: 'different' }])
  })

  it('has nothing to show of any other item', async () => {
    expect((await open(world.override({ partner: 'fhir', operation: 'findChart', cause: 'unavailable' }))).statusCode).to.equal(404)
    expect((await open(world.override())).statusCode).to.equal(404)
  })

  it('answers with the chart that was chosen, or with none and whom nobody meant', async () => {
    expect((await decide(by({ option: 1 }))).json()).to.include({ action: 'choose', option: 1, state: 'scheduled' })
    expect([...world.decisions.values()][0]?.wish).to.deep.include({ port: 'ok', option: 1, content: { patientRef: 'Patient/8', how: 'chosen', notRefs: [] } })
    world.decisions.clear()
    expect((await decide(by({ option: null }))).json()).to.include({ option: null })
    const content = { patientRef: null, how: 'nobody', notRefs: ['Patient/7', 'Patient/8'] }
    expect([...world.decisions.values()][0]?.wish).to.deep.include({ port: 'ok', option: null, content })
  })

  it('refuses what is not among them, and “none” where not all were seen', async () => {
    const refused = await decide(by({ option: 2 }))
    expect(refused.statusCode).to.equal(400)
    expect(refused.json().error.fields[0].path).to.equal('option')
    expect((await decide(by({ option: -1 }))).statusCode).to.equal(400)
    world.choice = { asked, options: { ...options, more: true } }
    expect((await open()).json()).to.include({ more: true, none: false })
    expect((await decide(by({ option: null }))).statusCode).to.equal(400)
    expect(world.decisions.size).to.equal(0)
  })

  it('takes the same id for the same option only', async () => {
    const body = by({ option: 0 })
    expect((await decide(body)).statusCode).to.equal(200)
    expect((await decide(body)).statusCode).to.equal(200)
    expect((await decide({ ...body, option: 1 })).statusCode).to.equal(409)
  })

  it('refuses a choice where there is none, and an answer where there is one', async () => {
    expect((await decide(by({ action: 'answer', port: 'ok', value: { patientRef: 'Patient/9', how: 'chosen', notRefs: [] } }))).statusCode).to.equal(400)
    id = world.override()
    expect((await decide(by({ option: 0 }))).statusCode).to.equal(400)
  })

  it('waits for a second person where the clinic wants two', async () => {
    world.rules.confirmNeedsTwo = true
    expect((await decide(by({ option: 0 }))).json()).to.include({ state: 'proposed', option: 0 })
  })

  it('can show what every operation of every partner may ask', () => {
    const asking = adapters.flatMap(operationsOf).filter(({ operation }) => operation.choice)
    expect(asking.map(({ type }) => type)).to.include('fhir.findChart.v1')
    for (const { type, operation } of asking) expect(choiceOf(operation as never), type).to.be.a('function')
  })
})
