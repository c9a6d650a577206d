import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { openApiDocument, refusalsOf } from './openapi.ts'
import { apiRoutes } from './routes/registry.ts'

type Operation = { operationId: string; tags: string[]; responses: Record<string, unknown>; parameters: { name: string; in: string }[] }

describe('the OpenAPI document', () => {
  const document = openApiDocument() as {
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, unknown>; responses: Record<string, unknown> }
  }
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path))

  it('is the committed one; run `make gen` after a change of a route', () => {
    const committed = readFileSync(new URL('./openapi.json', import.meta.url), 'utf8')
    expect(committed === `${JSON.stringify(openApiDocument(), null, 2)}\n`, 'api/openapi.json is stale: run make gen').to.equal(true)
  })

  it('names every route once, with a verb first, one tag and one success', () => {
    const ids = operations.map((operation) => operation.operationId)
    expect(ids).to.have.lengthOf(apiRoutes.length)
    expect(new Set(ids).size).to.equal(ids.length)
    for (const operation of operations) {
      expect(operation.operationId).to.match(
        /^(open|change|forget|set|handOver|giveUp|request|complete|submit|get|stream|sign|list|create|resolve|close|send|requeue|save|decide|undo|approve|refuse|claim|release|remove|plan|start|stop|resume|revoke|show|import|withdraw|end|ask|leave|record)[A-Z][A-Za-z]+$/,
      )
      expect(operation.tags).to.have.lengthOf(1)
      expect(Object.keys(operation.responses).filter((status) => status.startsWith('2'))).to.have.lengthOf(1)
    }
  })

  it('refers only to what it holds', () => {
    for (const [, kind, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(schemas|responses)\/([^"]+)"/g)) {
      expect(document.components[kind as 'schemas']).to.have.property(name ?? '')
    }
    expect(JSON.stringify(document)).to.not.contain('$defs')
  })

  it('tells of every refusal that the access of a route brings', () => {
    for (const route of apiRoutes) {
      const refusals = refusalsOf(route)
      if (route.access.by !== 'anyone') expect(refusals, route.operationId).to.include.members([401, 421])
      if (route.body) expect(refusals, route.operationId).to.include.members([400, 413])
      expect(refusals, route.operationId).to.include.members([429, 500])
    }
  })
})
