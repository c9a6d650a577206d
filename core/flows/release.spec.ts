import { expect } from 'chai'
import { consumeNodeFor, instantiate, parseRelease, releaseHash, whyUnreadable } from './release.ts'

const tab = {
  id: 'tab',
  type: 'tab',
  label: 'Greeting',
  disabled: false,
  info: '',
  env: [],
  hub: { name: 'greeting', version: 3, enters: ['guest.came.v1', 'guest.left.v1'], leaves: [], maxSeconds: 5, maxInFlight: 2 },
}
const nodes = [
  { id: 'in', type: 'hub.consume', z: 'tab', name: 'guest came', x: 1, y: 1, events: ['guest.came.v1', 'guest.left.v1'], wires: [['out']] },
  { id: 'out', type: 'link out', z: 'tab', name: '', x: 2, y: 1, mode: 'link', links: ['back'], wires: [] },
  { id: 'back', type: 'link in', z: 'tab', name: '', x: 1, y: 2, links: ['out'], wires: [['wait']] },
  { id: 'bugs', type: 'catch', z: 'tab', name: '', x: 1, y: 3, scope: ['wait'], uncaught: false, wires: [['wait']] },
  { id: 'wait', type: 'hub.hold', z: 'tab', name: 'wait for us', x: 2, y: 2, wires: [] },
]
const greeting = () => structuredClone([tab, ...nodes])

describe('a flow release', () => {
  it('gets ids of its own version wherever an id stands, so that two versions run side by side', () => {
    const byType = Object.fromEntries(instantiate(parseRelease(greeting())).map((node) => [node.type, node]))
    expect(byType.tab).to.include({ id: 'greeting@3/tab', label: 'greeting@3' })
    expect(byType['hub.consume']).to.deep.include({ id: 'greeting@3/in', z: 'greeting@3/tab', wires: [['greeting@3/out']] })
    expect(byType['link out']).to.deep.include({ links: ['greeting@3/back'] })
    expect(byType['link in']).to.deep.include({ links: ['greeting@3/out'] })
    expect(byType.catch).to.deep.include({ scope: ['greeting@3/wait'] })
    for (const node of nodes) expect(JSON.stringify(Object.values(byType)), node.id).not.to.include(`"${node.id}"`)
  })
  it('is entered at the node that takes the event', () => {
    expect(consumeNodeFor(parseRelease(greeting()), 'guest.left.v1')).to.equal('greeting@3/in')
    expect(consumeNodeFor(parseRelease(greeting()), 'guest.asked.v1')).to.equal(undefined)
  })
  it('has one hash however its keys are ordered, and another when one wire or one place changes', () => {
    const reordered = greeting().map((node) => Object.fromEntries(Object.entries(node).reverse()))
    expect(releaseHash(parseRelease(reordered))).to.equal(releaseHash(greeting()))
    const moved = greeting()
    Object.assign(moved[1] ?? {}, { x: 9 })
    expect(releaseHash(moved)).not.to.equal(releaseHash(greeting()))
  })
  it('is not unloaded by bad JSON of any kind, but told from it', () => {
    for (const bad of [null, 'text', 7, {}, [], [null], [{}], [tab, { id: 'X!', type: 'hub.hold', z: 'tab' }], [{ ...tab, hub: { ...tab.hub, run: 'now' } }]]) {
      expect(whyUnreadable(bad), JSON.stringify(bad)).to.be.an('array').that.is.not.empty
      expect(() => parseRelease(bad)).to.throw('not a flow release')
    }
  })
  it('holds at most its limit of nodes', () => {
    const many = Array.from({ length: 201 }, (_, index) => ({ id: `n${index}`, type: 'junction', z: 'tab', wires: [[]] }))
    expect(whyUnreadable([tab, ...many])).to.not.equal(undefined)
    expect(whyUnreadable([tab, ...many.slice(1)])).to.equal(undefined)
  })
})
