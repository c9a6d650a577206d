import { X12Problem } from './problem.ts'
import { element, type Segment } from './segments.ts'

/** HL03: 20 information source, 21 receiver, 22 subscriber, 23 dependent. */
export type Level = '20' | '21' | '22' | '23'
export interface HierarchyNode {
  id: string
  level: Level
  parent: HierarchyNode | null
  children: HierarchyNode[]
  /** The segments of this level, without HL and without those of its children. */
  segments: Segment[]
}
export interface Hierarchy {
  /** Before the first HL: BHT. */
  header: readonly Segment[]
  nodes: readonly HierarchyNode[]
}

const parentLevel: Record<Level, Level | null> = { '20': null, '21': '20', '22': '21', '23': '22' }
const isLevel = (text: string): text is Level => Object.hasOwn(parentLevel, text)

/**
 * Builds the tree by HL01 and HL02, never by order, because payers regroup. A child's level fixes its parent's level, so a cycle
 * cannot pass; a missing parent or a repeated id is damage. HL04 is a hint that payers get wrong: not read.
 */
export function buildHierarchy(body: readonly Segment[]): Hierarchy {
  const first = body.findIndex((segment) => segment.tag === 'HL')
  if (first === -1) throw new X12Problem('missing-segment', 'HL')
  const byId = new Map<string, { node: HierarchyNode; parentId: string; at: number }>()
  let current: HierarchyNode | undefined
  for (const segment of body.slice(first)) {
    if (segment.tag !== 'HL') {
      current?.segments.push(segment)
      continue
    }
    const [id, parentId, level] = [element(segment, 1), element(segment, 2), element(segment, 3)]
    if (id === '' || byId.has(id) || !isLevel(level)) throw new X12Problem('hierarchy', `segment ${segment.at}`)
    current = { id, level, parent: null, children: [], segments: [] }
    byId.set(id, { node: current, parentId, at: segment.at })
  }
  for (const { node, parentId, at } of byId.values()) link(node, parentId, byId, at)
  return { header: body.slice(0, first), nodes: [...byId.values()].map(({ node }) => node) }
}

function link(node: HierarchyNode, parentId: string, byId: ReadonlyMap<string, { node: HierarchyNode }>, at: number): void {
  const wanted = parentLevel[node.level]
  const parent = parentId === '' ? null : (byId.get(parentId)?.node ?? 'missing')
  if (parent === 'missing' || (parent?.level ?? null) !== wanted) throw new X12Problem('hierarchy', `segment ${at}`)
  node.parent = parent
  parent?.children.push(node)
}
