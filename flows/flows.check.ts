import { adapters } from '@heliox/adapters'
import { checkFlow, type FlowRelease, nodesOf, releaseId } from '@heliox/core/flows'
import { events } from '@heliox/core/registry'
import { hubPalette } from '@heliox/nodes/specs'
import { expect } from 'chai'
import { generate } from './gen.ts'
import { flowsCheck, loadReleases, readLock, stepWords } from './index.ts'

const releases = loadReleases()
const lock = readLock()

describe('shipped flows', () => {
  for (const { name, version, hash, release } of releases) {
    const id = releaseId(name, version)
    it(`${id} passes the checker and is as it was released`, () => {
      expect(lock[id], `run make gen to lock ${id}`).to.equal(hash)
      expect(checkFlow(release, hubPalette, { lockedHash: lock[id] })).to.deep.equal([])
    })
    it(`${id} is refused when any one of its wires is taken out`, () => {
      for (const [what, broken] of withoutEachWire(release)) expect(checkFlow(broken, hubPalette), what).not.to.deep.equal([])
    })
    it(`${id} is refused when any one of its nodes is taken out`, () => {
      for (const node of nodesOf(release)) {
        const broken = release.filter((other) => other.id !== node.id)
        expect(checkFlow(broken, hubPalette), `without ${node.id}`).not.to.deep.equal([])
      }
    })
  }
  it('keeps every locked release on disk', () => {
    expect(Object.keys(lock).sort()).to.deep.equal(releases.map(({ name, version }) => releaseId(name, version)).sort())
    expect(generate()['flows/flows.lock.json']).to.equal(`${JSON.stringify(lock, null, 2)}\n`)
  })
  it('say of each step that asks a partner or writes down what followed, in words for who knows nothing of the hub, what it does', () => {
    const speaks = (type: string): boolean => ['operation', 'apply'].includes(hubPalette.specs.get(type)?.kind ?? '')
    const steps = releases.flatMap(({ name, release }) => nodesOf(release).flatMap((node) => (speaks(node.type) ? [`${name}/${node.name ?? node.id}`] : [])))
    expect(Object.keys(stepWords).sort(), 'write its words in flows/step-words.ts, then make gen').to.deep.equal([...new Set(steps)].sort())
    for (const [step, words] of Object.entries(stepWords)) expect(words, step).to.match(/^[A-Z].{3,79}[^.]$/)
  })
  it('says one line per flow and no findings on the command line', () => {
    const lines: string[] = []
    expect(flowsCheck((line) => lines.push(line))).to.equal(0)
    expect(lines).to.have.length(releases.length)
    for (const line of lines) expect(line).to.match(/^flow [a-z-]+@\d+ [0-9a-f]{12} nodes=\d+ ok$/)
  })
})

describe('the journey of one intake through the flows', () => {
  const receivedEvents = adapters.flatMap((adapter) => Object.values(adapter.receive).map((receiver) => receiver.event))
  const enteredBy = new Map(releases.flatMap(({ name, manifest }) => manifest.enters.map((event) => [event, name] as const)))
  /** Events that may follow when a flow is entered by `event`, flow by flow. */
  const follow = (event: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(event)) return seen
    seen.add(event)
    for (const { manifest } of releases) if (manifest.enters.includes(event)) for (const next of manifest.leaves) follow(next, seen)
    return seen
  }
  it('reaches a verdict, the chart, the card and the notices from one submit', () => {
    expect([...follow('intake.submitted.v1')]).to.include.members([
      'visit.prepared.v1',
      'eligibility.requested.v1',
      'eligibility.succeeded.v1',
      'eligibility.failed.v1',
      'ehr.writeback.completed.v1',
      'ehr.writeback.failed.v1',
      'payment.requested.v1',
      'payment.succeeded.v1',
      'payment.failed.v1',
      'notification.written.v1',
    ])
  })
  it('reaches a verdict on each photo from its upload, and a notice when it is refused', () => {
    expect([...follow('upload.completed.v1')]).to.include.members(['upload.cleared.v1', 'upload.rejected.v1', 'notification.written.v1'])
  })
  it('asks each partner in exactly one flow, whatever its version, and leaves no partner out', () => {
    const operations = [...hubPalette.specs.values()].filter((spec) => spec.kind === 'operation').map((spec) => spec.type)
    // A canary asks by the door that it watches.
    const asking = releases.filter(({ name }) => name !== 'payer-canary')
    const flowsOf = (type: string) => new Set(asking.filter(({ release }) => nodesOf(release).some((node) => node.type === type)).map(({ name }) => name))
    expect(operations.map((type) => [type, flowsOf(type).size])).to.deep.equal(operations.map((type) => [type, 1]))
  })
  it('lets card and cover go their own ways: nothing of the one begins, or waits for, anything of the other', () => {
    const ofMoney = /^(payment|charge|refund|stripe)\./
    const ofCover = /^eligibility\./
    for (const [event] of enteredBy) {
      const after = [...follow(event)]
      if (ofMoney.test(event))
        expect(
          after.filter((one) => ofCover.test(one)),
          event,
        ).to.deep.equal([])
      if (ofCover.test(event))
        expect(
          after.filter((one) => ofMoney.test(one)),
          event,
        ).to.deep.equal([])
    }
    // One flow asks one of the two partners only, so that neither's breaker or hold stops the other.
    for (const { name, release } of releases) {
      const partners = new Set(nodesOf(release).map(({ type }) => type.split('.')[0]))
      expect(partners.has('stripe') && partners.has('clearinghouse'), name).to.equal(false)
    }
  })
  it('takes what each partner leaves for us into exactly one flow', () => {
    const entered = receivedEvents.map((event) => new Set(releases.filter(({ manifest }) => manifest.enters.includes(event)).map(({ name }) => name)).size)
    expect(entered).to.deep.equal(receivedEvents.map(() => 1))
  })
  it('enters no flow by an event that neither a flow nor an edge of the hub writes', () => {
    // A patient submits, puts details right or asks for a code, a person decides, an upload is complete, a batch or a canary is due, a partner's file is read.
    const people = ['intake.submitted.v1', 'intake.corrected.v1', 'case.decided.v1', 'upload.completed.v1', 'intake.code-asked.v1']
    // Staff charge and give back; a later try, an instalment, a patient's page or a question about a method or a charge is due.
    const money = ['charge.requested.v1', 'charge.page-due.v1', 'charge.check-due.v1', 'refund.requested.v1', 'payment.check-due.v1']
    const edges = [...people, ...money, 'eligibility.batch-closed.v1', 'payer.canary-due.v1', ...receivedEvents]
    const written = new Set([...releases.flatMap(({ manifest }) => manifest.leaves), ...edges])
    expect([...enteredBy.keys()].filter((event) => !written.has(event))).to.deep.equal([])
    expect([...written].filter((event) => !events.some(({ type }) => type === event))).to.deep.equal([])
  })
  it('cannot go round in circles: no flow is entered by what it or a later flow writes, but where that ends by itself', () => {
    // Why each of these ends.
    const endsByItself: Readonly<Record<string, string>> = {
      'ehr.writeback-again.v1': 'a chart that appeared is searched again at most three times',
      'ehr.booking-due.v1': 'noting a booking asks for it once, and taking it asks for nothing',
      'legacy.appointment-due.v1': 'reading an appointment asks for nothing; what asks is an entry of the feed, or a comparison',
      'schedule.compare-due.v1': 'the next page of a list, until its last',
      'message.requested.v1': 'a text that does not arrive becomes one mail, and a mail becomes nothing',
      'schedule.handover-step.v1': 'closed, then opened, and nothing after that',
    }
    for (const { name, manifest } of releases) {
      const after = new Set(manifest.leaves.flatMap((event) => [...follow(event)]))
      expect(
        manifest.enters.filter((event) => after.has(event) && !(event in endsByItself)),
        name,
      ).to.deep.equal([])
    }
  })
})

function withoutEachWire(release: FlowRelease): [string, FlowRelease][] {
  return nodesOf(release).flatMap((node) =>
    (node.wires ?? []).flatMap((port, index) =>
      port.map((target): [string, FlowRelease] => {
        const wires = (node.wires ?? []).map((ids, at) => (at === index ? ids.filter((id) => id !== target) : ids))
        return [`${node.id} -> ${target}`, release.map((other) => (other.id === node.id ? { ...node, wires } : other))]
      }),
    ),
  )
}
