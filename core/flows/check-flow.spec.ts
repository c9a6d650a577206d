import { expect } from 'chai'
import { z } from 'zod'
import { defineContract, defineEvent, type NodeSpec } from '../kit/index.ts'
import { checkFlow } from './check-flow.ts'
import type { FlowPalette } from './finding.ts'

/** A palette of its own: the checker knows no partner and no context. */
const Guest = defineContract({ name: 'Guest', version: 1, phi: false, schema: z.object({ mood: z.enum(['glad', 'cross']), loud: z.boolean().nullable() }) })
const Diary = defineContract({ name: 'Diary', version: 1, phi: true, schema: z.object({ mood: z.enum(['glad', 'cross']) }) })
const spec = (type: string, kind: NodeSpec['kind'], input: string | null, ports: string[], more: Partial<NodeSpec> = {}): NodeSpec => ({
  type,
  kind,
  in: input,
  ports: ports.map((contract, index) => ({ name: index === 0 ? 'ok' : contract, contract })),
  settlesWhenOpen: kind === 'apply' || kind === 'hold',
  effect: kind === 'apply' || kind === 'operation',
  summary: '',
  ...more,
})
const specs = [
  spec('hub.consume', 'consume', null, ['same']),
  spec('hub.hold', 'hold', 'held', []),
  spec('map.diary.v1', 'map', 'Guest.v1', ['Diary.v1'], { root: 'Guest.v1' }),
  spec('apply.greet.v1', 'apply', 'Guest.v1', ['same'], { emits: [] }),
  spec('apply.keep.v1', 'apply', 'Diary.v1', ['same'], { emits: [] }),
  spec('bell.ring.v1', 'operation', 'Guest.v1', ['Guest.v1', 'held']),
]
const palette: FlowPalette = {
  specs: new Map(specs.map((s) => [s.type, s])),
  events: new Map([['guest.came.v1', defineEvent({ type: 'guest.came.v1', contract: Guest, context: 'catalog', summary: '' })]]),
  contracts: new Map([Guest, Diary].map((contract) => [contract.id, contract])),
}
const tab = {
  id: 'tab',
  type: 'tab',
  label: 'Guests',
  disabled: false,
  info: '',
  env: [],
  hub: { name: 'guests', version: 1, enters: ['guest.came.v1'], leaves: [], maxSeconds: 5, maxInFlight: 1 },
}
interface Drawn {
  id: string
  type: string
  wires: string[][]
  [key: string]: unknown
}
const flow = (...nodes: Drawn[]): unknown => [tab, ...nodes.map((node) => ({ z: 'tab', name: node.id, x: 10, y: 10, ...node }))]
const came = (to: string): Drawn => ({ id: 'came', type: 'hub.consume', events: ['guest.came.v1'], wires: [[to]] })
const greet = (id = 'greet', wires: string[][] = [[]]): Drawn => ({ id, type: 'apply.greet.v1', wires })
const bySwitch = (property: string, cases: string[], wires: string[][], more: Record<string, unknown> = {}): Drawn => ({
  id: 'by',
  type: 'switch',
  property,
  propertyType: 'msg',
  rules: [...cases.map((v) => (['true', 'false', 'null'].includes(v) ? { t: v } : { t: 'eq', v, vt: 'str' })), { t: 'else' }],
  checkall: 'false',
  repair: false,
  outputs: cases.length + 1,
  wires,
  ...more,
})
const codes = (release: unknown): string[] => checkFlow(release, palette).map((finding) => finding.code)

describe('checkFlow', () => {
  it('lets a flow pass whose every path settles once', () => {
    expect(
      checkFlow(
        flow(came('ring'), { id: 'ring', type: 'bell.ring.v1', wires: [['greet'], ['wait']] }, greet(), { id: 'wait', type: 'hub.hold', wires: [] }),
        palette,
      ),
    ).to.deep.equal([])
  })
  it('sees the contract through junctions and links', () => {
    const through = (target: Drawn): unknown =>
      flow(
        came('out'),
        { id: 'out', type: 'link out', mode: 'link', links: ['in'], wires: [] },
        { id: 'in', type: 'link in', links: ['out'], wires: [['joint']] },
        { id: 'joint', type: 'junction', wires: [['end']] },
        target,
      )
    expect(codes(through(greet('end')))).to.deep.equal([])
    expect(codes(through({ id: 'end', type: 'apply.keep.v1', wires: [[]] }))).to.deep.equal(['wire-mismatch'])
  })
  it('refuses a link that answers a link call, which would settle somewhere else', () => {
    expect(
      codes(
        flow(
          came('out'),
          { id: 'out', type: 'link out', mode: 'return', links: ['in'], wires: [] },
          { id: 'in', type: 'link in', links: [], wires: [['greet']] },
          greet(),
        ),
      ),
    ).to.deep.equal(['property-not-allowed'])
  })
  it('lets a catch lead to a hold, where bugs wait, and to nothing else', () => {
    const catching = (target: string): unknown =>
      flow(came('greet'), greet(), { id: 'bugs', type: 'catch', scope: null, uncaught: false, wires: [[target]] }, { id: 'wait', type: 'hub.hold', wires: [] })
    expect(codes(catching('wait'))).to.deep.equal([])
    expect(codes(catching('greet'))).to.include('wire-mismatch')
  })
  it('counts paths by what can be sent, not by outputs of one switch that meet again', () => {
    const meet = bySwitch('payload.mood', ['glad', 'cross'], [['greet'], ['greet'], ['greet']])
    expect(codes(flow(came('by'), meet, greet()))).to.deep.equal([])
    const apart = bySwitch('payload.mood', ['glad', 'cross'], [['one'], ['two'], ['two']])
    expect(codes(flow(came('by'), apart, greet('one', [['end']]), greet('two', [['end']]), greet('end')))).to.deep.equal(['two-paths-into-effect'])
  })
  it('finds the cases of enums, truth values and what may be absent', () => {
    expect(codes(flow(came('by'), bySwitch('payload.loud', ['true', 'false', 'null'], [['greet'], ['greet'], ['greet'], ['greet']]), greet()))).to.deep.equal(
      [],
    )
    expect(codes(flow(came('by'), bySwitch('payload.loud', ['true'], [['greet'], ['greet']]), greet()))).to.deep.equal(['switch-case-missing'])
    expect(codes(flow(came('by'), bySwitch('payload.mood', ['glad', 'cros'], [['greet'], ['greet'], ['greet']]), greet()))).to.deep.equal([
      'switch-not-typed',
      'switch-case-missing',
    ])
  })
  it('refuses to look into what is sealed on a wire', () => {
    const sealed = flow(
      came('diary'),
      { id: 'diary', type: 'map.diary.v1', wires: [['by']] },
      bySwitch('payload.mood', ['glad', 'cross'], [['keep'], ['keep'], ['keep']]),
      {
        id: 'keep',
        type: 'apply.keep.v1',
        wires: [[]],
      },
    )
    const [finding, ...more] = checkFlow(sealed, palette)
    expect(more).to.deep.equal([])
    expect(finding).to.include({ code: 'switch-not-typed', node: 'by', message: '"by" gets Diary.v1, which is sealed on a wire; map it to codes first.' })
  })
  it('refuses an open output of a switch, which would swallow that case', () => {
    expect(codes(flow(came('by'), bySwitch('payload.mood', ['glad', 'cross'], [['greet'], [], ['greet']]), greet()))).to.deep.equal(['path-never-settles'])
  })
  it('never repeats a suspected secret in its text, also when it is the name of a step', () => {
    for (const key of ['name', 'info']) {
      const [finding] = checkFlow(flow({ ...came('greet'), [key]: 'whsec_abcdefgh12345678' }, greet()), palette)
      expect(finding?.code).to.equal('secret-in-flow')
      expect(finding?.message).not.to.include('whsec')
    }
  })
  it('answers in time when a text is made to be slow', () => {
    const findings = checkFlow(flow({ ...came('greet'), info: 'a'.repeat(1_000_000) }, greet()), palette)
    expect(findings.map((finding) => finding.code)).to.deep.equal(['property-not-allowed'])
  }).timeout(2_000)
  it('walks a flow of the largest size, also when all of it is one circle', () => {
    const ring = Array.from({ length: 199 }, (_, index) => greet(`n${index}`, [[`n${(index + 1) % 199}`]]))
    expect(codes(flow(came('n0'), ...ring))).to.deep.equal(['cycle'])
  })
})
