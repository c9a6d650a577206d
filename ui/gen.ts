import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile, type JSONSchema } from 'json-schema-to-typescript'

/**
 * Writes `src/client.gen.ts` from `api/openapi.json`: one type per schema, one function per operationId. Ours rather than a
 * kept generator because what we need is a page long and the patient's bundle must hold nothing but the calls it makes.
 */
const here = fileURLToPath(new URL('.', import.meta.url))
const documentFile = join(here, '..', 'api', 'openapi.json')
const clientFile = 'ui/src/client.gen.ts'

type Schema = Record<string, unknown>
interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: Schema
}
interface Content {
  content?: Record<string, { schema?: Schema }>
}
interface OperationObject {
  operationId: string
  summary?: string
  parameters?: Parameter[]
  requestBody?: Content
  responses: Record<string, Content>
}
interface OpenApi {
  paths: Record<string, Record<string, OperationObject>>
  components?: { schemas?: Record<string, Schema> }
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)
/** The document points at its components; the type generator wants definitions. */
const pointAtDefinitions = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('#/components/schemas/', '#/definitions/')) as T
const refName = (schema: Schema): string | undefined => (typeof schema.$ref === 'string' ? schema.$ref.split('/').pop() : undefined)

function objectOf(parameters: Parameter[]): Schema {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(parameters.map((p) => [p.name, p.schema])),
    required: parameters.filter((p) => p.required).map((p) => p.name),
  }
}

/** One call, as text, and the schemas that had no name of their own. */
function operationText(method: string, path: string, operation: OperationObject, definitions: Record<string, Schema>): string {
  const type = (suffix: string, schema: Schema): string => {
    const named = refName(schema)
    if (named) return named
    const name = capital(operation.operationId) + suffix
    definitions[name] = { ...schema, title: name }
    return name
  }
  const parts: string[] = []
  const isRequired: boolean[] = []
  for (const [place, suffix] of [
    ['path', 'Params'],
    ['query', 'Query'],
    ['header', 'Headers'],
  ] as const) {
    const parameters = (operation.parameters ?? []).filter((p) => p.in === place && p.name !== 'authorization')
    if (parameters.length === 0) continue
    const required = parameters.some((p) => p.required)
    isRequired.push(required)
    parts.push(`${place === 'path' ? 'params' : place === 'header' ? 'headers' : 'query'}${required ? '' : '?'}: ${type(suffix, objectOf(parameters))}`)
  }
  const body = operation.requestBody?.content?.['application/json']?.schema
  if (body) {
    isRequired.push(true)
    parts.push(`body: ${type('Body', body)}`)
  }
  const [status, success] = Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? ['204', {}]
  const stream = success.content?.['text/event-stream']
  const answerSchema = stream?.schema ?? success.content?.['application/json']?.schema
  const answer = answerSchema && status !== '204' ? type('Answer', answerSchema) : 'void'
  const summary = operation.summary ? `/** ${operation.summary} */\n` : ''
  if (stream) return `${summary}export const ${operation.operationId}Path = '${path}'\nexport type ${capital(operation.operationId)}Data = ${answer}\n`
  const input = parts.length === 0 ? 'input: Record<string, never> = {}' : `input: { ${parts.join('; ')} }${isRequired.some(Boolean) ? '' : ' = {}'}`
  return `${summary}export const ${operation.operationId} = (${input}, options?: CallOptions): Promise<${answer}> =>\n  call('${method.toUpperCase()}', '${path}', input, options)\n`
}

/** What the form can check before it sends: the same lengths and patterns that the api checks, from the same document. */
function answerRules(submission: Schema | undefined): string {
  type Node = Schema & { properties?: Record<string, Node>; anyOf?: Node[] }
  const rules: Record<string, { maxLength?: unknown; pattern?: unknown }> = {}
  const walk = (node: Node | undefined): void => {
    for (const [name, property] of Object.entries(node?.properties ?? {})) {
      const text = property.anyOf?.find((option) => option.type === 'string') ?? property
      if (text.properties) walk(text)
      else if (text.type === 'string')
        rules[name] = { ...(text.maxLength ? { maxLength: text.maxLength } : {}), ...(text.pattern ? { pattern: text.pattern } : {}) }
    }
  }
  walk(submission as Node | undefined)
  return `/** Lengths and patterns of what a patient types. */\nexport const answerRules = ${JSON.stringify(rules, null, 2)} as const satisfies Record<string, { maxLength?: number; pattern?: string }>\n`
}

/** Every generated file of this folder, by its path from the root; from the committed document when none is handed in. */
export async function generate(text: string = readFileSync(documentFile, 'utf8')): Promise<Record<string, string>> {
  const document = JSON.parse(text) as OpenApi
  // The failure shape is `ApiError` of shared/http.ts, which every call throws; its wire form gets no second name here.
  const { ApiError: _, ...schemas } = document.components?.schemas ?? {}
  const definitions: Record<string, Schema> = { ...schemas }
  const calls: string[] = []
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) calls.push(operationText(method, path, operation, definitions))
  }
  for (const [name, schema] of Object.entries(definitions)) definitions[name] = { ...schema, title: name }
  const types = await compile(pointAtDefinitions({ title: 'Unused', type: 'object', additionalProperties: false, definitions }) as JSONSchema, 'Unused', {
    bannerComment: '',
    unreachableDefinitions: true,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    style: { semi: false, singleQuote: true, printWidth: 160 },
  })
  const typeText = types
    .replace(/export interface Unused \{\s*\}\n?/, '')
    // The generator notes why a type that nothing points at is there; every type here is pointed at by a call.
    .replace(/\/\*\*\n \* This interface was referenced by `Unused`'s JSON-Schema\n \* via the `definition` "[^"]+"\.\n \*\/\n/g, '')
  const rules = answerRules(schemas.IntakeSubmission)
  const head =
    "// Written by `make gen` from api/openapi.json. Do not edit.\nimport { type CallOptions, call } from './shared/http.ts'\n\nexport { ApiError } from './shared/http.ts'\n"
  return { [clientFile]: `${head}\n${typeText.trim()}\n\n${rules}\n${calls.join('\n')}` }
}

if (import.meta.main) {
  for (const [path, content] of Object.entries(await generate())) writeFileSync(join(here, '..', path), content)
}
