import { randomUUID } from 'node:crypto'
import type { Envelope } from '@heliox/core/kit'
import { eventByType } from '@heliox/core/registry'
import type { Journey } from '@heliox/core/reporting'
import { expect } from 'chai'
import fc from 'fast-check'
import { openTestHub, type TestHub } from '../fixtures.ts'

describe('projector', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())

  let intakeId = ''
  let ms = 0
  const ids = () => ({ intakeId, patientId: visit, visitId: visit })
  const visit = randomUUID()
  const [request, payment, photo, unsent, item] = [randomUUID(), randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  beforeEach(() => {
    intakeId = randomUUID()
    ms = 0
  })
  const event = (type: string, aggregateVersion: number, payload: unknown, aggregateId = request): Envelope => {
    ms += 100
    const id = randomUUID()
    const spec = eventByType.get(type)
    if (!spec) throw new Error(type)
    return {
      id,
      rootId: id,
      type,
      contract: spec.contract.id,
      tenantId: hub.tenantId,
      region: 'us-east',
      aggregateType: 'x',
      aggregateId,
      aggregateVersion,
      intakeId,
      occurredAt: new Date(hub.now.getTime() + ms).toISOString(),
      process: 'engine-1',
      traceparent: null,
      attempt: 1,
      payload: spec.contract.schema.parse(payload),
    }
  }
  const project = async (events: readonly Envelope[]): Promise<void> => {
    for (const one of events) expect(await hub.engine.stores.projector.project(one, hub.now)).to.equal(intakeId)
  }
  const journey = async (): Promise<Journey> => {
    const found = await hub.api.stores.ops.journey(hub.tenantId, intakeId)
    if (!found) throw new Error('no journey')
    return found.journey
  }
  const asked = () =>
    event('eligibility.requested.v1', 1, { ...ids(), requestId: request, coverageId: request, payerId: 'P1', payerName: 'P', serviceDate: '2026-02-09' })
  const verdict = (is: string, version = 2, reasonCodes: string[] = []) =>
    event(is === 'rejected' || is === 'unknown' ? 'eligibility.failed.v1' : 'eligibility.succeeded.v1', version, {
      ...ids(),
      requestId: request,
      coverageId: request,
      payerId: 'P1',
      payerName: 'P',
      verdict: is,
      reasonCodes,
      manual: false,
    })
  const opened = (flow = 'eligibility') =>
    event('override.opened.v1', 1, { overrideId: item, rootId: request, flow, version: 1, step: 'ask payer', cause: 'timeout' }, item)
  const resolved = (resolution: string, flow = 'eligibility') =>
    event('override.resolved.v1', 2, { overrideId: item, rootId: request, flow, step: 'ask payer', resolution, reason: 'other', userId: item }, item)
  const submitted = () =>
    event('intake.submitted.v1', 3, {
      ...ids(),
      payerId: 'P1',
      payerName: 'P',
      serviceDate: '2026-02-09',
      uploadIds: [photo],
      consents: [],
      signatureDocumentId: request,
      confirmationTokenId: null,
      submittedAt: new Date(hub.now.getTime() + ms + 100).toISOString(),
    })
  const wholeStory = (): Envelope[] => [
    event(
      'visit.created.v1',
      1,
      { visitId: visit, intakeId, startsAt: '2026-02-09T16:00:00Z', endsAt: '2026-02-09T16:20:00Z', practitioner: 'Dr. Reyes' },
      visit,
    ),
    event('intake.created.v1', 1, { intakeId, visitId: visit, expiresAt: '2026-02-10T00:00:00Z' }),
    event('intake.opened.v1', 2, { intakeId, visitId: visit }),
    event('upload.completed.v1', 2, { uploadId: photo, intakeId, kind: 'card-front', quarantineKey: 'q' }, photo),
    event('upload.completed.v1', 2, { uploadId: unsent, intakeId, kind: 'card-front', quarantineKey: 'q' }, unsent),
    submitted(),
    asked(),
    event('payment.requested.v1', 1, { intakeId, patientId: visit, paymentId: payment, confirmationTokenId: 'ctoken_1', currency: 'USD' }, payment),
    event('upload.cleared.v1', 3, { uploadId: photo, intakeId, kind: 'card-front', outcome: 'clean', reason: null }, photo),
    event('upload.rejected.v1', 3, { uploadId: unsent, intakeId, kind: 'card-front', outcome: 'rejected', reason: 'unreadable' }, unsent),
    opened(),
    resolved('answer'),
    verdict('active'),
    event('payment.succeeded.v1', 2, { intakeId, patientId: visit, paymentId: payment, outcome: 'stored', code: null, method: 'us-bank-account' }, payment),
    event('visit.prepared.v1', 2, { visitId: visit, intakeId, patientId: visit }, visit),
    event('ehr.writeback.completed.v1', 3, { visitId: visit, intakeId, patientId: visit, outcome: 'written', codes: [] }, visit),
    event('step.finished.v1', 1, { rootId: request, flow: 'eligibility', version: 1, step: 'ask payer', outcome: 'succeeded', generation: 1, durationMs: 42 }),
  ]

  it('tells the same journey in any order and with every event twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
        intakeId = randomUUID()
        ms = 0
        const story = wholeStory()
        const keyed = [...story, ...story].map((one) => ({ one, key: numbers.next().value as number }))
        await project(keyed.sort((a, b) => a.key - b.key).map(({ one }) => one))
        expect(await journey()).to.deep.include({
          intake: 'submitted',
          eligibility: 'confirmed',
          payment: 'stored',
          paymentMethod: 'us-bank-account',
          writeback: 'written',
          photosExpected: 1,
          photosClean: 1,
          photosRejected: 0,
          held: 0,
          visitId: visit,
          startsAt: '2026-02-09T16:00:00.000Z',
          practitioner: 'Dr. Reyes',
        })
        const told = await hub.api.stores.ops.journey(hub.tenantId, intakeId)
        expect(told?.steps.map((step) => step.at)).to.deep.equal(story.map((one) => one.occurredAt))
        expect(told?.steps.map((step) => step.sinceSubmitMs)).to.deep.equal(story.map((_, i) => (i < 5 ? null : (i - 5) * 100)))
      }),
      { numRuns: 12 },
    )
    // Twelve times thirty-four events, each a transaction, one after the other.
  }).timeout(180_000)

  const states: Readonly<Record<string, Journey['eligibility']>> = {
    active: 'confirmed',
    inactive: 'inactive',
    mixed: 'with-our-team',
    unknown: 'with-our-team',
  }
  for (const [is, state] of Object.entries(states)) {
    it(`shows a verdict ${is} as ${state}`, async () => {
      await project([asked(), verdict(is)])
      expect((await journey()).eligibility).to.equal(state)
    })
  }

  it('knows that the payer is asked by file, whenever it hears of it', async () => {
    await project([asked()])
    expect((await journey()).askedByFile).to.equal(false)
    await project([
      event('eligibility.queued.v1', 1, { intakeId, patientId: visit, visitId: visit, requestId: request, payerId: 'SLOWB4', why: 'payer-setting' }),
    ])
    expect(await journey()).to.deep.include({ eligibility: 'checking', askedByFile: true })
  })

  it('asks the patient only where the payer’s reason is theirs to put right', async () => {
    await project([asked(), verdict('rejected', 2, ['75'])])
    expect((await journey()).eligibility).to.equal('needs-you')
    await project([verdict('rejected', 3, ['51'])])
    expect((await journey()).eligibility).to.equal('with-our-team')
  })

  it('shows with-our-team while an item is open, and checking again after a retry', async () => {
    await project([asked(), opened()])
    expect(await journey()).to.include({ eligibility: 'with-our-team', held: 1, payment: null })
    await project([resolved('retry')])
    expect(await journey()).to.include({ eligibility: 'checking', held: 0 })
  })

  it('keeps with-our-team after an item was dropped: nobody else will answer', async () => {
    await project([asked(), opened(), resolved('drop')])
    expect(await journey()).to.include({ eligibility: 'with-our-team', held: 0 })
  })

  it('shows a held write-back and a held payment as such', async () => {
    await project([opened('ehr-writeback')])
    expect(await journey()).to.include({ writeback: 'with-our-team', held: 1, eligibility: null })
  })

  const doubted = (version: number, is = 'active') =>
    event('eligibility.provisional.v1', version, {
      ...ids(),
      ...{ requestId: request, coverageId: request, payerId: 'P1', payerName: 'P', verdict: is, reasonCodes: [] },
      ...{ suspicions: ['closed-calendar'], recheckAt: '2026-02-09T13:00:00.000Z' },
    })
  const attempted = (outcome: string, nextTryAt: string | null) =>
    event('step.finished.v1', 1, {
      ...{ rootId: request, flow: 'eligibility', version: 3, step: 'ask payer', outcome, generation: 1, durationMs: 1 },
      ...{ cause: outcome === 'failed' ? 'unavailable' : null, payerId: 'P1', nextTryAt },
    })

  it('shows a doubted answer as provisional with its doubts, until one that is believed takes them away', async () => {
    const asking = asked()
    await project([asking, doubted(2)])
    expect(await journey()).to.deep.include({
      eligibility: 'provisional',
      provisional: { verdict: 'active', doubts: ['closed-calendar'], recheckAt: '2026-02-09T13:00:00.000Z' },
      answer: null,
    })
    await project([verdict('active', 3), doubted(2)])
    expect(await journey()).to.deep.include({ eligibility: 'confirmed', provisional: null })
    expect((await journey()).answer?.at).to.be.a('string')
  })

  it('says of an answer by hand that a person gave it', async () => {
    const byHand = verdict('active')
    await project([asked(), { ...byHand, payload: { ...(byHand.payload as object), manual: true } }])
    expect((await journey()).eligibility).to.equal('corrected')
  })

  it('says when a payer that does not answer is tried again, by the newest attempt, and no longer once a person has it', async () => {
    const first = attempted('failed', '2026-02-09T10:00:00.000Z')
    const second = attempted('failed', '2026-02-09T11:00:00.000Z')
    await project([asked(), second, first])
    expect((await journey()).nextTry).to.deep.equal({ at: '2026-02-09T11:00:00.000Z', why: 'unavailable' })
    await project([opened()])
    expect((await journey()).nextTry).to.equal(null)
    await project([attempted('failed', '2026-02-09T12:00:00.000Z'), attempted('succeeded', null)])
    expect((await journey()).nextTry).to.equal(null)
  })

  it('counts a case as held where our side must act, until it needs nobody any more', async () => {
    const about = () => ({ overrideId: item, requestId: request, intakeId })
    const caseOpened = (owner: string, version = 1) => event('case.opened.v1', version, { ...about(), payerId: 'P1', cause: 'turned-down', owner }, item)
    const closed = () => event('case.closed.v1', 9, { ...about(), why: 'answered' }, item)
    const decided = () => event('case.decided.v1', 9, { ...about(), decisionId: item, decision: 'confirm', userId: item }, item)
    for (const end of [closed, decided]) {
      intakeId = randomUUID()
      await project([asked(), verdict('unknown'), caseOpened('ops')])
      expect((await journey()).held).to.equal(1)
      await project([end()])
      expect((await journey()).held).to.equal(0)
      intakeId = randomUUID()
      await project([asked(), end(), caseOpened('ops')])
      expect((await journey()).held, 'told in the other order').to.equal(0)
    }
    intakeId = randomUUID()
    const [patient, clinic] = [caseOpened('patient'), caseOpened('clinic', 2)]
    await project([asked(), patient])
    expect((await journey()).held).to.equal(0)
    await project([clinic])
    expect((await journey()).held).to.equal(1)
    intakeId = randomUUID()
    await project([asked(), caseOpened('clinic', 2), caseOpened('patient')])
    expect((await journey()).held, 'the newer owner counts').to.equal(1)
  })

  it('is checking again once the details were put right, whatever was told of the old ones and whenever one hears of it', async () => {
    const asking = asked()
    const no = verdict('rejected', 2, ['72'])
    const corrected = event('intake.corrected.v1', 4, {
      ...ids(),
      ...{ correctionId: item, by: 'patient', fields: ['memberId'], payer: null, correctedAt: hub.now.toISOString() },
    })
    await project([asking, corrected, no])
    expect(await journey()).to.deep.include({ eligibility: 'checking', answer: null })
    await project([verdict('active', 4)])
    expect((await journey()).eligibility).to.equal('confirmed')
  })

  it('says what changed, and from what', async () => {
    const change = event('eligibility.changed.v1', 4, {
      ...ids(),
      ...{ requestId: request, payerId: 'P1', payerName: 'P', changeId: item, from: 'active', to: 'inactive' },
    })
    await project([asked(), verdict('inactive'), change])
    expect(await journey()).to.deep.include({ eligibility: 'inactive', changed: { at: change.occurredAt, from: 'active' } })
  })

  it('shows a visit as it was changed last, whenever it hears of it', async () => {
    const created = wholeStory()[0]
    const told = (version: number, change: string, status: string, startsAt: string, practitioner = 'Dr. Sun') =>
      event('visit.changed.v1', version, { ...ids(), change, by: 'clinic', status, startsAt, endsAt: '2026-02-12T16:20:00Z', practitioner }, visit)
    const moved = told(3, 'moved', 'booked', '2026-02-10T16:00:00Z')
    const cancelled = told(4, 'cancelled', 'cancelled', '2026-02-10T16:00:00Z')
    if (!created) throw new Error('no story')
    await project([cancelled, created, moved])
    expect(await journey()).to.deep.include({
      visitStatus: 'cancelled',
      visitChange: { change: 'cancelled', by: 'clinic', at: cancelled.occurredAt },
      startsAt: '2026-02-10T16:00:00.000Z',
      practitioner: 'Dr. Sun',
    })
    await project([told(5, 'moved', 'booked', '2026-02-11T16:00:00Z', 'Dr. Ito'), told(2, 'moved', 'booked', '2026-02-09T16:00:00Z', 'Dr. Lind')])
    expect((await journey()).practitioner).to.equal('Dr. Ito')
  })

  it('does not go back to an older verdict', async () => {
    await project([verdict('active', 3), verdict('inactive', 2)])
    expect((await journey()).eligibility).to.equal('confirmed')
  })

  it('has nothing to tell of an event without an intake', async () => {
    expect(await hub.engine.stores.projector.project({ ...asked(), intakeId: null }, hub.now)).to.equal(null)
  })

  it('keeps the newest of more steps than one page shows, in the order they happened', async () => {
    intakeId = randomUUID()
    await project([asked()])
    await hub.owner.query(
      `INSERT INTO reporting.journey_steps (tenant_id, event_id, intake_id, at, step, process)
       SELECT $1, gen_random_uuid(), $2, '2026-03-01T00:00:00Z'::timestamptz + i * interval '1 second', 'step ' || i, 'p' FROM generate_series(1, 600) AS i`,
      [hub.tenantId, intakeId],
    )
    const told = await hub.api.stores.ops.journey(hub.tenantId, intakeId)
    expect(told?.steps.map((step) => step.step)).to.deep.equal(Array.from({ length: 500 }, (_, i) => `step ${i + 101}`))
  })

  it('pages journeys newest first', async () => {
    const before = (await hub.api.stores.ops.journeys(hub.tenantId, { limit: 1 })).total
    for (let i = 0; i < 4; i += 1) {
      intakeId = randomUUID()
      await project([asked()])
    }
    const first = await hub.api.stores.ops.journeys(hub.tenantId, { limit: 3 })
    expect(first.total).to.equal(before + 4)
    const second = await hub.api.stores.ops.journeys(hub.tenantId, { limit: 3, cursor: first.nextCursor ?? undefined })
    const all = [...first.items, ...second.items].map((one) => one.intakeId)
    expect(new Set(all).size).to.equal(6)
    expect((await hub.api.stores.ops.journeys(hub.otherTenantId, { limit: 3 })).items).to.deep.equal([])
  })
})
