import { setTimeout as sleep } from 'node:timers/promises'
import type { ClaimLine } from '@heliox/docker/local/claim-line'
import { freePorts } from '@heliox/docker/local/ports'
import { startRabbitMq } from '@heliox/docker/local/rabbitmq'
import { OutboxToInbox } from './outbox-to-inbox.ts'
import { withThrowAwayServices } from './throw-away-services.ts'

const killedAfterMs = 3_000
/** How long what is on its way is waited for, so that a kill takes something away. */
const strikeWithinMs = 2_000
const recoveredWithinMs = 30_000

/** The broker is killed with -9 again and again, three seconds after it answers, while messages flow: none is lost, none applied twice. */
export async function claimBrokerKills({ messages = 100_000, kills = 20 } = {}): Promise<ClaimLine> {
  return withThrowAwayServices('broker-kills', async ({ folder, processes, postgresUrl, progress }) => {
    const port = (await freePorts()).rabbitmq
    progress('starting a broker and migrating a database')
    const { first, service } = await processes.keepKillable(() => startRabbitMq(folder, port))
    const flow = await OutboxToInbox.open(postgresUrl, first.amqpUrl)
    try {
      // One half is committed while the broker is away, the other until a little after it is killed again.
      const half = Math.ceil(messages / kills / 2)
      const add = (overMs: number) => flow.add(Math.min(half, messages - flow.asked), overMs)
      const recoveries: Promise<number>[] = []
      let answeredAtMs = performance.now()
      let struck = 0
      let taken = 0
      add(killedAfterMs)
      for (let killed = 0; killed < kills; killed += 1) {
        add(killedAfterMs * 1.1)
        await sleep(answeredAtMs + killedAfterMs - performance.now())
        const inHand = await flow.untilInHand(strikeWithinMs)
        await service.kill()
        struck += inHand ? 1 : 0
        taken += inHand ? inHand.unconfirmed + inHand.unsettled : 0
        progress(`kill ${killed + 1} of ${kills} took ${inHand?.unconfirmed ?? 0} unconfirmed, ${inHand?.unsettled ?? 0} unsettled; ${flow.text}`)
        if (killed + 1 < kills) add(killedAfterMs)
        await service.revive()
        answeredAtMs = performance.now()
        const recovery = flow.untilConfirmedSince(answeredAtMs, recoveredWithinMs)
        // Heard of at the end.
        recovery.catch(() => undefined)
        recoveries.push(recovery)
      }
      const recoverySeconds = Math.max(...(await Promise.all(recoveries))) / 1000
      const drained = await flow.drained(120_000)
      const counts = await flow.counts()
      const { rows, deliveries, effects } = flow.figures
      const ok = drained && rows === messages && struck === kills && Object.values(counts).every((count) => count === 0)
      const figures = { messages: rows, kills, struck, taken, again: deliveries - effects, recoverySeconds, ...counts }
      return { name: 'effects.broker-kills', figures, ok }
    } finally {
      await flow.close()
    }
  })
}
