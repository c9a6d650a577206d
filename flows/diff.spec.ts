import { nodesOf } from '@heliox/core/flows'
import { expect } from 'chai'
import { diffReleases, flowsDiff } from './diff.ts'
import { loadReleases } from './releases.ts'

const eligibility = () => {
  const found = loadReleases().find(({ name, version }) => name === 'eligibility' && version === 1)
  if (!found) throw new Error('eligibility@1 is gone')
  return structuredClone(found.release)
}

describe('flows diff', () => {
  it('says nothing when only the layout moved', () => {
    const moved = eligibility()
    for (const node of nodesOf(moved)) node.x = (node.x ?? 0) + 40
    expect(diffReleases(eligibility(), moved)).to.deep.equal([])
  })
  it('tells which node came, went, or is wired otherwise', () => {
    const changed = eligibility().filter((node) => node.id !== 'record-rejection')
    for (const node of nodesOf(changed)) if (node.id === 'rejection') node.wires = [['record-answer']]
    expect(diffReleases(eligibility(), changed)).to.deep.equal([
      '- record-rejection (apply.billing.record-eligibility.v1, "record rejection")',
      '~ rejection (map.eligibility-rejection-record.v1, "read rejection") wires: [["record-rejection"]] -> [["record-answer"]]',
    ])
    expect(diffReleases(changed, eligibility())[0]).to.match(/^\+ record-rejection/)
  })
  it('tells what the manifest promises otherwise', () => {
    const slower = eligibility()
    const tab = slower[0]
    if (!tab || !('hub' in tab)) throw new Error('the tab is not first')
    Object.assign(tab, { hub: { ...(tab.hub as object), version: 2, maxSeconds: 90 } })
    expect(diffReleases(eligibility(), slower)).to.deep.equal(['~ maxSeconds: 60 -> 90'])
  })
  it('answers 2 with the names there are when one of the two is not there', () => {
    const lines: string[] = []
    expect(flowsDiff('eligibility@1', 'eligibility@99', (line) => lines.push(line))).to.equal(2)
    expect(lines.join()).to.match(/^there is no eligibility@99; there are .*eligibility@1/)
    expect(flowsDiff('eligibility@1', 'eligibility@1', (line) => lines.push(line))).to.equal(0)
  })
})
