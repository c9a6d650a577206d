import { Form } from '@heliox/core/catalog'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../app.ts'
import { edgeLimits } from '../../kit/limits.ts'
import { linkHeaders, makeWorld, submission, type World } from '../../testing/fakes.ts'

const health = Form.parse({
  id: 'health',
  version: 2,
  schema: {
    type: 'object',
    properties: {
      smoker: { type: 'string', enum: ['never', 'former', 'now'] },
      since: { type: 'string', format: 'date' },
      note: { type: 'string', maxLength: 20 },
      pain: { type: 'integer', minimum: 0, maximum: 10 },
      pregnant: { type: 'boolean' },
      allergies: { type: 'array', items: { type: 'string', enum: ['nuts', 'latex'] }, uniqueItems: true, maxItems: 2 },
    },
    required: ['smoker'],
    additionalProperties: false,
  },
  words: {
    en: {
      title: 'Your health',
      fields: Object.fromEntries(['smoker', 'since', 'note', 'pain', 'pregnant', 'allergies'].map((name) => [name, { label: name }])),
    },
  },
})

describe('one link', () => {
  it('is answered so often in a minute from whatever address, and no other link waits for it', async () => {
    const world = makeWorld()
    const app = await buildApp({ ...world.deps, limits: { linkCallsPerMinuteMax: 5 } })
    const [busy, quiet] = [world.link().token, world.link().token]
    const status = async (token: string, n: number) =>
      (await app.inject({ url: '/api/intake', headers: linkHeaders(token), remoteAddress: `192.0.2.${n}` })).statusCode
    const seen: number[] = []
    for (let n = 1; n <= 7; n += 1) seen.push(await status(busy, n))
    expect(seen).to.deep.equal([200, 200, 200, 200, 200, 429, 429])
    expect(await status(quiet, 1)).to.equal(200)
    await app.close()
  })

  it('opens its pages so often too, and tells who comes more often in their language', async () => {
    const world = makeWorld()
    const app = await buildApp({ ...world.deps, limits: { linkCallsPerMinuteMax: 4 } })
    const [busy, quiet] = [world.link({ status: 'submitted' }).token, world.link({ status: 'submitted' }).token]
    const get = (path: string, token: string, n: number) => app.inject({ url: `/${path}/${token}?lang=de`, remoteAddress: `192.0.2.${n}` })
    for (const [n, path] of ['status', 'consents', 'i', 'confirm'].entries()) expect((await get(path, busy, n)).statusCode, path).to.not.equal(429)
    for (const path of ['i', 'correct', 'status', 'consents', 'receipt', 'confirm', 'confirm-charge', 'method'])
      expect((await get(path, busy, 9)).statusCode, path).to.equal(429)
    const over = await get('status', busy, 9)
    expect(over.headers).to.include({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    expect(Number(over.headers['retry-after'])).to.be.within(1, 60)
    expect(over.body).to.contain('Zu viele Anfragen')
    expect((await get('status', quiet, 1)).statusCode).to.equal(200)
    await app.close()
  })

  it('makes its receipt less often: each is a picture decoded and a PDF written', async () => {
    const world = makeWorld()
    const app = await buildApp(world.deps)
    const { token } = world.link({ status: 'submitted' })
    const seen: number[] = []
    for (let n = 0; n <= edgeLimits.receiptsPerMinuteMax; n += 1)
      seen.push((await app.inject({ url: `/receipt/${token}?lang=fr`, remoteAddress: `192.0.2.${n}` })).statusCode)
    expect([seen.indexOf(429), seen.length]).to.deep.equal([edgeLimits.receiptsPerMinuteMax, edgeLimits.receiptsPerMinuteMax + 1])
    expect((await app.inject({ url: `/status/${token}` })).statusCode, 'the pages are open still').to.equal(200)
    await app.close()
  })
})

describe('what a form must say', () => {
  let world: World
  let app: FastifyInstance
  const open = async (forms: Form[] = []): Promise<void> => {
    world = makeWorld()
    app = await buildApp({ ...world.deps, intakes: { ...world.deps.intakes, forms: async () => forms } })
  }
  afterEach(() => app.close())

  async function problems(answers: Record<string, unknown>): Promise<string[]> {
    const { token } = world.link()
    const body = submission()
    const answer = await app.inject({
      method: 'POST',
      url: '/api/intake/submit',
      headers: { ...linkHeaders(token), 'idempotency-key': 'key-0123456789abcdef' },
      payload: { ...body, answers: { ...(body.answers as object), ...answers } },
    })
    if (answer.statusCode === 202) return []
    return (answer.json().error.fields as { path: string; message: string }[]).map(({ path, message }) => `${path} ${message}`)
  }
  const guardian = { givenName: 'Leyla', familyName: 'Haddad', relationship: 'parent' }

  it('names who signs for a patient under age, on the day of the visit, and for nobody else', async () => {
    await open()
    // The visit is on 2026-03-04 in Chicago.
    expect(await problems({ birthDate: '2008-03-04' })).to.deep.equal([])
    expect(await problems({ birthDate: '2008-03-05' })).to.deep.equal(['answers.guardian must name who signs for a patient under age'])
    expect(await problems({ birthDate: '2008-03-05', guardian })).to.deep.equal([])
    expect(await problems({ guardian })).to.deep.equal(['answers.guardian must be left out for an adult'])
  })

  it('has a phone number at which somebody may be called, by the numbers of the clinic’s country', async () => {
    await open()
    const nobody = ['answers.phone must be a number that can be called']
    for (const phone of ['+1 000 000 0000', '555-0142', '020 7946 0123']) expect(await problems({ phone }), phone).to.deep.equal(nobody)
    for (const phone of ['(512) 555-0142', '+44 20 7946 0123', '0049 221 4710123']) expect(await problems({ phone }), phone).to.deep.equal([])
  })

  it('says in its own words which insurer it is when the list has none, and only then', async () => {
    await open()
    expect(await problems({ payerId: 'not-listed', payerText: 'Acme Health' })).to.deep.equal([])
    expect(world.submits.map(({ meta }) => (meta as { payerName: string }).payerName)).to.deep.equal(['Insurer not on the list'])
    expect(await problems({ payerId: 'not-listed' })).to.deep.equal(['answers.payerText must say which insurer it is, when it is not on the list'])
    expect(await problems({ payerText: 'Acme Health' })).to.deep.equal(['answers.payerText must be left out when the insurer is on the list'])
    expect(await problems({ payerId: 'NOBODY' })).to.deep.equal(['answers.payerId must be one of the listed insurers'])
  })

  it('names the second insurance by the list or by words, and by one of both', async () => {
    await open()
    const secondary = (of: object) => problems({ secondary: { memberId: 'ZZ11', ...of } })
    expect(await secondary({ payerId: 'HELIO1' })).to.deep.equal([])
    expect(await secondary({ payerText: 'Acme Health' })).to.deep.equal([])
    expect(await secondary({})).to.deep.equal(['answers.secondary.payerText must say which insurer it is, when it is not on the list'])
    expect(await secondary({ payerId: 'HELIO1', payerText: 'Acme' })).to.deep.equal([
      'answers.secondary.payerText must be left out when the insurer is on the list',
    ])
    expect(await secondary({ payerId: 'not-listed' })).to.deep.equal(['answers.secondary.payerId must be one of the listed insurers'])
    expect(await secondary({ payerId: 'HELIO1', memberId: '' })).to.deep.equal(['answers.secondary.memberId must be letters and digits, as on the card'])
  })

  it('is not refused for a question that somebody wrote down as needed twice', async () => {
    await open([{ ...health, schema: { ...health.schema, required: ['smoker', 'smoker'] } }])
    expect(await problems({ forms: { health: { smoker: 'never' } } })).to.deep.equal([])
    expect(await problems({})).to.deep.equal(['answers.forms.health.smoker must be answered'])
  })

  it('answers the clinic’s own questions as they are asked, and none that are not', async () => {
    await open([health])
    const answered = (answers: object) => problems({ forms: { health: answers } })
    expect(await answered({ smoker: 'never', since: '2020-02-29', note: 'x', pain: 3, pregnant: false, allergies: ['nuts'] })).to.deep.equal([])
    expect(await problems({})).to.deep.equal(['answers.forms.health.smoker must be answered'])
    const wrong: [object, string][] = [
      [{ smoker: 'often' }, 'answers.forms.health.smoker must be one of the choices'],
      [{ smoker: 'now', since: '2021-02-29' }, 'answers.forms.health.since must be a date'],
      [{ smoker: 'now', note: 'x'.repeat(21) }, 'answers.forms.health.note is too long'],
      [{ smoker: 'now', pain: 11 }, 'answers.forms.health.pain is out of range'],
      [{ smoker: 'now', pain: 1.5 }, 'answers.forms.health.pain is not valid'],
      [{ smoker: 'now', allergies: ['nuts', 'nuts'] }, 'answers.forms.health.allergies is not valid'],
      [{ smoker: 'now', secret: 'Okafor' }, 'answers.forms.health has an answer that was not asked for'],
    ]
    for (const [answers, problem] of wrong) expect(await answered(answers), problem).to.deep.equal([problem])
    const read = (version: number) => problems({ forms: { health: { smoker: 'now' } }, formVersions: { health: version } })
    expect(await read(health.version)).to.deep.equal([])
    expect(await read(health.version + 1), 'other words').to.deep.equal(['answers.forms.health must be answered again: the clinic asks it in other words now'])
    expect(await problems({ forms: { health: { smoker: 'now' }, other: {} } })).to.deep.equal(['answers.forms has a form that the clinic does not ask for now'])
  })
})
