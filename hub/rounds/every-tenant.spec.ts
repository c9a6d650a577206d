import type { Log } from '@heliox/core/kit'
import { expect } from 'chai'
import { type EveryTenant, everyTenant } from './every-tenant.ts'

const region = 'us-east'
const facts = (id: string) => ({ id, slug: id, name: id, region: id.startsWith('eu') ? 'eu-west' : region, timeZone: 'UTC', npi: '1234567893' })

function begin(of: Pick<EveryTenant, 'due' | 'run'> & Partial<EveryTenant>) {
  const lines: { level: string; about: Record<string, unknown>; text: string }[] = []
  const log = Object.fromEntries(
    ['warn', 'error'].map((level) => [level, (about: Record<string, unknown>, text: string) => lines.push({ level, about, text })]),
  )
  const connections = { tenant: async (id: string) => facts(id) }
  const loop = everyTenant({ what: 'a round', region, connections, log: log as unknown as Log, roundMs: 1, placesMax: 2, ...of })
  return { loop, lines }
}
async function until(good: () => boolean): Promise<void> {
  const endMs = performance.now() + 5_000
  while (!good()) {
    if (performance.now() > endMs) throw new Error('not within 5 s')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
describe('hub/rounds, every tenant', () => {
  it('a clinic that hangs keeps its own place, and all others go on', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    const turns: string[] = []
    const { loop } = begin({
      due: async () => ['slow', 'us-1', 'us-2', 'us-3'],
      run: async (tenantId) => {
        turns.push(tenantId)
        if (tenantId === 'slow') await opened
      },
    })
    await until(() => turns.filter((id) => id === 'us-3').length >= 3)
    expect(turns.filter((id) => id === 'slow')).to.have.length(1)
    open()
    await loop.close()
  })

  it('with more clinics than places, each has its turn before anybody has a second one, and never more at once', async () => {
    const all = ['us-1', 'us-2', 'us-3', 'us-4', 'us-5', 'us-6', 'us-7']
    const turns: string[] = []
    let [inside, insideMax] = [0, 0]
    const { loop } = begin({
      due: async () => all,
      run: async (tenantId) => {
        turns.push(tenantId)
        inside += 1
        insideMax = Math.max(insideMax, inside)
        await new Promise((resolve) => setTimeout(resolve, 2))
        inside -= 1
      },
    })
    await until(() => turns.length >= 21)
    await loop.close()
    expect(turns.slice(0, 7).sort()).to.deep.equal(all)
    expect(insideMax).to.equal(2)
  })

  it('a clinic that fails is logged by its id and comes again; another region’s is never touched', async () => {
    const turns: string[] = []
    const { loop, lines } = begin({
      due: async () => ['eu-1', 'us-1', 'us-2'],
      run: async (tenantId) => {
        turns.push(tenantId)
        if (tenantId === 'us-1') throw new Error('no')
      },
    })
    await until(() => turns.filter((id) => id === 'us-1').length >= 2 && turns.includes('us-2'))
    await loop.close()
    expect(turns).not.to.include('eu-1')
    expect(lines[0]).to.deep.include({ level: 'error', text: 'a round failed on our side; later again' })
    expect(lines.map(({ about }) => about.tenantId))
      .to.include('us-1')
      .and.not.include('us-2')
  })

  it('close begins nothing more and waits for what was begun', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    const turns: string[] = []
    const ended: string[] = []
    const { loop } = begin({
      placesMax: 1,
      due: async () => ['us-1', 'us-2'],
      run: async (tenantId, ending) => {
        turns.push(tenantId)
        await opened
        expect(ending.aborted).to.equal(true)
        ended.push(tenantId)
      },
    })
    await until(() => turns.length === 1)
    const closed = loop.close()
    open()
    await closed
    expect(turns).to.deep.equal(['us-1'])
    expect(ended).to.deep.equal(['us-1'])
  })
})
