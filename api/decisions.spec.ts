import { randomUUID } from 'node:crypto'
import { answerByHand, EligibilityAnswerV2, EligibilityInquiryV2, EligibilityRejectionV2 } from '@heliox/core/billing'
import { correctableFields } from '@heliox/core/identity'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { lakeside, makeWorld, staffHeaders, type World } from './testing/fakes.ts'

describe('what a person does with a waiting item', () => {
  let world: World
  let app: FastifyInstance
  let ana: Record<string, string>
  let ben: Record<string, string>
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
    ana = staffHeaders(world.session(['ops']).cookie)
    ben = staffHeaders(world.session(['ops']).cookie)
  })
  afterEach(() => app.close())

  const call = (headers: Record<string, string>, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
    app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  const by = (of: object = {}) => ({ decisionId: randomUUID(), reason: 'confirmed-by-phone', note: 'spoke to an agent', ...of })
  const decide = (id: string, body: object, headers = ana) => call(headers, 'POST', `/api/ops/overrides/${id}/decisions`, body)
  const actionsOf = async (id: string): Promise<string[]> =>
    (await call(ana, 'GET', `/api/ops/overrides/${id}`)).json().allowed.map((one: { action: string }) => one.action)
  /** The second major of the check, which knows the other door. */
  const secondMajor = async (): Promise<void> => {
    world.deps.adapters = world.deps.adapters.map((adapter) => ({
      ...adapter,
      operations: Object.fromEntries(
        Object.entries(adapter.operations).map(([name, operation]) => [
          name,
          { ...operation, input: EligibilityInquiryV2, output: EligibilityAnswerV2, rejection: EligibilityRejectionV2 } as never,
        ]),
      ),
    }))
    await app.close()
    app = await buildApp(world.deps)
  }

  it('offers what makes sense for the item, with reasons, shapes, and the exact next step', async () => {
    const id = world.override()
    const detail = (await call(ana, 'GET', `/api/ops/overrides/${id}`)).json()
    expect(await actionsOf(id)).to.deep.equal(['confirm', 'mark-inactive', 'correct', 'ask-patient', 'retry', 'move', 'drop'])
    expect(detail.item.nextAction).to.equal('retry-when-back')
    const of = (action: string) => detail.allowed.find((one: { action: string }) => one.action === action)
    expect(of('confirm')).to.include({ undoSeconds: 10, needsSecond: false, shape: null })
    expect(of('retry')).to.include({ undoSeconds: 0 })
    expect(of('correct').shape.properties).to.have.property('memberId')
    expect(detail.shapes.input.required).to.include('memberId')
  })

  it('offers no answer where no partner was asked, and the other route only where the payer has one', async () => {
    const bug = world.override({ partner: null, operation: null, cause: 'bug', payerRoute: null })
    expect(await actionsOf(bug)).to.deep.equal(['retry', 'move', 'drop'])
    const refused = await decide(bug, by({ action: 'confirm' }))
    expect(refused.json().error.fields[0].path).to.equal('action')
    await secondMajor()
    expect(await actionsOf(world.override({ payerRoute: 'real-time' }))).to.not.include('other-route')
    expect(await actionsOf(world.override({ payerRoute: 'real-time-or-batch' }))).to.include('other-route')
    expect(world.decisions.size).to.equal(0)
  })

  it('asks a case’s own questions: no move, details in place of an input, fields named by the codes', async () => {
    const id = world.override({ kind: 'case', requestId: randomUUID(), cause: 'turned-down', codes: ['72'], owner: 'clinic', partner: null, operation: null })
    const { allowed, item } = (await call(ana, 'GET', `/api/ops/overrides/${id}`)).json()
    expect(allowed.map((one: { action: string }) => one.action)).to.deep.equal(['confirm', 'mark-inactive', 'correct', 'ask-patient', 'retry', 'drop'])
    expect(item.nextAction).to.equal('correct-or-ask-patient')
    const ask = allowed.find((one: { action: string }) => one.action === 'ask-patient')
    expect(ask.fields).to.include('memberId')
    const refused = await decide(id, by({ action: 'correct', input: { favouriteColour: 'red' } }))
    expect(refused.statusCode).to.equal(400)
    expect((await decide(id, by({ action: 'correct', input: { memberId: 'NEW1234' } }))).statusCode).to.equal(200)
    expect([...world.decisions.values()][0]?.wish.content).to.deep.equal({ memberId: 'NEW1234' })
  })

  it('confirms with a verdict and nothing that only the payer knows, in the version that waits', async () => {
    expect((await decide(world.override(), by({ action: 'confirm' }))).json()).to.include({ state: 'scheduled', action: 'confirm' })
    expect([...world.decisions.values()][0]?.wish.content).to.include({ verdict: 'active', trace: 'by-hand', manual: true })
    await secondMajor()
    await decide(world.override(), by({ action: 'mark-inactive' }))
    expect([...world.decisions.values()][1]?.wish.content).to.deep.equal(answerByHand('inactive'))
  })

  it('refuses a correction that does not fit the partner’s contract, naming the field and never the value', async () => {
    const refused = await decide(world.override(), by({ action: 'correct', input: { birthDate: 'CANARY-1' } }))
    expect(refused.json().error.fields.map((field: { path: string }) => field.path)).to.include('input.birthDate')
    expect(refused.body).to.not.include('CANARY')
    expect(world.decisions.size).to.equal(0)
  })

  it('corrects in a held check of cover the patient’s own answers, and never the question: neither day, provider, request nor canary', async () => {
    const id = world.override()
    const correct = (await call(ana, 'GET', `/api/ops/overrides/${id}`)).json().allowed.find((one: { action: string }) => one.action === 'correct')
    expect(correct).to.include({ ofAnswers: true })
    expect(Object.keys(correct.shape.properties)).to.have.members([...correctableFields])
    for (const other of ['requestId', 'serviceDate', 'providerNpi', 'providerName', 'payerName', 'route', 'serviceTypes', 'canary', 'holder']) {
      const refused = await decide(id, by({ action: 'correct', input: { memberId: 'MEM-2', [other]: 'active' } }))
      expect(refused.statusCode, other).to.equal(400)
    }
    expect(world.decisions.size).to.equal(0)
    expect((await decide(id, by({ action: 'correct', input: { memberId: 'MEM-2' } }))).statusCode).to.equal(200)
    expect([...world.decisions.values()][0]?.wish).to.deep.include({ content: { memberId: 'MEM-2' }, fields: ['memberId'] })
    expect(await actionsOf(world.override({ intakeId: null })), 'nobody’s answers').to.not.include('correct')
  })

  it('asks the patient for the second insurance, and puts it right with an insurer of the list only', async () => {
    const ask = by({ action: 'ask-patient', fields: ['secondPayerId', 'secondMemberId'] })
    expect((await decide(world.override(), ask)).statusCode).to.equal(200)
    expect(world.decisions.get(ask.decisionId as string)?.wish).to.deep.include({ fields: ['secondPayerId', 'secondMemberId'] })
    for (const secondPayerId of ['NOSUCH9', 'not-listed']) {
      const refused = await decide(world.override(), by({ action: 'correct', input: { secondPayerId } }))
      expect([refused.statusCode, refused.json().error.fields?.[0]?.path]).to.deep.equal([400, 'input.secondPayerId'])
    }
    expect((await decide(world.override(), by({ action: 'correct', input: { secondMemberId: 'NM-7' } }))).statusCode).to.equal(200)
  })

  it('takes another insurer only when it is one that can be asked', async () => {
    const refused = await decide(world.override(), by({ action: 'correct', input: { payerId: 'NOSUCH9' } }))
    expect(refused.json().error.fields).to.deep.equal([{ path: 'input.payerId', message: 'must be one of the listed insurers' }])
    expect((await decide(world.override(), by({ action: 'correct', input: { payerId: 'HELIO1' } }))).statusCode).to.equal(200)
  })

  it('answers a double click with the same decision, and another decision with who was first', async () => {
    const id = world.override()
    const body = by({ action: 'drop' })
    const both = await Promise.all([decide(id, body), decide(id, body)])
    expect(both.map((answer) => [answer.statusCode, answer.json().id])).to.deep.equal([
      [200, body.decisionId],
      [200, body.decisionId],
    ])
    expect((await decide(id, by({ action: 'retry' }), ben)).json().error.code).to.equal('already-decided')
    expect((await decide(id, { ...body, action: 'retry' })).json().error.code).to.equal('decision-conflict')
    const item = world.overrides.get(id)
    if (item) item.status = 'resolved'
    expect((await decide(id, body)).statusCode, 'the same again, after it was carried out').to.equal(200)
    expect((await decide(id, by({ action: 'drop' }))).json().error.code).to.equal('already-resolved')
  })

  it('says whose an item is to the second who wants it', async () => {
    const id = world.override()
    expect((await call(ana, 'POST', `/api/ops/overrides/${id}/claim`)).statusCode).to.equal(200)
    const refused = await call(ben, 'POST', `/api/ops/overrides/${id}/claim`)
    expect(refused.statusCode).to.equal(409)
    expect(refused.json().error).to.deep.include({ code: 'claimed', fields: [{ path: 'claim', message: 'Sam Desk' }] })
    expect((await decide(id, by({ action: 'drop' }), ben)).json().error.code).to.equal('claimed')
    await call(ana, 'POST', `/api/ops/overrides/${id}/release`)
    expect((await decide(id, by({ action: 'drop' }), ben)).statusCode).to.equal(200)
  })

  it('wants a second person where the clinic says so, and never the same one', async () => {
    const admin = staffHeaders(world.session(['admin']).cookie)
    expect((await call(admin, 'PUT', '/api/ops/rules', { confirmNeedsTwo: true })).statusCode).to.equal(200)
    expect((await call(ana, 'PUT', '/api/ops/rules', { confirmNeedsTwo: false })).statusCode).to.equal(403)
    const body = by({ action: 'confirm' })
    const id = world.override()
    expect((await decide(id, body)).json()).to.include({ state: 'proposed', carryOutAt: null })
    expect((await call(ana, 'GET', `/api/ops/overrides/${id}`)).json().item.nextAction).to.equal('approve')
    const url = `/api/ops/decisions/${body.decisionId}`
    expect((await call(ana, 'POST', `${url}/approve`)).json().error.code).to.equal('own-decision')
    expect((await call(ben, 'POST', `${url}/open`, { purpose: 'call-partner' })).json()).to.deep.include({ note: 'spoke to an agent' })
    expect((await call(ben, 'POST', `${url}/approve`)).json()).to.include({ state: 'scheduled' })
    const no = by({ action: 'mark-inactive' })
    expect((await decide(world.override(), no)).json().state, 'a "no" opens no door').to.equal('scheduled')
  })

  it('takes back one’s own only', async () => {
    const body = by({ action: 'drop' })
    await decide(world.override(), body)
    const url = `/api/ops/decisions/${body.decisionId}/undo`
    expect((await call(ben, 'POST', url)).json().error.code).to.equal('not-yours')
    expect((await call(ana, 'POST', url)).json().state).to.equal('undone')
  })

  it('opens an attempt and an input for a purpose from the list only, in words', async () => {
    const id = world.override()
    const attempt = `/api/ops/overrides/${id}/attempts/${randomUUID()}.1/open`
    expect((await call(ana, 'POST', attempt, { purpose: 'curiosity' })).statusCode).to.equal(400)
    expect((await call(ana, 'POST', `/api/ops/overrides/${id}/input`, { purpose: 'x'.repeat(100) })).statusCode).to.equal(400)
    expect(world.audits).to.deep.equal([])
    const opened = (await call(ana, 'POST', attempt, { purpose: 'call-partner' })).json()
    expect(opened.sent[0].lines[0]).to.deep.equal({ label: 'member id', text: 'MEM-1', code: null })
    expect((await call(ana, 'POST', `/api/ops/overrides/${id}/input`, { purpose: 'compare-with-card' })).json()).to.deep.equal({ input: { memberId: 'MEM-1' } })
    expect(world.audits.map(({ purpose }) => purpose)).to.deep.equal(['call-partner', 'compare-with-card'])
  })

  it('keeps a person’s views to that person', async () => {
    const viewId = randomUUID()
    const view = { name: 'Tomorrow, mine', filter: { cause: 'timeout', mine: true }, sort: 'visit' }
    expect((await call(ana, 'PUT', `/api/ops/views/${viewId}`, view)).json()).to.deep.equal({ id: viewId, ...view })
    expect((await call(ben, 'GET', '/api/ops/views')).json()).to.deep.equal({ items: [] })
    expect((await call(ben, 'DELETE', `/api/ops/views/${viewId}`)).statusCode).to.equal(404)
    expect((await call(ana, 'DELETE', `/api/ops/views/${viewId}`)).statusCode).to.equal(200)
    expect((await call(ana, 'PUT', `/api/ops/views/${viewId}`, { ...view, filter: { colour: 'red' } })).statusCode).to.equal(400)
  })

  it('lists by what is asked for, and refuses what it does not know', async () => {
    world.override({ tenantId: lakeside })
    const page = (await call(ana, 'GET', '/api/ops/overrides?sort=age&mine=true&grouped=true&limit=200')).json()
    expect(page.items).to.have.length(1)
    for (const query of ['sort=name', 'mine=yes', 'limit=201', 'cause=weather', 'colour=red']) {
      expect((await call(ana, 'GET', `/api/ops/overrides?${query}`)).statusCode, query).to.equal(400)
    }
  })
})
