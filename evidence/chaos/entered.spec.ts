import { expect } from 'chai'
import { loadReleases } from '../../flows/index.ts'
import { entered } from './entered.ts'

describe('the deliveries that the count misses', () => {
  it('are those of the newest release of every flow, and no others', () => {
    const newest = new Map(loadReleases().map(({ name, version, manifest }) => [name, { version, enters: manifest.enters }] as const))
    const flowsOf = new Map<string, string[]>()
    for (const [name, { enters }] of newest) for (const event of enters) flowsOf.set(event, [...(flowsOf.get(event) ?? []), name].sort())
    expect(newest.size).to.be.greaterThan(10)
    const sorted = (all: Readonly<Record<string, readonly string[]>>) => Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
    expect(sorted(entered)).to.deep.equal(sorted(Object.fromEntries(flowsOf)))
  })
})
