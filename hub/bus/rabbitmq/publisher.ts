import { errorFields } from '@heliox/hub/log'
import type { ChannelModel, ConfirmChannel, Options } from 'amqplib'
import type { BusLog, PublishOutcome } from '../bus.ts'
import { closeTimeoutMs, type Link, within } from './link.ts'

export interface Outgoing {
  exchange: string
  key: string
  content: Buffer
  options: Options.Publish
}

interface Waiting {
  returned: boolean
  settle(outcome: PublishOutcome): void
}

/** What amqplib says when the broker refused; every other error means that we cannot know. */
const nackText = 'message nacked'

/**
 * Publishes with confirms. Each message has a number of its own, because a return ("no queue takes this key") arrives before
 * the confirm of the same message and names it by its properties only.
 */
export class Publisher {
  #channel: ConfirmChannel | undefined
  #opening: Promise<void> | undefined
  #closed = false
  #number = 0
  readonly #waiting = new Map<string, Waiting>()
  readonly #link: Link
  readonly #confirmTimeoutMs: number
  readonly #log: BusLog
  readonly #up = async () => {
    this.#channel = undefined
    await this.#ready()
  }

  constructor(link: Link, confirmTimeoutMs: number, log: BusLog) {
    this.#link = link
    this.#confirmTimeoutMs = confirmTimeoutMs
    this.#log = log
    link.whenUp(this.#up)
  }

  async #open(model: ChannelModel): Promise<void> {
    const channel = await model.createConfirmChannel()
    channel.on('error', (error) => this.#log.warn(errorFields(error), 'publish channel failed'))
    channel.on('return', (message) => {
      const waiting = this.#waiting.get(String(message.properties.correlationId))
      if (waiting) waiting.returned = true
    })
    channel.on('close', () => {
      if (this.#channel === channel) this.#channel = undefined
    })
    this.#channel = channel
  }

  /** A channel that died alone (a protocol error) is opened again by the next publish; a lost connection by the link. */
  async #ready(): Promise<ConfirmChannel | undefined> {
    const model = this.#link.model
    if (this.#channel || this.#closed || !model) return this.#channel
    this.#opening ??= this.#open(model).finally(() => {
      this.#opening = undefined
    })
    await this.#opening.catch((error) => this.#log.warn(errorFields(error), 'publish channel not opened'))
    return this.#channel
  }

  /**
   * Opened while a queue elected its leader, a channel of RabbitMQ 3.10 goes on asking the node that was lost, and refuses everything
   * for as long as it lives. So one that refused or kept silent is left for a new one, and closed once what it still owes is in.
   */
  #leave(channel: ConfirmChannel): void {
    if (this.#channel !== channel) return
    this.#channel = undefined
    void within(this.#confirmTimeoutMs, channel.waitForConfirms()).then(() => within(closeTimeoutMs, closed(channel)))
  }

  /** One outcome per message, in order, within the confirm timeout whatever the broker does. */
  async send(messages: readonly Outgoing[]): Promise<PublishOutcome[]> {
    const numbers: string[] = []
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#confirmTimeoutMs)
    })
    const outcomes: (PublishOutcome | undefined)[] = messages.map(() => undefined)
    let used: ConfirmChannel | undefined
    const all = this.#ready().then((channel) => {
      used = channel
      return Promise.all(
        messages.map(
          (message, i) =>
            new Promise<void>((resolve) => {
              const number = String(++this.#number)
              numbers.push(number)
              const settle = (outcome: PublishOutcome) => {
                outcomes[i] ??= outcome
                this.#waiting.delete(number)
                resolve()
              }
              this.#waiting.set(number, { returned: false, settle })
              this.#publish(channel, number, message, settle)
            }),
        ),
      )
    })
    try {
      await Promise.race([all, late])
    } finally {
      clearTimeout(timer)
      for (const number of numbers) this.#waiting.delete(number)
    }
    if (used && outcomes.includes(undefined)) this.#leave(used)
    return outcomes.map((outcome) => outcome ?? 'unknown')
  }

  #publish(channel: ConfirmChannel | undefined, number: string, message: Outgoing, settle: (outcome: PublishOutcome) => void): void {
    if (!channel) {
      settle('unknown')
      return
    }
    const options = { ...message.options, persistent: true, mandatory: true, correlationId: number }
    try {
      channel.publish(message.exchange, message.key, message.content, options, (error: unknown) => {
        if (error) {
          const refused = error instanceof Error && error.message === nackText
          if (refused) this.#leave(channel)
          return settle(refused ? 'refused' : 'unknown')
        }
        settle(this.#waiting.get(number)?.returned ? 'refused' : 'confirmed')
      })
    } catch (error) {
      // The channel closed under us.
      this.#log.warn(errorFields(error), 'publish failed')
      settle('unknown')
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#link.forget(this.#up)
    const channel = this.#channel
    this.#channel = undefined
    if (channel) await within(closeTimeoutMs, channel.close())
  }
}

/** A channel that ended already says so by throwing. */
async function closed(channel: ConfirmChannel): Promise<void> {
  await channel.close()
}
