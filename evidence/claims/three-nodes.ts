import { setTimeout as sleep } from 'node:timers/promises'
import type { ClaimLine } from '@heliox/docker/local/claim-line'
import { noNamespaces } from '@heliox/docker/local/namespaces'
import { type ClusterNode, type RunningCluster, startCluster } from '@heliox/docker/local/rabbitmq-cluster'
import { OutboxToInbox } from './outbox-to-inbox.ts'
import { withThrowAwayServices } from './throw-away-services.ts'

/** A queue that was made a moment ago does not survive its leader on RabbitMQ 3.10 (hub/bus/README.md). */
const settledMs = 5_000
const flowingMs = 3_000
const strikeWithinMs = 5_000
/** A lost node is noticed by its peers within five seconds, by its clients within ten; then a leader is chosen. */
const recoveredWithinMs = 60_000
const backWithinMs = 60_000
/** How long the others are alone. */
const aloneMs = 5_000

interface Strike {
  name: string
  /** To the node that the clients are connected to. */
  strike(node: ClusterNode): void | Promise<void>
  mend(node: ClusterNode): void | Promise<void>
}

const strikes: readonly Strike[] = [
  { name: 'killed', strike: (node) => node.kill(), mend: (node) => node.revive() },
  { name: 'cut off from its peers', strike: (node) => node.cutFromPeers(), mend: (node) => node.heal() },
  { name: 'cut off from everybody', strike: (node) => node.cutFromAll(), mend: (node) => node.heal() },
]

/**
 * Of three nodes, the one that our clients are connected to is killed; then such a one is cut off from the others, which leaves it a
 * minority that clients still reach; then one is cut off from everybody. Messages flow on through the other two, and nothing is lost or
 * applied twice.
 */
export async function claimThreeNodes({ messages = 30_000 } = {}): Promise<ClaimLine> {
  const missing = noNamespaces()
  if (missing) throw new Error(`three nodes cannot be parted here: ${missing}`)
  return withThrowAwayServices('three-nodes', async ({ folder, processes, postgresUrl, progress }) => {
    progress('starting three nodes, one after another')
    const cluster = await processes.keep(startCluster(folder, 3))
    const flow = await OutboxToInbox.open(postgresUrl, cluster.amqpUrls)
    try {
      const members = cluster.membersMin()
      const share = Math.ceil(messages / strikes.length / 2)
      const add = (overMs: number) => flow.add(Math.min(share, messages - flow.asked), overMs)
      await sleep(settledMs)
      let struck = 0
      const recoverySeconds: number[] = []
      for (const { name, strike, mend } of strikes) {
        add(flowingMs * 1.1)
        await sleep(flowingMs)
        const node = withClients(cluster)
        const inHand = await flow.untilInHand(strikeWithinMs)
        struck += inHand ? 1 : 0
        const struckAtMs = performance.now()
        await strike(node)
        progress(`node ${node.index + 1} ${name}, with ${inHand?.unconfirmed ?? 0} unconfirmed, ${inHand?.unsettled ?? 0} unsettled; ${flow.text}`)
        add(aloneMs)
        // Not while its socket still holds what it has answered before.
        await untilLeft(node)
        const recoveredMs = await flow.untilConfirmedSince(performance.now(), recoveredWithinMs)
        recoverySeconds.push((performance.now() - struckAtMs) / 1000)
        progress(`flowing ${Math.round(performance.now() - struckAtMs)} ms later (${Math.round(recoveredMs)} ms after the clients left); ${flow.text}`)
        await sleep(aloneMs)
        await mend(node)
        await untilAnswers(node)
        progress(`node ${node.index + 1} is back; ${flow.text}`)
      }
      const drained = await flow.drained(120_000)
      const counts = await flow.counts()
      const { rows, deliveries, effects } = flow.figures
      const ok = drained && rows === messages && members === 3 && struck === strikes.length && Object.values(counts).every((count) => count === 0)
      const figures = { messages: rows, members, struck, again: deliveries - effects, recoverySeconds: Math.max(...recoverySeconds), ...counts }
      return { name: 'effects.three-nodes', figures, ok }
    } finally {
      await flow.close()
    }
  })
}

function withClients({ nodes }: RunningCluster): ClusterNode {
  const [most] = nodes.toSorted((a, b) => b.clients() - a.clients())
  if (!most) throw new Error('no nodes')
  return most
}

async function untilLeft(node: ClusterNode): Promise<void> {
  for (const deadlineMs = performance.now() + recoveredWithinMs; node.clients() > 0; await sleep(100)) {
    if (performance.now() > deadlineMs) throw new Error(`clients stayed at node ${node.index + 1}`)
  }
}

async function untilAnswers(node: ClusterNode): Promise<void> {
  for (const deadlineMs = performance.now() + backWithinMs; !(await node.answers()); await sleep(250)) {
    if (performance.now() > deadlineMs) throw new Error(`node ${node.index + 1} did not come back`)
  }
}
