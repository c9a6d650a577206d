import { z } from 'zod'
import type { FlowFinding } from '../finding.ts'
import { type FlowGraph, label } from '../graph.ts'
import type { FlowNode } from '../release.ts'

const Rule = z.object({ t: z.string(), v: z.unknown().optional(), vt: z.string().optional() })
const Switch = z.object({ property: z.string(), propertyType: z.string(), rules: z.array(Rule).min(1).max(50), checkall: z.string(), outputs: z.int() })
type Rule = z.output<typeof Rule>

/** A case as JSON text, so that the text "true" and the truth value do not meet. */
type Case = string
const otherwise = 'else'

/** First match, otherwise last, every case of the outcome by name: a case that is added later falls into otherwise, where one sees it. */
export function checkSwitches(graph: FlowGraph): FlowFinding[] {
  return graph.nodes.filter((node) => node.type === 'switch').flatMap((node) => checkSwitch(graph, node))
}

function checkSwitch(graph: FlowGraph, node: FlowNode): FlowFinding[] {
  const find = (code: FlowFinding['code'], message: string): FlowFinding => ({ code, node: node.id, message })
  const parsed = Switch.safeParse(node)
  if (!parsed.success) {
    const what = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
    return [find('switch-not-typed', `${label(node)} has something wrong at ${what}; make it again in the editor.`)]
  }
  const { property, propertyType, rules, checkall, outputs } = parsed.data
  const findings: FlowFinding[] = []
  if (checkall !== 'false') findings.push(find('switch-not-first-match', `${label(node)} checks all rules; set it to stop after the first match.`))
  if (rules.at(-1)?.t !== otherwise || rules.slice(0, -1).some((rule) => rule.t === otherwise)) {
    findings.push(find('switch-without-otherwise', `${label(node)} needs otherwise as its last rule, and only there; lead it to where nothing gets lost.`))
  }
  if (outputs !== rules.length) findings.push(find('switch-not-typed', `${label(node)} has ${rules.length} rules and ${outputs} outputs; make them equal.`))
  const known = casesAt(graph, node, property, propertyType)
  if (typeof known === 'string') return [...findings, find('switch-not-typed', `${label(node)} ${known}`)]
  const named = rules.filter((rule) => rule.t !== otherwise).map(caseOf)
  for (const [index, value] of named.entries()) {
    if (value === undefined || !known.includes(value)) {
      findings.push(find('switch-not-typed', `Rule ${index + 1} of ${label(node)} names no case of ${property}; the cases are ${known.join(', ')}.`))
    }
  }
  const missing = known.filter((value) => !named.includes(value))
  if (missing.length > 0) findings.push(find('switch-case-missing', `${label(node)} does not name ${missing.join(', ')} of ${property}; add a rule for each.`))
  return findings
}

function caseOf(rule: Rule): Case | undefined {
  if (rule.t === 'eq' && rule.vt === 'str' && typeof rule.v === 'string') return JSON.stringify(rule.v)
  return ['true', 'false', 'null'].includes(rule.t) ? rule.t : undefined
}

/** The closed list of cases, or the rest of a sentence that says why there is none. */
function casesAt(graph: FlowGraph, node: FlowNode, property: string, propertyType: string): Case[] | string {
  if (propertyType !== 'msg' || !property.startsWith('payload.')) return 'looks at something other than msg.payload; let it look at a field of the message.'
  const contracts = [...new Set((graph.arrivals.get(node.id) ?? []).map((arrival) => arrival.contract))]
  if (contracts.length === 0) return 'gets no message; wire it.'
  if (contracts.length > 1) return `gets ${contracts.join(' and ')}; give each contract its own switch.`
  const contract = graph.palette.contracts.get(contracts[0] ?? '')
  if (!contract) return `gets ${contracts[0] ?? 'an unknown contract'}, in which there is nothing to choose by; put it behind a map.`
  if (contract.phi) return `gets ${contract.id}, which is sealed on a wire; map it to codes first.`
  const cases = casesOf(z.toJSONSchema(contract.schema, { unrepresentable: 'any' }), property.split('.').slice(1))
  return cases ?? `looks at ${property}, which has no closed list of cases in ${contract.id}; choose by an outcome or a code.`
}

type Json = z.core.JSONSchema.BaseSchema
function casesOf(schema: Json, path: string[]): Case[] | undefined {
  const [head, ...rest] = path
  if (head !== undefined) {
    const next = schema.properties && Object.hasOwn(schema.properties, head) ? schema.properties[head] : undefined
    return typeof next === 'object' ? casesOf(next, rest) : undefined
  }
  if (schema.const !== undefined) return [JSON.stringify(schema.const)]
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value))
  if (schema.type !== undefined) {
    // zod writes a nullable truth value as a list of two types.
    const types: string[] = [schema.type].flat()
    return types.every((type) => type === 'boolean' || type === 'null') ? types.flatMap((type) => (type === 'null' ? ['null'] : ['true', 'false'])) : undefined
  }
  if (!schema.anyOf) return undefined
  const parts = schema.anyOf.map((part) => (typeof part === 'object' ? casesOf(part, []) : undefined))
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined
}
