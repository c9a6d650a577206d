import { type Barrier, PartnerFault, type Receiver } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Door, ReceiveDeps } from './deps.ts'
import { everyMs, numbered, Receiving } from './testing.ts'
import { takeTurn } from './turn.ts'

const doorOf = (deps: ReceiveDeps, tenantId = 't1'): Door => {
  const [adapter] = deps.adapters
  if (!adapter?.receive.inbox) throw new Error('the partner has a door')
  return { tenantId, adapter, name: 'inbox', id: 'partner.inbox', receiver: adapter.receive.inbox as unknown as Receiver<unknown, unknown> }
}
const turn = (desk: Receiving, options: { timeoutMs?: number; isCalled?: boolean; ending?: AbortSignal } = {}): Promise<boolean> => {
  const deps = desk.deps(options)
  return takeTurn(deps, doorOf(deps), options.ending ?? new AbortController().signal)
}
/** The process dies at this barrier, its n-th time: nothing after it happens. */
function dieAt(desk: Receiving, at: Barrier, nth = 1): void {
  let hits = 0
  desk.onStop = async (here) => {
    if (here !== at) return
    hits += 1
    if (hits === nth) throw new Killed()
  }
}
class Killed extends Error {}
const numbersOf = (desk: Receiving): number[] => desk.kept.flatMap((file) => file.items.map(({ n }) => n))
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

describe('hub/receive, a turn at a door', () => {
  it('keeps a file before the partner may lose it, and tells the adapter when the bytes were kept before', async () => {
    const desk = new Receiving()
    const told: string[] = []
    desk.collect = async (_ctx, keep) => {
      told.push(await keep({ name: 'a.271', bytes: numbered(2) }))
      expect(desk.kept).to.have.length(1)
      told.push(await keep({ name: 'again.271', bytes: numbered(2) }))
    }
    expect(await turn(desk)).to.equal(true)
    expect(told).to.deep.equal(['kept', 'known'])
    expect(numbersOf(desk)).to.deep.equal([1, 2])
  })

  it('reads what the partner called with, fetches nothing, and opens no secret for it', async () => {
    const desk = new Receiving()
    let looks = 0
    desk.collect = async () => {
      looks += 1
    }
    await desk.files.keepFile('t1', 'partner.inbox', { name: 'webhook', sha256: 'a', bytes: numbered(3) }, new Date(desk.nowMs))
    expect(await turn(desk, { isCalled: true })).to.equal(true)
    expect(numbersOf(desk)).to.deep.equal([1, 2, 3])
    expect([looks, desk.opened]).to.deep.equal([0, []])
  })

  it('commits a hundred items at a time, in the order of the file', async () => {
    const desk = new Receiving()
    desk.collect = async (_ctx, keep) => void (await keep({ name: 'a', bytes: numbered(230) }))
    await turn(desk)
    expect(desk.kept[0]?.commits).to.deep.equal([100, 100, 30])
    expect(numbersOf(desk)).to.deep.equal(upTo(230))
  })

  for (const [count, commits] of [
    [0, [0]],
    [100, [100, 0]],
  ] as const) {
    it(`comes to the end of a file of ${count} items`, async () => {
      const desk = new Receiving()
      desk.collect = async (_ctx, keep) => void (await keep({ name: 'a', bytes: numbered(count) }))
      await turn(desk)
      expect(desk.kept[0]).to.deep.include({ read: true, commits: [...commits] })
    })
  }

  for (const at of ['receive-kept', 'receive-items', 'receive-recorded'] as const satisfies readonly Barrier[]) {
    it(`goes on where it was when it dies at ${at}: every item once`, async () => {
      const desk = new Receiving()
      let offered = [numbered(150)]
      desk.collect = async (_ctx, keep) => {
        for (const bytes of offered) await keep({ name: 'a', bytes })
        offered = []
      }
      // Read by a process that dies: what its turn does after the barrier is not done.
      const dying = desk.files.readFailed
      desk.files.readFailed = async () => undefined
      dieAt(desk, at, at === 'receive-kept' ? 1 : 2)
      await turn(desk).catch(() => undefined)
      desk.files.readFailed = dying
      desk.onStop = async () => undefined
      desk.nowMs += everyMs
      await turn(desk)
      expect(numbersOf(desk)).to.deep.equal(upTo(150))
      expect(desk.kept).to.have.length(1)
      expect(desk.kept[0]?.read).to.equal(true)
    })
  }

  it('stops at a file that another engine has gone on with meanwhile', async () => {
    const desk = new Receiving()
    desk.collect = async (_ctx, keep) => void (await keep({ name: 'a', bytes: numbered(150) }))
    let commits = 0
    desk.onStop = async (at) => {
      const [file] = desk.kept
      if (at === 'receive-items') commits += 1
      if (at !== 'receive-items' || !file || file.items.length > 0) return
      file.items.push(...upTo(150).map((n) => ({ n })))
      file.read = true
    }
    await turn(desk)
    expect(commits).to.equal(1)
    expect(numbersOf(desk)).to.deep.equal(upTo(150))
    expect(desk.kept[0]?.failed).to.equal(0)
  })

  it('stops between two commits when the engine ends, and the next turn goes on there', async () => {
    const desk = new Receiving()
    desk.collect = async (_ctx, keep) => void (await keep({ name: 'a', bytes: numbered(250) }))
    const ending = new AbortController()
    desk.onStop = async (at) => {
      if (at === 'receive-recorded') ending.abort()
    }
    await turn(desk, { ending: ending.signal })
    expect(desk.kept[0]).to.deep.include({ commits: [100], read: false, failed: 0 })
    desk.onStop = async () => undefined
    desk.nowMs += everyMs
    await turn(desk)
    expect(desk.kept[0]).to.deep.include({ commits: [100, 100, 50], read: true })
    expect(numbersOf(desk)).to.deep.equal(upTo(250))
  })

  it('reads what was kept even when the look itself fails, and logs the fault as a code', async () => {
    const desk = new Receiving()
    desk.collect = async (_ctx, keep) => {
      await keep({ name: 'moreno-ana.271', bytes: numbered(3) })
      throw new PartnerFault('timeout', 'The folder did not answer.', { detail: 'sftp' })
    }
    expect(await turn(desk)).to.equal(true)
    expect(numbersOf(desk)).to.deep.equal([1, 2, 3])
    expect(desk.lines.join('\n')).to.contain('timeout').and.contain('partner.inbox').and.not.contain('moreno').and.not.contain('secret-token')
  })

  it('lets one file that our reader fails at hold up none of the others, and says no word of what stood in it', async () => {
    const desk = new Receiving()
    desk.collect = async (_ctx, keep) => {
      await keep({ name: 'a', bytes: Buffer.from('1\nMoreno\n') })
      await keep({ name: 'b', bytes: numbered(2, 7) })
    }
    await turn(desk)
    expect(desk.kept.map(({ failed, read }) => [failed, read])).to.deep.equal([
      [1, false],
      [0, true],
    ])
    expect(numbersOf(desk)).to.deep.equal([7, 8])
    expect(desk.lines.join('\n')).to.contain('TypeError').and.not.contain('Moreno')
  })

  it('records nothing of an item that is not the contract', async () => {
    const desk = new Receiving()
    desk.collect = async (_ctx, keep) => void (await keep({ name: 'a', bytes: numbered(1) }))
    desk.read = async function* () {
      yield { n: 'Moreno' } as never
    }
    await turn(desk)
    expect(desk.kept[0]).to.deep.include({ items: [], read: false, failed: 1 })
    expect(desk.lines.join('\n')).not.to.contain('Moreno')
  })

  it('does not go on with a file that now gives fewer items than are events already', async () => {
    const desk = new Receiving()
    desk.collect = async (_ctx, keep) => void (await keep({ name: 'a', bytes: numbered(150) }))
    dieAt(desk, 'receive-items', 2)
    const { readFailed } = desk.files
    desk.files.readFailed = async () => undefined
    await turn(desk)
    desk.files.readFailed = readFailed
    desk.onStop = async () => undefined
    desk.read = async function* () {
      yield { n: 1 }
    }
    desk.nowMs += everyMs
    await turn(desk)
    expect(desk.kept[0]).to.deep.include({ failed: 1, read: false })
    expect(numbersOf(desk)).to.deep.equal(upTo(100))
  })

  it('keeps nothing after its time is up, whatever an adapter that does not listen still offers', async () => {
    const desk = new Receiving()
    let late: Promise<unknown> = Promise.resolve()
    desk.collect = (_ctx, keep) => {
      late = new Promise((resolve) => setTimeout(resolve, 700)).then(() => keep({ name: 'late', bytes: numbered(1) }))
      late.catch(() => undefined)
      return new Promise(() => undefined)
    }
    await turn(desk, { timeoutMs: 20 })
    expect(desk.lines.join('\n')).to.contain('timeout')
    const refused = await late.then(
      () => 'kept',
      () => 'refused',
    )
    expect(refused).to.equal('refused')
    expect(desk.kept).to.deep.equal([])
  })

  it('refuses a file that is larger than it may be', async () => {
    const desk = new Receiving()
    desk.collect = async (_ctx, keep) => void (await keep({ name: 'a', bytes: Buffer.alloc(100_001, '1') }))
    await turn(desk)
    expect(desk.kept).to.deep.equal([])
    expect(desk.lines.join('\n')).to.contain('collecting failed on our side')
  })

  it('collects nothing through a connection that is incomplete, and gives its turn back', async () => {
    const desk = new Receiving()
    desk.config = () => ({ on: 'yes' })
    let looked = 0
    desk.collect = async () => {
      looked += 1
    }
    expect(await turn(desk)).to.equal(true)
    desk.nowMs += everyMs
    expect(await turn(desk)).to.equal(true)
    expect(looked).to.equal(0)
  })
})
