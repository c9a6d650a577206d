import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { drainAll, openTestHub, type TestHub } from '../fixtures.ts'
import { makeStores } from '../stores.ts'
import { withTenant } from '../tenancy.ts'
import { keepFile } from './received-files.ts'

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const unreadable = (at: number) => ({ kind: 'unreadable', problem: 'truncated', at, set: null })
const eventType = 'clearinghouse.item-received.v1'

describe('received files', function () {
  this.timeout(60_000)
  let hub: TestHub
  let receiver: string
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub.close())
  beforeEach(() => {
    receiver = `clearinghouse.${randomUUID()}`
  })
  const store = () => hub.engine.stores.receive
  const fileOf = (bytes: Buffer, name = 'answers.x12') => ({ name, bytes, sha256: hashOf(bytes) })
  const keep = (bytes: Buffer, name?: string, now = hub.now) => store().keepFile(hub.tenantId, receiver, fileOf(bytes, name), now)
  const unread = () => store().unread(hub.tenantId, receiver, 10)
  const firstId = async (): Promise<string> => (await unread())[0]?.fileId ?? ''
  const read = async (fileId: string): Promise<Buffer> => {
    const parts: Uint8Array[] = []
    for await (const part of await store().openFile(hub.tenantId, fileId, 'service:engine-1', hub.now)) parts.push(part)
    return Buffer.concat(parts)
  }
  const record = (fileId: string, first: number, items: unknown[], last = false) =>
    store().recordItems(hub.tenantId, fileId, { first, eventType, items, last }, { process: 'engine-1', now: hub.now })

  it('give back the very bytes, of any size, sealed in parts', async () => {
    for (const size of [0, 1, 999_999, 1_000_000, 1_000_001, 3_500_000]) {
      receiver = `clearinghouse.size-${size}`
      const bytes = randomBytes(size)
      expect(await keep(bytes)).to.equal('kept')
      expect((await read(await firstId())).equals(bytes), `${size} bytes`).to.equal(true)
    }
  })

  it('lie nowhere in the clear, neither bytes nor name', async () => {
    await keep(Buffer.from('NM1*IL*1*CANARYNAME*RUTH~'), 'CANARYFILE-ruth.x12')
    const dump = await hub.owner.query<{ text: string }>(
      `SELECT coalesce(string_agg(row, ' '), '') AS text FROM (
         SELECT f::text AS row FROM messaging.received_files f UNION ALL SELECT encode(d.sealed, 'escape') FROM identity.phi_documents d WHERE d.kind::text = 'received-file') r`,
    )
    expect(dump.rows[0]?.text).to.not.match(/CANARY/)
  })

  it('are kept once: the same bytes under another name are known and counted, ten at once too', async () => {
    const bytes = randomBytes(100)
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, i) => keep(bytes, `name-${i}`)))
    expect(outcomes.filter((one) => one === 'kept')).to.have.length(1)
    const rows = await hub.owner.query('SELECT copies FROM messaging.received_files WHERE receiver = $1', [receiver])
    expect(rows.rows).to.deep.equal([{ copies: 10 }])
    expect(await keep(randomBytes(100), 'name-0'), 'the same name with other bytes is another file').to.equal('kept')
  })

  it('say of the newest of a door how far it goes in the partner’s own order', async () => {
    expect(await store().lastKept(hub.tenantId, receiver)).to.equal(null)
    const keepAt = (minute: number, cursor?: string) =>
      store().keepFile(hub.tenantId, receiver, { ...fileOf(randomBytes(50)), cursor }, new Date(hub.now.getTime() + minute * 60_000))
    await keepAt(0)
    expect(await store().lastKept(hub.tenantId, receiver)).to.deep.equal({ keptAt: hub.now, cursor: null })
    // Of several of one look, kept in one moment, the furthest; and by when it was kept, not by whose clock is ahead.
    for (const cursor of ['2026-02-02T16:00:01.000Z', '2026-02-02T16:00:02.000Z']) await keepAt(1, cursor)
    await keepAt(0, '2029-01-01T00:00:00.000Z')
    expect((await store().lastKept(hub.tenantId, receiver))?.cursor).to.equal('2026-02-02T16:00:02.000Z')
  })

  it('leave nothing behind when the commit that keeps them fails', async () => {
    const file = fileOf(randomBytes(2_000_000))
    const documents = async () => (await hub.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM identity.phi_documents')).rows[0]?.n
    const before = await documents()
    await withTenant(hub.engine.pool, hub.tenantId, 'service:test', async (tx) => {
      await keepFile(tx, hub.engine.vault, receiver, file, hub.now)
      throw new Error('the process dies here')
    }).catch(() => undefined)
    expect(await unread()).to.deep.equal([])
    expect(await documents()).to.equal(before)
    expect(await keep(file.bytes)).to.equal('kept')
  })

  it('are refused when the hash is not that of the bytes', async () => {
    const error = await store()
      .keepFile(hub.tenantId, receiver, { ...fileOf(Buffer.from('a')), sha256: hashOf(Buffer.from('b')) }, hub.now)
      .catch((e: Error) => e.message)
    expect(error).to.equal('a received file has another hash than was said')
  })

  it('belong to one tenant: another cannot open them', async () => {
    await keep(Buffer.from('x'))
    const fileId = await firstId()
    const error = await store()
      .openFile(hub.otherTenantId, fileId, 'service:engine-1', hub.now)
      .catch((e: Error) => e.message)
    expect(error).to.equal('the received file is not there')
    expect(await store().unread(hub.otherTenantId, receiver, 10)).to.deep.equal([])
  })

  it('audit every part that is opened', async () => {
    await keep(randomBytes(2_500_000))
    const fileId = await firstId()
    const audits = async () =>
      (await hub.owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM compliance.audit_logs WHERE purpose = 'read-received-file'`)).rows[0]?.n ?? 0
    const before = await audits()
    await read(fileId)
    expect((await audits()) - before).to.equal(3)
  })

  it('become events item by item, each once, in order, and go on where an engine died', async () => {
    await drainAll(hub, 'messaging')
    await keep(Buffer.from('file'))
    const fileId = await firstId()
    expect(await record(fileId, 0, [unreadable(0), unreadable(10)])).to.equal('recorded')
    expect((await unread())[0]?.items).to.equal(2)
    expect(await record(fileId, 0, [unreadable(0)]), 'a slower engine').to.equal('not-ours')
    expect(await record(fileId, 2, [unreadable(20)], true)).to.equal('recorded')
    expect(await unread()).to.deep.equal([])
    expect(await record(fileId, 3, [unreadable(30)]), 'after its end').to.equal('not-ours')
    const payloads = (await drainAll(hub, 'messaging')).map((row) => row.envelope.payload as { fileId: string; index: number; item: { at: number } })
    expect(payloads.map(({ fileId: of, index, item }) => [of, index, item.at])).to.have.deep.members([
      [fileId, 0, 0],
      [fileId, 1, 10],
      [fileId, 2, 20],
    ])
  })

  it('are recorded by one of ten engines at once', async () => {
    await drainAll(hub, 'messaging')
    await keep(Buffer.from('file'))
    const fileId = await firstId()
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => record(fileId, 0, [unreadable(0)], true)))
    expect(outcomes.filter((one) => one === 'recorded')).to.have.length(1)
    expect(await drainAll(hub, 'messaging')).to.have.length(1)
  })

  it('end without items too', async () => {
    await keep(Buffer.alloc(0))
    expect(await record(await firstId(), 0, [], true)).to.equal('recorded')
    expect(await unread()).to.deep.equal([])
  })

  it('let nothing through that is not an item, and stay unread then', async () => {
    await keep(Buffer.from('file'))
    const fileId = await firstId()
    const error = await record(fileId, 0, [{ kind: 'unreadable', name: 'RUTH' }]).catch((e: Error) => e.constructor.name)
    expect(error).to.match(/Zod/)
    expect((await unread())[0]?.items).to.equal(0)
  })

  it('go behind the others for a while when our reader fails at them, and a person is told once', async () => {
    await keep(Buffer.from('bad'), 'bad')
    const bad = await firstId()
    await keep(Buffer.from('good'), 'good', new Date(hub.now.getTime() + 1000))
    await store().readFailed(hub.tenantId, receiver, bad, hub.now)
    await store().readFailed(hub.tenantId, receiver, bad, hub.now)
    expect((await unread()).map((file) => file.fileId)).to.not.include(bad)
    const later = { ...hub.engine, process: 'engine-2', wake: undefined, clock: { now: () => new Date(hub.now.getTime() + 10 * 60_000) } }
    expect(
      (await makeStores(later).receive.unread(hub.tenantId, receiver, 10)).map((file) => file.fileId),
      'ten minutes later',
    ).to.include(bad)
    const { items } = await hub.api.stores.incidents.list(hub.tenantId, { status: 'open', kind: 'unreadable-file', limit: 100 })
    expect(items.filter((one) => one.about.id === bad).map((one) => one.count)).to.deep.equal([2])
  })

  describe('and the turn to look for them', () => {
    const minute = 60_000
    const at = (ms: number): Date => new Date(hub.now.getTime() + ms)
    const turn = (owner: string, now: Date) => store().takeTurn(hub.tenantId, receiver, owner, { everyMs: minute, leaseMs: 10 * minute }, now)

    it('is one engine’s at a time', async () => {
      const turns = await Promise.all(Array.from({ length: 10 }, (_, i) => turn(`engine-${i}`, at(0))))
      expect(turns.filter((one) => one !== undefined)).to.have.length(1)
    })

    it('comes again after `everyMs`, once it was given back', async () => {
      const mine = await turn('engine-1', at(0))
      expect(await turn('engine-2', at(2 * minute)), 'still looking').to.equal(undefined)
      await mine?.giveBack(at(2 * minute))
      expect(await turn('engine-2', at(30_000)), 'too soon').to.equal(undefined)
      expect(await turn('engine-2', at(2 * minute))).to.not.equal(undefined)
    })

    it('ends by itself when its engine dies, and cannot be given back for another', async () => {
      const dead = await turn('engine-1', at(0))
      expect(await turn('engine-2', at(10 * minute))).to.not.equal(undefined)
      await dead?.giveBack(at(11 * minute))
      expect(await turn('engine-3', at(12 * minute)), 'engine-2 still looks').to.equal(undefined)
    })
  })
})
