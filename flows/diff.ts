import { type FlowNode, type FlowRelease, manifestOf, nodesOf, releaseId } from '@heliox/core/flows'
import { canonicalJson } from '@heliox/core/kit'
import { loadReleases } from './releases.ts'

/** What a reviewer wants to know between two releases, in words: layout is not among it. */
export function diffReleases(before: FlowRelease, after: FlowRelease): string[] {
  const was = new Map(nodesOf(before).map((node) => [node.id, node]))
  const is = new Map(nodesOf(after).map((node) => [node.id, node]))
  const manifests = [manifestOf(before), manifestOf(after)].map((manifest) => new Map(Object.entries(manifest)))
  const [old, now] = manifests
  return [
    ...[...(now?.keys() ?? [])].flatMap((key) => {
      const [a, b] = [canonicalJson(old?.get(key)), canonicalJson(now?.get(key))]
      return key === 'version' || a === b ? [] : [`~ ${key}: ${a} -> ${b}`]
    }),
    ...[...was.values()].filter((node) => !is.has(node.id)).map((node) => `- ${say(node)}`),
    ...[...is.values()].filter((node) => !was.has(node.id)).map((node) => `+ ${say(node)}`),
    ...[...is.values()].flatMap((node) => {
      const former = was.get(node.id)
      return former ? changes(former, node).map((change) => `~ ${say(node)} ${change}`) : []
    }),
  ]
}

const say = (node: FlowNode): string => `${node.id} (${node.type}${node.name ? `, "${node.name}"` : ''})`

/** Where a node stands and what tab it is on says nothing about what it does. */
const layout = ['id', 'x', 'y', 'z', 'l']
function changes(before: FlowNode, after: FlowNode): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [a, b] = [canonicalJson(before[key]), canonicalJson(after[key])]
    return layout.includes(key) || a === b ? [] : [`${key}: ${a} -> ${b}`]
  })
}

/** `flows diff eligibility@1 eligibility@2`: 0 when they do the same, 1 when not, 2 when one is not there. */
export function flowsDiff(before: string, after: string, print: (line: string) => void = console.log): 0 | 1 | 2 {
  const releases = new Map(loadReleases().map(({ name, version, release }) => [releaseId(name, version), release]))
  const [a, b] = [releases.get(before), releases.get(after)]
  if (!a || !b) {
    print(`there is no ${a ? after : before}; there are ${[...releases.keys()].join(', ')}`)
    return 2
  }
  const lines = diffReleases(a, b)
  for (const line of lines) print(line)
  if (lines.length === 0) print(`${before} and ${after} do the same`)
  return lines.length === 0 ? 0 : 1
}
