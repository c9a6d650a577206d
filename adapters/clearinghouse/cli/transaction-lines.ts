import type { Transaction } from '../codec/found.ts'
import { segmentsOf } from '../codec/segment.ts'
import { type TreeNode, treeOf } from '../codec/tree.ts'
import { segmentLine } from './segment-line.ts'
import { printable, problemInWords, setInWords } from './words.ts'

/** A transaction as indented lines: its hierarchy where it has one that verifies, otherwise segment by segment. */
export function* transactionLines(transaction: Transaction, indent: string, mark: string): Generator<string> {
  const { set, control, version, delimiters, at } = transaction
  yield `${indent}${printable(set)} ${setInWords(set)}, number ${printable(control)}, ${printable(version)}, at byte ${at}${mark}`
  for (const problem of transaction.problems) yield `${indent}  ! ${problemInWords(problem)}`
  const segments = segmentsOf(transaction)
  const tree = treeOf(segments, transaction)
  for (const problem of tree.problems) yield `${indent}  ! ${problemInWords(problem)}`
  const line = (segment: readonly string[]): string => segmentLine(segment, delimiters, set)
  if (tree.problems.length > 0) {
    for (const segment of segments.slice(1)) yield `${indent}  ${line(segment)}`
    return
  }
  for (const segment of tree.header.slice(1)) yield `${indent}  ${line(segment)}`
  // A list and no recursion: a file may nest deeper than a stack.
  const open: [node: TreeNode, depth: number][] = tree.roots.map((node): [TreeNode, number] => [node, 1]).reverse()
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, depth] = next
    const inner = indent + '  '.repeat(Math.min(depth, 20))
    yield `${inner}${line(segments[node.at] ?? [])}`
    for (const segment of node.segments) yield `${inner}  ${line(segment)}`
    for (const child of node.children.toReversed()) open.push([child, depth + 1])
  }
}
