import type { FlowFinding, FlowRule } from '../finding.ts'
import { label } from '../graph.ts'
import { type FlowNode, type FlowRelease, flowLimits, manifestOf, tabOf } from '../release.ts'

/** What no text of a release may look like, wherever it stands: names, comments and notes are read, copied and logged like the rest. */
const refused: readonly { code: FlowRule; pattern: RegExp; instead: string }[] = [
  { code: 'environment-in-flow', pattern: /\$\{|\$env\(/i, instead: 'settings belong to the process or to the connection of the tenant' },
  {
    code: 'host-in-flow',
    pattern:
      /[a-z][a-z0-9+.-]*:\/\/|\blocalhost\b|\b\d{1,3}(\.\d{1,3}){3}\b|\b([a-z0-9-]+\.)+(com|net|org|io|dev|app|cloud|health|local|internal|example|gov|edu)\b/i,
    instead: 'the connection of the tenant says where a partner is',
  },
  {
    code: 'tenant-in-flow',
    pattern: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/i,
    instead: 'an activation says for which tenant a release runs',
  },
  {
    code: 'secret-in-flow',
    pattern:
      /-----BEGIN|\b(sk|rk|pk|whsec)_[A-Za-z0-9_]{8,}|\bAKIA[0-9A-Z]{12,}|\beyJ[A-Za-z0-9_-]{16,}|\b(password|secret|api[-_ ]?key|token)\s*[:=]|[A-Za-z0-9+/]{40,}/i,
    instead: 'secrets are sealed in the connection of the tenant',
  },
  { code: 'code-in-flow', pattern: /\bfunction\s*\(|=>|\breturn\b.*;|\brequire\s*\(|<script/i, instead: 'write a typed map in nodes/map' },
]

/** Property kinds of Node-RED's typed inputs that run or read something outside the message. */
const refusedKinds: Readonly<Record<string, { code: FlowRule; instead: string }>> = {
  jsonata: { code: 'code-in-flow', instead: 'choose by a typed outcome' },
  env: { code: 'environment-in-flow', instead: 'settings belong to the process or to the connection of the tenant' },
  flow: { code: 'context-in-flow', instead: 'facts come with the event or are read by a map' },
  global: { code: 'context-in-flow', instead: 'facts come with the event or are read by a map' },
}
const kindKeys = ['propertyType', 'vt', 'v2t']
/** Checked by their own rules against lists of known words. */
const notText = ['type', 'z', 'wires', 'links', 'scope', 'property', 'x', 'y']

export function checkContent(release: FlowRelease): FlowFinding[] {
  const tab = tabOf(release)
  return release.flatMap((node) => {
    const id = node.id === tab.id ? null : node.id
    return textsIn(node).flatMap(({ key, text }) => offences(key, text).map(({ code, instead }) => found(code, id, whereIs(release, node, key), key, instead)))
  })
}

/** The text itself stays out of the message, also when it is the name: it may be a secret. */
function whereIs(release: FlowRelease, node: FlowRelease[number], key: string): string {
  if (node.type === 'tab') return `The tab of ${manifestOf(release).name}`
  return key === 'name' || key === 'id' ? `A ${node.type} node` : label(node as FlowNode)
}
const found = (code: FlowRule, node: string | null, where: string, key: string, instead: string): FlowFinding => ({
  code,
  node,
  message: `${where} has ${whatIs[code] ?? 'something'} in "${key}"; take it out: ${instead}.`,
})
const whatIs: Partial<Record<FlowRule, string>> = {
  'environment-in-flow': 'a reference to the environment',
  'host-in-flow': 'a host or a URL',
  'tenant-in-flow': 'an id of a tenant or a person',
  'secret-in-flow': 'what looks like a secret',
  'code-in-flow': 'code',
  'context-in-flow': 'a context store',
  'property-not-allowed': `more than ${flowLimits.textCharsMax} characters`,
}

function offences(key: string, text: string): { code: FlowRule; instead: string }[] {
  // The patterns below look at every place of a text; the limit keeps that cheap.
  if (text.length > flowLimits.textCharsMax) return [{ code: 'property-not-allowed', instead: 'keep long explanations in NOTES.md' }]
  const kind = kindKeys.includes(key) && Object.hasOwn(refusedKinds, text) ? refusedKinds[text] : undefined
  return [...(kind ? [kind] : []), ...refused.filter(({ pattern }) => pattern.test(text))]
}

function textsIn(value: unknown, key = ''): { key: string; text: string }[] {
  if (typeof value === 'string') return [{ key, text: value }]
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, key))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => (key === '' && notText.includes(name) ? [] : textsIn(inner, name)))
}
