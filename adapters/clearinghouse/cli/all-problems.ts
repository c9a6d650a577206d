import { type Found, problemsOf } from '../codec/found.ts'
import type { Problem } from '../codec/problem.ts'
import { segmentsOf } from '../codec/segment.ts'
import { treeOf } from '../codec/tree.ts'

/** Those of the envelope, and those of the hierarchy inside. */
export function allProblemsOf(found: Found): readonly Problem[] {
  if (found.is !== 'transaction') return problemsOf(found)
  return [...problemsOf(found), ...treeOf(segmentsOf(found.transaction), found.transaction).problems]
}
