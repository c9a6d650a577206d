import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { freePort } from './ports.ts'
import { canLogIn, findBroker, rabbitMqInstalled, startRabbitMq } from './rabbitmq.ts'
import { startNode } from './rabbitmq-node.ts'

const processesUnder = (folder: string): string[] =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder))

describe(`docker/local/rabbitmq${rabbitMqInstalled() ? '' : ' (skipped: RabbitMQ is not installed)'}`, function () {
  this.timeout(90_000)
  let folder: string
  before(function () {
    if (!rabbitMqInstalled()) {
      if (process.env.REQUIRE_ALL === '1') throw new Error('RabbitMQ is not installed and REQUIRE_ALL=1')
      this.skip()
    }
    folder = mkdtempSync(`${tmpdir()}/hub-rabbitmq-`)
  })
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it('starts a broker with a login and a vhost of its own, finds its data again, and leaves no process', async () => {
    const port = await freePort()
    const first = await startRabbitMq(folder, port)
    try {
      expect(await canLogIn(first.amqpUrl)).to.equal(true)
      expect(await canLogIn(`amqp://guest:guest@127.0.0.1:${port}/`), 'guest').to.equal(false)
      expect(processesUnder(folder), 'the broker').to.not.deep.equal([])
    } finally {
      await first.stop()
    }
    expect(processesUnder(folder)).to.deep.equal([])
    const second = await startRabbitMq(folder, port)
    expect(second.amqpUrl, 'the same login, so the same data').to.equal(first.amqpUrl)
    await second.stop()
    expect(await canLogIn(first.amqpUrl)).to.equal(false)
  })

  it('leaves no epmd behind when the broker is killed and nobody ends anything in order', async () => {
    const own = mkdtempSync(`${tmpdir()}/hub-rabbitmq-`)
    const epmds = () => processesUnder('/bin/epmd -port')
    const before = epmds()
    const running = await startRabbitMq(own, await freePort())
    try {
      const ours = epmds().filter((line) => !before.includes(line) && !line.startsWith('/bin/sh'))
      expect(ours, 'epmd runs').to.have.lengthOf(1)
      process.kill(running.pid, 'SIGKILL')
      const deadline = performance.now() + 20_000
      while (epmds().includes(ours[0] ?? '') && performance.now() < deadline) await sleep(50)
      expect(epmds()).to.not.include(ours[0])
    } finally {
      await running.stop()
      rmSync(own, { recursive: true, force: true })
    }
  })

  it('says clearly that a port is taken', async () => {
    const port = await freePort()
    const holder = await startRabbitMq(folder, port)
    const other = mkdtempSync(`${tmpdir()}/hub-rabbitmq-`)
    try {
      await startRabbitMq(other, port).then(
        async (running) => {
          await running.stop()
          expect.fail('a second broker started on the same port')
        },
        (error: Error) => expect(error.message).to.contain(`did not start on port ${port}`),
      )
      expect(processesUnder(other)).to.deep.equal([])
    } finally {
      await holder.stop()
      rmSync(other, { recursive: true, force: true })
    }
  })

  it('takes another port for Erlang when somebody was faster', async () => {
    const own = mkdtempSync(`${tmpdir()}/hub-rabbitmq-`)
    const somebody = createServer().listen(0, '127.0.0.1')
    await once(somebody, 'listening')
    const taken = (somebody.address() as AddressInfo).port
    let asked = 0
    // The first is for epmd, the second for the node.
    const findPort = () => (++asked === 2 ? Promise.resolve(taken) : freePort())
    const spec = { home: own, name: 'hubsecond@localhost', host: '127.0.0.1', port: await freePort(), password: 'first-taken' }
    try {
      const running = await startNode(spec, findPort)
      expect(await canLogIn(running.url)).to.equal(true)
      expect(asked).to.equal(4)
      await running.stop()
      expect(processesUnder(own)).to.deep.equal([])
    } finally {
      somebody.close()
      rmSync(own, { recursive: true, force: true })
    }
  })

  it('finds no broker where none lets us in', async () => {
    const found = await findBroker('hub-nobody-made-this')
    if (found !== undefined) expect(await canLogIn(found)).to.equal(true)
  })
})
