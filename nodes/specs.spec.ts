import { createContext, Script } from 'node:vm'
import { adapters } from '@heliox/adapters'
import { operationsOf } from '@heliox/core/kit'
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
      for (const { type, operation } of operationsOf(adapter)) {
        const spec = hubPalette.specs.get(type)
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
  it('registers with the editor what the spec says', () => {
    for (const specs of hubSets.values()) {
      const registered = new Map<string, { inputs: number; outputs: number; outputLabels: string[] }>()
      const RED = {
        nodes: { registerType: (type: string, definition: { inputs: number; outputs: number; outputLabels: string[] }) => registered.set(type, definition) },
      }
      const scripts = editorHtml(specs, hubPalette).matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)
      for (const [, code = ''] of scripts) new Script(code).runInContext(createContext({ RED }))
      for (const spec of specs) {
        const definition = registered.get(spec.type)
        expect(definition?.inputs).to.equal(spec.in === null ? 0 : 1)
        expect(definition?.outputs).to.equal(spec.ports.length)
        expect(definition?.outputLabels).to.have.length(spec.ports.length)
      }
      expect(registered.size).to.equal(specs.length)
    }
  })
  it('lets a consume node take events of one contract only', () => {
    const scripts = [...editorHtml(hubSets.get('hub') ?? [], hubPalette).matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)]
    let valid: ((events: unknown) => boolean) | undefined
    const registerType = (type: string, definition: { defaults: { events?: { validate: (events: unknown) => boolean } } }): void => {
      if (type === 'hub.consume') valid = definition.defaults.events?.validate
    }
    for (const [, code = ''] of scripts) new Script(code).runInContext(createContext({ RED: { nodes: { registerType } } }))
    expect(valid?.(['payment.succeeded.v1', 'payment.failed.v1'])).to.equal(true)
    for (const wrong of [[], undefined, ['payment.succeeded.v1', 'upload.rejected.v1'], ['payment.asked.v1']]) expect(valid?.(wrong)).to.equal(false)
  })
})
