import type { Segment, Transaction } from './found.ts'
import type { Problem } from './problem.ts'
import { element, segmentAt } from './segment.ts'

/** One HL and the segments that follow it, up to the next HL. */
export interface TreeNode {
  /** HL01. */
  id: string
  /** HL03: 20 information source, 21 receiver, 22 subscriber, 23 dependent; open, since other sets have others. */
  level: string
  /** Index of the HL among the segments, 0 is the ST. */
  at: number
  parent: TreeNode | null
  children: TreeNode[]
  /** Its own, without the HL, without those of its children, without the SE. */
  segments: Segment[]
}
interface Tree {
  /** ST and what comes before the first HL. */
  header: readonly Segment[]
  /** In file order. */
  nodes: readonly TreeNode[]
  roots: readonly TreeNode[]
  /** Empty, or the tree cannot be relied on at all. */
  problems: readonly Problem[]
}

/** Which level stands under which, in eligibility sets. Null is the top. */
const parentLevels: ReadonlyMap<string, string | null> = new Map([
  ['20', null],
  ['21', '20'],
  ['22', '21'],
  ['23', '22'],
])

/**
 * The hierarchy by HL01 and HL02, never by order, because payers regroup. A missing parent, an id that comes twice, a cycle, or in
 * eligibility a wrong level above, is a problem. HL04 is a hint that payers get wrong: not read. A set without HL has no nodes.
 */
export function treeOf(segments: readonly Segment[], transaction: Transaction): Tree {
  const header: Segment[] = []
  const nodes: TreeNode[] = []
  const parentIds: string[] = []
  let own = header
  segments.forEach((segment, at) => {
    if (segment[0] === 'HL') {
      const node: TreeNode = { id: element(segment, 1), level: element(segment, 3), at, parent: null, children: [], segments: [] }
      nodes.push(node)
      parentIds.push(element(segment, 2))
      own = node.segments
    } else if (segment[0] !== 'SE') own.push(segment)
  })
  const wrong = link(nodes, parentIds, transaction.set === '270' || transaction.set === '271')
  const problems = wrong.map((node): Problem => ({ code: 'hierarchy', at: segmentAt(transaction, node.at), place: `segment ${node.at + 1}` }))
  return { header, nodes, roots: nodes.filter((node) => node.parent === null), problems }
}

/** Joins children to parents and returns the nodes that cannot be where they say they are. */
function link(nodes: readonly TreeNode[], parentIds: readonly string[], eligibility: boolean): TreeNode[] {
  const byId = new Map<string, TreeNode>()
  const wrong = new Set<TreeNode>()
  for (const node of nodes) {
    if (node.id === '' || byId.has(node.id)) wrong.add(node)
    else byId.set(node.id, node)
  }
  for (const [n, node] of nodes.entries()) {
    const parentId = parentIds[n] ?? ''
    const parent = parentId === '' ? null : byId.get(parentId)
    // A level that eligibility does not have has no level above it either: `undefined` equals nothing.
    const fits = parent !== undefined && parent !== node && (!eligibility || parentLevels.get(node.level) === (parent?.level ?? null))
    if (!fits) wrong.add(node)
    else {
      node.parent = parent
      parent?.children.push(node)
    }
  }
  for (const node of inCycles(nodes)) wrong.add(node)
  return nodes.filter((node) => wrong.has(node))
}

/** Nodes from which no way leads to a root. */
function inCycles(nodes: readonly TreeNode[]): TreeNode[] {
  const reached = new Set<TreeNode>()
  const open = nodes.filter((node) => node.parent === null)
  for (let node = open.pop(); node; node = open.pop()) {
    reached.add(node)
    for (const child of node.children) open.push(child)
  }
  return nodes.filter((node) => !reached.has(node))
}
