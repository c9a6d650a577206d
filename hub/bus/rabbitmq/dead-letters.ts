import type { ChannelModel, GetMessage } from 'amqplib'
import { type DeadLetter, deadLettersSeenMax } from '../bus.ts'
import { overLimitReason } from '../delivery.ts'
import { deadQueue } from '../topology.ts'
import { keyOf, optionsOf } from './consumer.ts'
import { closeTimeoutMs, within } from './link.ts'
import { headers } from './names.ts'
import type { Publisher } from './publisher.ts'

interface Death {
  reason?: string
  queue?: string
  time?: { value?: number }
}

/**
 * Calls `see` for messages of the dead queue until it says stop; all of them go back to where they were, since closing the
 * channel returns what was not acked. Two people who look at the same moment see different parts of the list.
 */
async function walk(model: ChannelModel, queue: string, limit: number, see: (message: GetMessage, ack: () => void) => Promise<'on' | 'stop'>): Promise<void> {
  const channel = await model.createChannel()
  // A channel's error is also the rejection of the call that caused it.
  channel.on('error', () => undefined)
  try {
    for (let n = 0; n < limit; n += 1) {
      const message = await channel.get(deadQueue(queue), { noAck: false })
      if (!message) return
      if ((await see(message, () => channel.ack(message))) === 'stop') return
    }
  } finally {
    await within(closeTimeoutMs, channel.close())
  }
}

export async function listDead(
  model: ChannelModel,
  { queue, limit, deliveriesMax, wanted }: { queue: string; limit: number; deliveriesMax: number | undefined; wanted: (letter: DeadLetter) => boolean },
): Promise<DeadLetter[]> {
  const found: DeadLetter[] = []
  if (limit < 1) return found
  await walk(model, queue, deadLettersSeenMax, async (message) => {
    const letter = toDeadLetter(message, queue, deliveriesMax)
    if (wanted(letter)) found.push(letter)
    return found.length < limit ? 'on' : 'stop'
  })
  return found
}

/** Every copy with that id: a crash while it died may have left two. */
export async function requeueDead(
  model: ChannelModel,
  publisher: Publisher,
  { queue, id, content }: { queue: string; id: string; content: Buffer | undefined },
): Promise<boolean> {
  let moved = false
  await walk(model, queue, deadLettersSeenMax, async (message, ack) => {
    if (String(message.properties.messageId ?? '') !== id) return 'on'
    if (!moved) {
      const [outcome] = await publisher.send([{ exchange: '', key: queue, content: content ?? message.content, options: optionsOf(message, {}) }])
      if (outcome !== 'confirmed') throw new Error(`the dead letter was not put back to ${queue}: the broker's answer is ${outcome ?? 'unknown'}`)
      moved = true
    }
    ack()
    return 'on'
  })
  return moved
}

function toDeadLetter(message: GetMessage, queue: string, deliveriesMax: number | undefined): DeadLetter {
  const own = message.properties.headers ?? {}
  const death = (Array.isArray(own['x-death']) ? (own['x-death'] as Death[]) : []).find((entry) => entry.queue === queue)
  const seconds = death?.time?.value
  const ours = own[headers.reason]
  return {
    id: String(message.properties.messageId ?? ''),
    queue,
    routingKey: keyOf(message),
    body: parsed(message.content),
    reason: typeof ours === 'string' ? ours : death?.reason === 'delivery_limit' ? overLimitReason(deliveriesMax) : (death?.reason ?? 'unknown'),
    diedAt: typeof own[headers.diedAt] === 'string' ? own[headers.diedAt] : typeof seconds === 'number' ? new Date(seconds * 1000).toISOString() : null,
  }
}

/** Null for what is not JSON: it may be anything, so it is not shown. */
function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'))
  } catch {
    return null
  }
}
