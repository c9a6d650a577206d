import { randomUUID } from 'node:crypto'
import type { HoldCause } from '@heliox/core/messaging'
import type { BreakerRef, LedgerEnd, StepRef } from '@heliox/core/ports'
import { expect } from 'chai'
import fc from 'fast-check'
import { openTestHub, type TestHub } from '../fixtures.ts'
import { withTenant } from '../tenancy.ts'
import { waitingGroups } from './list-breakers.ts'

const minuteMs = 60_000
const operation = 'checkEligibility.v2'

interface Modelled {
  about: string
  count: number
  open: boolean
}
/** What the incidents must be, said once more in memory: one delivery at a time, whoever it is about. */
class Model {
  readonly incidents: Modelled[] = []
  /** Whose breaker is not closed. */
  readonly shut = new Set<string>()
  readonly waiting = new Map<string, { root: string; payerId: string }>()
  private readonly counted = new Map<string, Modelled>()
  private readonly partner: string
  constructor(partner: string) {
    this.partner = partner
  }
  private openAbout = (about: string): Modelled | undefined => this.incidents.find((one) => one.open && one.about === about)

  fails(name: string, root: string, payerId: string, aboutPayer: string | null, isHeld: boolean): void {
    const about = aboutPayer ?? this.partner
    this.waiting.delete(name)
    const there = this.openAbout(about)
    if (there && this.counted.get(root) !== there) there.count += 1
    const incident = there ?? (isHeld || this.shut.has(about) ? { about, count: 1, open: true } : undefined)
    if (incident && !there) {
      this.incidents.push(incident)
      for (const one of this.waiting.values()) {
        if (this.counted.has(one.root) || (aboutPayer !== null && one.payerId !== aboutPayer)) continue
        this.counted.set(one.root, incident)
        incident.count += 1
      }
    }
    if (incident) this.counted.set(root, incident)
    if (!isHeld) this.waiting.set(name, { root, payerId })
  }
  answers(name: string, payerId: string): void {
    this.waiting.delete(name)
    this.settle(payerId)
  }
  opens(aboutPayer: string | null): void {
    if (this.shut.delete(aboutPayer ?? this.partner)) this.settle(aboutPayer)
  }
  private settle(payerId: string | null): void {
    for (const one of this.incidents) if ((one.about === this.partner || one.about === payerId) && !this.shut.has(one.about)) one.open = false
  }
}

/** One cause behind many deliveries: opened once, counted exactly, closed once. */
describe('incidents about whoever does not answer', () => {
  let hub: TestHub
  let nowMs: number
  before(async () => {
    hub = await openTestHub()
    nowMs = hub.now.getTime()
  })
  after(() => hub.close())
  /** A partner of its own for each case: nothing of one is seen in another. */
  let partner = ''
  beforeEach(() => {
    partner = `p-${randomUUID().slice(0, 8)}`
  })

  const now = (): Date => new Date(nowMs)
  const refOf = (rootId: string): StepRef => ({
    tenantId: hub.tenantId,
    rootId,
    flow: 'eligibility',
    version: 3,
    step: 'ask payer',
    intakeId: null,
    ledgerMonth: '2026-02-01',
  })
  const envelopeOf = (rootId: string) => ({
    ...{ id: rootId, rootId, type: 'eligibility.requested.v1', contract: 'EligibilityRequested.v1', tenantId: hub.tenantId, region: 'us-east' },
    ...{ aggregateType: 'x', aggregateId: randomUUID(), aggregateVersion: 1, intakeId: null, occurredAt: now().toISOString(), process: 'engine-1' },
    ...{ traceparent: null, attempt: 1, payload: {} },
  })
  type Asked = Pick<LedgerEnd, 'payerId' | 'scope' | 'nothingSent' | 'ours'>

  /** One attempt at a delivery, from its start to this end. */
  async function attempt(rootId: string, end: LedgerEnd): Promise<void> {
    const ref = refOf(rootId)
    const { ledger, flows } = hub.engine.stores
    await flows.pin(envelopeOf(rootId), ref.flow, now())
    const options = { owner: 'engine-1', leaseMs: 20_000, replay: 'safe', keyedForMs: null, triesMax: 4, now: now() } as const
    const started = await ledger.start(ref, { partner, operation }, '{}', options)
    if (started.is !== 'go') throw new Error(started.is)
    await ledger.end(ref, started.effectId, started.fencing, end, now())
  }
  const retried = (rootId: string, asked: Asked, cause: HoldCause = 'unavailable', waits?: 'breaker'): LedgerEnd => ({
    ...{ is: 'retry', outcome: 'failed', cause, at: now(), redeliver: { ...envelopeOf(rootId), attempt: 2 }, ...asked, ...(waits ? { waits } : {}) },
  })
  const held = (rootId: string, asked: Asked, cause: HoldCause = 'unavailable'): LedgerEnd => ({
    ...{ is: 'held', outcome: 'failed', cause, owner: 'ops', staffText: 'It waits.', envelope: envelopeOf(rootId), ...asked },
  })
  const answered = (asked: Asked, suspicions: LedgerEnd & { is: 'answered' } extends { suspicions: infer S } ? S : never = []): LedgerEnd => ({
    ...{ is: 'answered', port: 'ok', value: {}, reconciled: false, suspicions, ...asked },
  })
  const ref = (payerId: string | null): BreakerRef => ({ tenantId: hub.tenantId, partner, payerId, operation })
  const trip = (payerId: string | null) => hub.engine.stores.breakers.trip(ref(payerId), 'unavailable', { resetMs: 1_000, plausibleToClose: 1 }, now())
  async function close(payerId: string | null): Promise<void> {
    nowMs += 1_000
    const claim = await hub.engine.stores.breakers.claimProbe(ref(payerId), 1_000, now())
    if (claim.is === 'probe') await hub.engine.stores.breakers.endProbe(ref(payerId), claim.lease, { is: 'plausible' }, now())
  }
  async function incidents(): Promise<string[]> {
    const found = await hub.owner.query<{ line: string }>(
      `SELECT kind || ' ' || about || ' ' || about_id || ' ' || count || ' ' || status AS line FROM messaging.incidents WHERE partner = $1 ORDER BY opened_at, about_id`,
      [partner],
    )
    return found.rows.map(({ line }) => line.replaceAll(partner, 'partner'))
  }
  const payer = { payerId: 'HELIO1', scope: 'payer' } as const

  it('a failure that is tried again is no incident', async () => {
    const root = randomUUID()
    await attempt(root, retried(root, payer))
    await attempt(root, answered(payer))
    expect(await incidents()).to.deep.equal([])
  })

  it('is opened when a breaker is open, with those that waited already, and each counts once', async () => {
    const roots = [1, 2, 3].map(() => randomUUID())
    for (const root of roots) await attempt(root, retried(root, payer))
    await trip('HELIO1')
    const last = randomUUID()
    await attempt(last, retried(last, payer))
    expect(await incidents()).to.deep.equal(['not-answering payer HELIO1 4 open'])
    for (const root of roots) await attempt(root, retried(root, payer, 'unavailable', 'breaker'))
    expect(await incidents()).to.deep.equal(['not-answering payer HELIO1 4 open'])
  })

  it('is closed by itself with the breaker, not before: one answer may be luck', async () => {
    await trip('HELIO1')
    const [root, other] = [randomUUID(), randomUUID()]
    await attempt(root, retried(root, payer))
    await attempt(other, answered(payer))
    expect(await incidents()).to.deep.equal(['not-answering payer HELIO1 1 open'])
    await close('HELIO1')
    expect(await incidents()).to.deep.equal(['not-answering payer HELIO1 1 resolved'])
  })

  it('is opened by an item that is held, which names it, and closed by the next answer', async () => {
    const root = randomUUID()
    await attempt(root, held(root, payer, 'timeout'))
    const item = await hub.owner.query(
      `SELECT o.payer_id, i.kind::text AS kind FROM messaging.overrides o JOIN messaging.incidents i ON i.id = o.incident_id WHERE o.root_id = $1`,
      [root],
    )
    expect(item.rows).to.deep.equal([{ payer_id: 'HELIO1', kind: 'not-answering' }])
    await attempt(randomUUID(), answered({ payerId: 'OTHER', scope: 'payer' }))
    expect(await incidents()).to.deep.equal(['not-answering payer HELIO1 1 open'])
    await attempt(randomUUID(), answered(payer))
    expect(await incidents()).to.deep.equal(['not-answering payer HELIO1 1 resolved'])
  })

  it('about the partner ends with any answer through it', async () => {
    const root = randomUUID()
    await attempt(root, held(root, { payerId: 'HELIO1', scope: 'partner' }))
    expect(await incidents()).to.deep.equal(['not-answering partner partner 1 open'])
    await attempt(randomUUID(), answered({ payerId: 'OTHER', scope: 'partner' }))
    expect(await incidents()).to.deep.equal(['not-answering partner partner 1 resolved'])
  })

  it('counts what another door stood in for, and not what failed on our side or means something else', async () => {
    await trip('HELIO1')
    await attempt(randomUUID(), { ...answered(payer), instead: 'unavailable', nothingSent: true } as LedgerEnd)
    const [ours, refused] = [randomUUID(), randomUUID()]
    await attempt(ours, retried(ours, { ...payer, ours: true }))
    await attempt(refused, held(refused, payer, 'credentials'))
    expect(await incidents()).to.deep.equal(['not-answering payer HELIO1 1 open'])
  })

  it('an item says how often its partner was asked, not how often a door was shut', async () => {
    await trip('HELIO1')
    const root = randomUUID()
    await attempt(root, retried(root, payer))
    for (let i = 0; i < 3; i += 1) await attempt(root, { ...retried(root, payer, 'unavailable', 'breaker'), nothingSent: true })
    await attempt(root, held(root, payer))
    const item = await hub.owner.query('SELECT attempts FROM messaging.overrides WHERE root_id = $1', [root])
    expect(item.rows).to.deep.equal([{ attempts: 2 }])
    const calls = await hub.owner.query(`SELECT count(*)::int AS n FROM compliance.audit_logs WHERE action = 'partner.call' AND resource LIKE $1`, [
      `%${(await hub.owner.query<{ id: string }>('SELECT id FROM messaging.effects WHERE root_id = $1', [root])).rows[0]?.id}%`,
    ])
    expect(calls.rows, 'and a disclosure is what left').to.deep.equal([{ n: 2 }])
  })

  it('answers that are not believed are one, until a believed one comes after a quiet time', async () => {
    for (let i = 0; i < 5; i += 1) await attempt(randomUUID(), answered({ payerId: 'HELIO1', scope: 'partner' }, ['closed-calendar']))
    await attempt(randomUUID(), answered({ payerId: 'HELIO1', scope: 'partner' }))
    expect(await incidents()).to.deep.equal(['implausible-answers payer HELIO1 5 open'])
    nowMs += 15 * minuteMs
    await attempt(randomUUID(), answered({ payerId: 'HELIO1', scope: 'partner' }))
    expect(await incidents()).to.deep.equal(['implausible-answers payer HELIO1 5 resolved'])
  })

  it('a hundred that fail at the same moment are one incident, and a hundred in it', async () => {
    await trip(null)
    const roots = Array.from({ length: 100 }, () => randomUUID())
    for (let i = 0; i < 100; i += 20) await Promise.all(roots.slice(i, i + 20).map((root) => attempt(root, retried(root, { scope: 'partner' }))))
    expect(await incidents()).to.deep.equal(['not-answering partner partner 100 open'])
    const waiting = (await withTenant(hub.api.pool, hub.tenantId, 'service:api-1', waitingGroups)).find((group) => group.partner === partner)
    expect(waiting).to.include({ payerId: null, retrying: 100, held: 0, nextTryAt: now().toISOString() })
  })

  it('whatever happens in whatever order: never two open about one, each delivery counted once, and all end', async () => {
    const step = fc.record({
      what: fc.constantFrom('retry', 'hold', 'answer', 'doubt', 'trip', 'close'),
      payer: fc.constantFrom('AAAA', 'BBBB'),
      scope: fc.constantFrom('payer', 'partner'),
      delivery: fc.integer({ min: 0, max: 5 }),
    } as const)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        partner = `p-${randomUUID().slice(0, 8)}`
        const model = new Model(partner)
        for (const one of steps) {
          nowMs += minuteMs
          const asked = { payerId: one.payer, scope: one.scope }
          const about = one.scope === 'payer' ? one.payer : null
          const name = `${one.payer} ${one.delivery}`
          if (one.what === 'trip') {
            await trip(about)
            model.shut.add(about ?? partner)
          } else if (one.what === 'close') {
            await close(about)
            model.opens(about)
          } else {
            const root = model.waiting.get(name)?.root ?? randomUUID()
            if (one.what === 'answer') await attempt(root, answered(asked))
            else if (one.what === 'doubt') await attempt(root, answered(asked, ['same-body']))
            else await attempt(root, one.what === 'hold' ? held(root, asked) : retried(root, asked))
            if (one.what === 'answer') model.answers(name, one.payer)
            else if (one.what === 'doubt') model.waiting.delete(name)
            else model.fails(name, root, one.payer, about, one.what === 'hold')
          }
          const found = await hub.owner.query<{ line: string }>(
            `SELECT about_id || ' ' || count || ' ' || status AS line FROM messaging.incidents WHERE partner = $1 AND kind = 'not-answering'`,
            [partner],
          )
          expect(found.rows.map(({ line }) => line)).to.have.members(
            model.incidents.map((one) => `${one.about} ${one.count} ${one.open ? 'open' : 'resolved'}`),
          )
        }
        const doubted = await hub.owner.query(
          `SELECT 1 FROM messaging.incidents WHERE partner = $1 AND kind = 'implausible-answers' GROUP BY about_id HAVING count(*) FILTER (WHERE status = 'open') > 1`,
          [partner],
        )
        expect(doubted.rowCount).to.equal(0)
        for (const about of ['AAAA', 'BBBB', null]) await close(about)
        nowMs += 20 * minuteMs
        for (const payerId of ['AAAA', 'BBBB']) await attempt(randomUUID(), answered({ payerId, scope: 'payer' }))
        const left = await hub.owner.query(`SELECT 1 FROM messaging.incidents WHERE partner = $1 AND status = 'open'`, [partner])
        expect(left.rowCount).to.equal(0)
      }),
      { numRuns: 40 },
    )
    // Up to a thousand deliveries, each some transactions and a look at every incident.
  }).timeout(240_000)
})
