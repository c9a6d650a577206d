import { adapters } from '@heliox/adapters'
import { operationType } from '@heliox/core/kit'
import { applies, events } from '@heliox/core/registry'
import { expect } from 'chai'
import { editorHtml } from './editor-html.ts'
import { maps } from './maps.ts'
import { flowPalette, hubPalette, hubSets, nodeSpecs } from './specs.ts'

describe('node specs', () => {
  it('have one node per operation, map and apply, and the hub its own two', () => {
    const operations = adapters.flatMap((adapter) => Object.keys(adapter.operations))
    expect(hubPalette.specs.size).to.equal(operations.length + maps.length + applies.length + 2)
    expect(hubSets.size).to.equal(adapters.length + 3)
  })
  it('give every operation three ways out, in the order the engine sends by', () => {
    for (const adapter of adapters) {
      for (const [name, operation] of Object.entries(adapter.operations)) {
        const spec = hubPalette.specs.get(operationType(adapter.id, name, operation.version))
        expect(spec?.in).to.equal(operation.input.id)
        expect(spec?.ports).to.deep.equal([
          { name: 'ok', contract: operation.output.id },
          { name: 'rejected', contract: operation.rejection.id },
          { name: 'held', contract: 'held' },
        ])
      }
    }
  })
  it('know every contract that a port names', () => {
    const named = [...hubPalette.specs.values()].flatMap((spec) => [spec.in, spec.root, ...spec.ports.map((port) => port.contract)])
    const unknown = named.filter((id) => id && !['held', 'same'].includes(id) && !hubPalette.contracts.has(id))
    expect(unknown).to.deep.equal([])
  })
  it('refuse two things of one name at load', () => {
    const [map] = maps
    if (!map) throw new Error('no maps')
    expect(() => nodeSpecs({ adapters: [], applies: [], maps: [map, map] })).to.throw(`node type map.${map.name}.v1 is there twice`)
    const twin = { ...map, name: 'twin', output: { ...map.output } }
    expect(() => flowPalette({ adapters: [], applies: [], maps: [map, twin], events: [] })).to.throw(`contract ${map.output.id} is there twice`)
  })
  it('let an apply write only events of the registry', () => {
    const written = applies.flatMap((apply) => [...apply.emits] as string[])
    expect(written.filter((type) => !events.some((event) => event.type === type))).to.deep.equal([])
  })
})

describe('editor html', () => {
  it('cannot be left by a text: a summary with markup stays a text', () => {
    const html = editorHtml(
      [{ type: 'map.x.v1', kind: 'map', in: '</script>', ports: [], settlesWhenOpen: false, effect: false, summary: '<b onclick="x">' }],
      hubPalette,
    )
    expect(html).not.to.include('<b onclick')
    expect(html.match(/<\/script>/g)).to.have.length(3)
  })
  it('names every node type once in a set, where the editor looks for it', () => {
    for (const specs of hubSets.values()) {
      const found = [...editorHtml(specs, hubPalette).matchAll(/data-template-name="([^"]+)"/g)].map((match) => match[1])
      expect(found).to.deep.equal(specs.map((spec) => spec.type))
    }
  })
})
