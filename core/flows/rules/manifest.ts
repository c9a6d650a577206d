import type { FlowFinding } from '../finding.ts'
import { type FlowGraph, label } from '../graph.ts'
import { eventsOf, type FlowNode } from '../release.ts'

/** What the manifest promises to the bus, compared with what the nodes do. */
export function checkManifest(graph: FlowGraph): FlowFinding[] {
  const consumes = graph.nodes.filter((node) => graph.spec(node)?.kind === 'consume')
  const leaves = graph.nodes.flatMap((node) => graph.spec(node)?.emits ?? [])
  return [
    ...consumes.flatMap((node) => checkConsume(graph, node)),
    ...consumedTwice(consumes),
    ...differ('enters-differ', 'enters', 'the consume nodes take', graph.manifest.enters, consumes.flatMap(eventsOf)),
    ...differ('leaves-differ', 'leaves', 'the applies write', graph.manifest.leaves, leaves),
  ]
}

function checkConsume(graph: FlowGraph, node: FlowNode): FlowFinding[] {
  const events = eventsOf(node)
  if (events.length === 0) return [{ code: 'event-unknown', node: node.id, message: `${label(node)} names no events; name at least one.` }]
  const findings: FlowFinding[] = events
    .filter((event) => !graph.palette.events.has(event))
    .map((event) => ({
      code: 'event-unknown',
      node: node.id,
      message: `${label(node)} takes ${event}, which no context writes; use an event of core/registry.`,
    }))
  const contracts = [...new Set(events.flatMap((event) => graph.palette.events.get(event)?.contract.id ?? []))]
  if (contracts.length > 1) {
    const message = `The events of ${label(node)} carry ${contracts.join(' and ')}; make one consume node per contract.`
    findings.push({ code: 'consume-contracts-differ', node: node.id, message })
  }
  return findings
}

function consumedTwice(consumes: readonly FlowNode[]): FlowFinding[] {
  const takenBy = new Map<string, FlowNode>()
  return consumes.flatMap((node) =>
    eventsOf(node).flatMap((event) => {
      const other = takenBy.get(event)
      takenBy.set(event, node)
      if (!other) return []
      const message = `${event} enters at ${label(other)} and at ${label(node)}; let it enter once.`
      return [{ code: 'event-consumed-twice', node: node.id, message } satisfies FlowFinding]
    }),
  )
}

function differ(code: 'enters-differ' | 'leaves-differ', key: string, who: string, said: readonly string[], done: readonly string[]): FlowFinding[] {
  const extra = said.filter((event) => !done.includes(event))
  const missing = [...new Set(done)].filter((event) => !said.includes(event))
  if (extra.length === 0 && missing.length === 0) return []
  const parts = [
    ...(missing.length > 0 ? [`lacks ${missing.join(', ')}, which ${who}`] : []),
    ...(extra.length > 0 ? [`says ${extra.join(', ')}, which is not what ${who}`] : []),
  ]
  return [{ code, node: null, message: `"${key}" of the manifest ${parts.join('; it ')}; make the two lists equal.` }]
}
