import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkFlow, type FlowRule, flowRules, formatFinding, manifestOf, parseRelease, releaseId } from '@heliox/core/flows'
import { hubPalette } from '@heliox/nodes/specs'
import { expect } from 'chai'

/**
 * `fail/<rule>/flow.json` is a flow somebody could draw; `expected.txt` is what its author is told, all of it. A `lock.json`
 * beside it plays the lock file. To add a rule: name it in `flowRules`, draw the flow, write the text you would like to read.
 */
const folder = join(import.meta.dirname, 'fail')
const read = (rule: string, file: string): string => readFileSync(join(folder, rule, file), 'utf8')

function lockedHash(rule: string, release: unknown): string | undefined {
  if (!existsSync(join(folder, rule, 'lock.json'))) return undefined
  const { name, version } = manifestOf(parseRelease(release))
  return JSON.parse(read(rule, 'lock.json'))[releaseId(name, version)]
}

describe('a broken flow is refused with a text that says what to do', () => {
  it('has one broken flow per rule, and none for a rule that is gone', () => {
    expect(readdirSync(folder).sort()).to.deep.equal(Object.keys(flowRules).sort())
  })
  for (const rule of Object.keys(flowRules) as FlowRule[]) {
    it(`${rule}: ${flowRules[rule]}`, () => {
      const release: unknown = JSON.parse(read(rule, 'flow.json'))
      const findings = checkFlow(release, hubPalette, { lockedHash: lockedHash(rule, release) })
      expect(findings.map((finding) => finding.code)).to.include(rule)
      expect(`${findings.map(formatFinding).join('\n')}\n`).to.equal(read(rule, 'expected.txt'))
    })
  }
})
