import { z } from 'zod'
import { canonicalJson, limits, sha256Hex } from '../kit/index.ts'

/**
 * A release is one Node-RED flow array, data only: a tab that carries the hub's manifest, and nodes on it. Ids in the file are
 * plain slugs, so that a person can review a diff; `instantiate` makes them unique per (flow, version) before they are deployed.
 */
export const flowLimits = { nodesMax: 200, textCharsMax: 2_000, inFlightMax: 256, namesCharsMax: 80, eventsMax: 40 } as const

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'must be lower case letters, digits and dashes')
const eventTypes = z.array(z.string().max(flowLimits.namesCharsMax)).max(flowLimits.eventsMax)

export const FlowManifest = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'must be lower case letters, digits and dashes'),
  version: z.int().min(1).max(9_999),
  /** Event types that start this flow: exactly those of its consume nodes. */
  enters: eventTypes.min(1),
  /** Event types its applies may write: exactly those. */
  leaves: eventTypes,
  /** A delivery that is not settled by then is settled as overdue. */
  maxSeconds: z.int().min(1).max(limits.flowSecondsMax),
  /** Deliveries of this flow in one engine at a time. */
  maxInFlight: z.int().min(1).max(flowLimits.inFlightMax),
})
export type FlowManifest = z.output<typeof FlowManifest>

const FlowTab = z.strictObject({
  id: slug,
  type: z.literal('tab'),
  label: z.string().min(1).max(flowLimits.namesCharsMax),
  disabled: z.literal(false),
  info: z.string().max(flowLimits.textCharsMax),
  env: z.array(z.never()),
  hub: FlowManifest,
})
type FlowTab = z.output<typeof FlowTab>

/** Properties beyond these belong to the node's type; the checker allows them by name. `x` and `y` are checked there too. */
export const FlowNode = z.looseObject({
  id: slug,
  type: z.string().min(1).max(120),
  z: slug.optional(),
  name: z.string().max(flowLimits.namesCharsMax).optional(),
  x: z.number().optional(),
  y: z.number().optional(),
  wires: z.array(z.array(z.string()).max(flowLimits.nodesMax)).max(20).optional(),
})
export type FlowNode = z.output<typeof FlowNode>

export const FlowRelease = z
  .array(z.union([FlowTab, FlowNode]))
  .max(flowLimits.nodesMax + 1)
  .superRefine((nodes, ctx) => {
    const tabs = nodes.filter((node) => node.type === 'tab')
    if (tabs.length !== 1) ctx.addIssue({ code: 'custom', message: `has ${tabs.length} tabs; a release is exactly one flow` })
    for (const [index, tab] of nodes.entries()) {
      if (tab.type !== 'tab') continue
      // The union takes a broken tab for a loose node; parse it again so that the text names what is wrong with it.
      for (const issue of FlowTab.safeParse(tab).error?.issues ?? []) ctx.addIssue({ code: 'custom', message: issue.message, path: [index, ...issue.path] })
    }
    const seen = new Set<string>()
    for (const [index, node] of nodes.entries()) {
      if (seen.has(node.id)) ctx.addIssue({ code: 'custom', message: `id ${node.id} is there twice`, path: [index, 'id'] })
      seen.add(node.id)
      if ('z' in node ? node.z !== tabs[0]?.id : node.type !== 'tab')
        ctx.addIssue({ code: 'custom', message: `${node.id} is not on the tab`, path: [index, 'z'] })
    }
  })
export type FlowRelease = z.output<typeof FlowRelease>

/** Why a file is no release, one line each; undefined when it is one. */
export function whyUnreadable(json: unknown): string[] | undefined {
  const parsed = FlowRelease.safeParse(json)
  return parsed.success ? undefined : parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`)
}

/** Only the shape; `checkFlow` says whether it may run. */
export function parseRelease(json: unknown): FlowRelease {
  const why = whyUnreadable(json)
  if (why) throw new Error(`not a flow release: ${why.join('; ')}`)
  return FlowRelease.parse(json)
}

export function tabOf(release: FlowRelease): FlowTab {
  return FlowTab.parse(release.find((node) => node.type === 'tab'))
}
export const manifestOf = (release: FlowRelease): FlowManifest => tabOf(release).hub
export const nodesOf = (release: FlowRelease): FlowNode[] => release.filter((node): node is FlowNode => node.type !== 'tab')

/** `eligibility@1` */
export const releaseId = (name: string, version: number): string => `${name}@${version}`

/** Of the whole file, layout included: a release that looks different to a reviewer is a different release. */
export const releaseHash = (release: unknown): string => sha256Hex(canonicalJson(release))

/** What a node's `links` or `scope` may hold besides wires: ids of other nodes. */
const idLists = ['links', 'scope'] as const

/** Node-RED nodes with ids `<flow>@<n>/<id>`: two versions run side by side without sharing an id. */
export function instantiate(release: FlowRelease): Record<string, unknown>[] {
  const { name, version } = manifestOf(release)
  const unique = (id: string): string => `${releaseId(name, version)}/${id}`
  return release.map((node) => {
    if (node.type === 'tab') return { ...node, id: unique(node.id), label: releaseId(name, version) }
    const instance: Record<string, unknown> = { ...node, id: unique(node.id), z: unique(tabOf(release).id) }
    if ('wires' in node && node.wires) instance.wires = node.wires.map((port) => port.map(unique))
    for (const key of idLists) {
      const ids: unknown = instance[key]
      if (Array.isArray(ids)) instance[key] = ids.map((id) => unique(String(id)))
    }
    return instance
  })
}

/** Instantiated id of the consume node that takes this event; undefined when the release does not enter by it. */
export function consumeNodeFor(release: FlowRelease, eventType: string): string | undefined {
  const { name, version } = manifestOf(release)
  const node = nodesOf(release).find((candidate) => candidate.type === 'hub.consume' && eventsOf(candidate).includes(eventType))
  return node && `${releaseId(name, version)}/${node.id}`
}

/** Event types of a consume node; empty when the property is not a list of texts. */
export function eventsOf(node: FlowNode): string[] {
  const events: unknown = node.events
  return Array.isArray(events) && events.every((event) => typeof event === 'string') ? events : []
}
