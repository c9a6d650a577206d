import type { FlowFinding, FlowPalette } from './finding.ts'
import { flowGraph } from './graph.ts'
import { FlowRelease, manifestOf, releaseHash, releaseId, whyUnreadable } from './release.ts'
import { checkContent } from './rules/content.ts'
import { checkManifest } from './rules/manifest.ts'
import { checkNodes } from './rules/nodes.ts'
import { checkPaths } from './rules/paths.ts'
import { checkSwitches } from './rules/switches.ts'
import { checkWires } from './rules/wires.ts'

interface CheckOptions {
  /** What the lock file says of this version, when it was released before. */
  lockedHash?: string
}

/**
 * The one checker: pure, and the same in editor, CLI, CI and engine. No findings means the release may run. A file that is no
 * release at all is said to be just that; everything else is said at once, so that an author needs one round.
 */
export function checkFlow(release: unknown, palette: FlowPalette, options: CheckOptions = {}): FlowFinding[] {
  const why = whyUnreadable(release)
  if (why) return why.map((text) => ({ code: 'release-unreadable', node: null, message: `${text}.` }))
  const flow = FlowRelease.parse(release)
  const graph = flowGraph(flow, palette)
  return [
    ...checkNodes(flow, graph),
    ...checkContent(flow),
    ...checkManifest(graph),
    ...checkWires(graph),
    ...checkPaths(graph),
    ...checkSwitches(graph),
    ...checkReleased(flow, release, options),
  ]
}

/** The hash is of the file as it was given, not of what parsing made of it. */
function checkReleased(flow: FlowRelease, file: unknown, { lockedHash }: CheckOptions): FlowFinding[] {
  if (lockedHash === undefined || lockedHash === releaseHash(file)) return []
  const { name, version } = manifestOf(flow)
  const message = `${releaseId(name, version)} was released and has changed since; take the change back and make it in v${version + 1}.`
  return [{ code: 'released-version-changed', node: null, message }]
}
