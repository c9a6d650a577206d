import { type Finding, finding } from './findings.ts'
import { neededTypes } from './trim.ts'

/** Before anything walks through it: how much a resource may be. A chart of twenty years stays well below. */
const bytesMax = 512 * 1024
const depthMax = 40
const entriesMax = 1_000

/** Empty: it may be looked at. Otherwise nothing else is asked of it. */
export function limitsOf(value: unknown): Finding[] {
  const root = resourceTypeOf(value)
  if (depthOf(value, 0) > depthMax) return [finding(root, 'depth')]
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (error) {
    if (error instanceof TypeError) return [finding(root, 'not-json')]
    throw error
  }
  if (text === undefined) return [finding(root, 'not-json')]
  return Buffer.byteLength(text) > bytesMax || longest(value) > entriesMax ? [finding(root, 'size')] : []
}
/** A type that is not written is not named either: it could be any text. */
export const resourceTypeOf = (value: unknown): string => {
  const type = typeof value === 'object' && value !== null ? (value as { resourceType?: unknown }).resourceType : undefined
  return neededTypes.find((needed) => needed === type) ?? 'Resource'
}

const children = (value: unknown): unknown[] => (typeof value === 'object' && value !== null ? Object.values(value) : [])
/** Stops one step beyond the limit, so that what refers to itself ends too. */
function depthOf(value: unknown, depth: number): number {
  if (depth > depthMax) return depth
  return Math.max(depth, ...children(value).map((child) => depthOf(child, depth + 1)))
}
const longest = (value: unknown): number => Math.max(Array.isArray(value) ? value.length : 0, 0, ...children(value).map(longest))
