import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'chai'
import { type Machine, makeNetwork, type Network, noNamespaces } from './namespaces.ts'

const missing = noNamespaces()
const port = 9_000

describe(`docker/local/namespaces${missing ? ` (skipped: ${missing})` : ''}`, function () {
  // Nine processes, one after the other, on a machine that has other things to do.
  this.timeout(120_000)
  let network: Network
  let stop: () => Promise<unknown>
  let one: Machine
  let two: Machine
  before(async function () {
    if (missing) this.skip()
    network = makeNetwork(2)
    ;[one, two] = network.machines as [Machine, Machine]
    const script = `require('node:net').createServer((socket) => socket.end()).listen(${port}, '0.0.0.0', () => console.log('listening'))`
    const server = spawn('ip', ['netns', 'exec', one.namespace, process.execPath, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    stop = async () => {
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
    }
    await once(server.stdout, 'data')
  })
  after(async () => {
    if (missing) return
    await stop?.()
    network?.remove()
    const left = ['netns list', '-o link show type bridge'].map((line) => execFileSync('ip', line.split(' '), { encoding: 'utf8' })).join('')
    expect(left, 'nothing is left behind').to.not.include(`hx${process.pid}`)
  })

  const reaches = (command: string[], address: string): boolean => {
    const script = `const s = require('node:net').connect({ host: '${address}', port: ${port}, timeout: 1500 });
      s.on('connect', () => process.exit(0)); s.on('error', () => process.exit(1)); s.on('timeout', () => process.exit(1))`
    const [file = '', ...args] = [...command, process.execPath, '-e', script]
    try {
      execFileSync(file, args, { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }
  const fromHere = (): boolean => reaches(['env'], one.address)
  const fromPeer = (): boolean => reaches(['ip', 'netns', 'exec', two.namespace], one.peerAddress)

  it('parts a machine from its peers while its users reach it, then from everybody, and heals', () => {
    expect([fromHere(), fromPeer()], 'whole').to.deep.equal([true, true])
    one.cutFromPeers()
    expect([fromHere(), fromPeer()], 'cut off from its peers').to.deep.equal([true, false])
    one.cutFromAll()
    expect([fromHere(), fromPeer()], 'cut off from everybody').to.deep.equal([false, false])
    one.heal()
    expect([fromHere(), fromPeer()], 'healed').to.deep.equal([true, true])
  })
})
