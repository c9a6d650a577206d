import type { Channel, ChannelModel } from 'amqplib'
import { expect } from 'chai'
import { Consumer } from './consumer.ts'
import { Link } from './link.ts'
import { Publisher } from './publisher.ts'

/** What no real broker does at a moment that a test can choose: it takes its time to open a channel. */
describe('hub/bus/rabbitmq consumer', () => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  let made: { closed: boolean; consuming: boolean }[]
  let open: () => void
  let model: ChannelModel
  let comeUp: (model: ChannelModel) => Promise<void>
  let consumer: Consumer

  class TestLink extends Link {
    override get model(): ChannelModel {
      return model
    }
    override whenUp(tell: (model: ChannelModel) => Promise<void>): void {
      comeUp = tell
    }
  }

  beforeEach(() => {
    made = []
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    const createChannel = async (): Promise<Channel> => {
      const state = { closed: false, consuming: false }
      made.push(state)
      await opened
      const channel: Pick<Channel, 'prefetch' | 'consume' | 'cancel' | 'close'> & { on(): void } = {
        on: () => undefined,
        prefetch: async () => ({}),
        consume: async () => {
          state.consuming = true
          return { consumerTag: 'tag' }
        },
        cancel: async (consumerTag) => ({ consumerTag }),
        close: async () => {
          state.closed = true
        },
      }
      return channel as unknown as Channel
    }
    model = { createChannel } as unknown as ChannelModel
    const publisher = new Publisher(new Link('test publish', log), 1_000, log)
    consumer = new Consumer('flow.a', 4, async () => ({ is: 'ack' }), { link: new TestLink('test consume', log), publisher, log, now: () => new Date(0) })
  })

  it('opens one channel, whoever asks for it at the same time', async () => {
    const both = [consumer.start(), comeUp(model)]
    open()
    await Promise.all(both)
    expect(made).to.deep.equal([{ closed: false, consuming: true }])
    await consumer.close()
    expect(made).to.deep.equal([{ closed: true, consuming: true }])
  })

  it('leaves no channel behind when it is closed while it opens one', async () => {
    const starting = consumer.start()
    const closing = consumer.close()
    open()
    await Promise.all([starting, closing])
    expect(made).to.deep.equal([{ closed: true, consuming: false }])
    await comeUp(model)
    expect(made, 'nor opens another').to.have.lengthOf(1)
  })
})
