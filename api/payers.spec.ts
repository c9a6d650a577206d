import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { lakeside, makeWorld, staffHeaders, type World } from './testing/fakes.ts'

describe('a clinic’s own values of a payer', () => {
  let world: World
  let app: FastifyInstance
  let cookie: string
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
    cookie = world.session(['admin']).cookie
  })
  afterEach(() => app.close())

  const url = '/api/admin/payers/HELIO1'
  const save = (settings: object, version = 0) => app.inject({ method: 'PUT', url, headers: staffHeaders(cookie), payload: { settings, version } })
  const calendar = (of: object = {}) => ({ calendar: { timeZone: 'America/New_York', closed: [{ day: 6, from: '18:00', to: '24:00' }], ...of } })
  const fields = (answer: { json(): { error: { fields: { path: string }[] } } }): string[] => answer.json().error.fields.map(({ path }) => path)

  it('are kept over the catalogue’s, and the catalogue’s stay to be read', async () => {
    const saved = await save(calendar())
    expect(saved.statusCode).to.equal(200)
    expect(saved.json()).to.deep.include({ own: true, version: 1, timeZone: 'America/New_York', route: 'real-time' })
    const read = (await app.inject({ url, headers: staffHeaders(cookie) })).json()
    expect(read.settings.calendar.closed).to.deep.equal([{ day: 6, from: '18:00', to: '24:00' }])
    expect(read.catalogue.calendar.timeZone).to.equal('America/Chicago')
    const written = world.audits.filter(({ action }) => action === 'payer.settings-changed')
    expect(written.map(({ tenantId, resource }) => [tenantId, resource])).to.deep.equal([[lakeside, 'HELIO1']])
  })

  it('go back to the catalogue’s when they are left out', async () => {
    await save(calendar())
    expect((await save({}, 1)).json()).to.deep.include({ settings: {}, timeZone: 'America/Chicago', version: 2 })
  })

  it('overwrite nobody who saved meanwhile', async () => {
    await save({ route: 'batch' })
    const second = await save({ route: 'real-time' })
    expect([second.statusCode, second.json().error.code]).to.deep.equal([409, 'changed-meanwhile'])
    expect((await app.inject({ url, headers: staffHeaders(cookie) })).json().route).to.equal('batch')
  })

  it('are refused by the field that makes no sense, and nothing is saved', async () => {
    expect(fields(await save(calendar({ timeZone: 'America/Lakeside' })))).to.deep.equal(['settings.calendar.timeZone'])
    expect(fields(await save(calendar({ closed: [{ day: 1, from: '09:00', to: '09:00' }] })))).to.deep.equal(['settings.calendar.closed.0.to'])
    expect(fields(await save(calendar({ closed: [{ day: 7, from: '9', to: '10:00' }] })))).to.deep.equal([
      'settings.calendar.closed.0.day',
      'settings.calendar.closed.0.from',
    ])
    const allWeek = [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, from: '00:00', to: '24:00' }))
    expect(fields(await save(calendar({ closed: allWeek })))).to.deep.equal(['settings.calendar.closed'])
    expect(fields(await save({ ages: { freshDays: 10, expireDays: 5, askAgainDaysBefore: 0 } }))).to.deep.equal(['settings.ages.expireDays'])
    expect((await save({ colour: 'red' })).statusCode).to.equal(400)
    expect(world.audits.filter(({ action }) => action === 'payer.settings-changed')).to.deep.equal([])
  })

  it('are of payers that the catalogue has', async () => {
    const unknown = await app.inject({ method: 'PUT', url: '/api/admin/payers/NOBODY', headers: staffHeaders(cookie), payload: { settings: {}, version: 0 } })
    expect(unknown.statusCode).to.equal(404)
  })
})
