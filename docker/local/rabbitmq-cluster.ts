import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { type Machine, makeNetwork } from './namespaces.ts'
import type { Running } from './postgres.ts'
import { amqpUrlOf, canLogIn, type NodeSpec, startNode } from './rabbitmq-node.ts'

const port = 5_672

/** One of several nodes that are one broker, on a machine of its own as far as the network goes. */
export interface ClusterNode extends Pick<Machine, 'cutFromPeers' | 'cutFromAll' | 'heal'> {
  /** Its place in the list of addresses. */
  index: number
  kill(): Promise<void>
  revive(): Promise<void>
  /** How many clients are connected to it. */
  clients(): number
  answers(): Promise<boolean>
}

export interface RunningCluster {
  /** For `AMQP_URL`. */
  amqpUrls: string
  nodes: readonly ClusterNode[]
  /** The least number of members that a queue has. */
  membersMin(): number
  pid: number
  stop(): Promise<void>
}

/**
 * So many RabbitMQ nodes, each in its own network namespace. `pause_minority`: a node that lost the others closes its clients'
 * connections, so that they move on; with the default they would wait at a node that can confirm nothing.
 */
export async function startCluster(folder: string, count: number): Promise<RunningCluster> {
  const network = makeNetwork(count)
  const running: Running[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((node) => node.stop()))
    network.remove()
  }
  try {
    const [cookie, password] = [randomBytes(18).toString('hex'), randomBytes(18).toString('hex')]
    const nameOf = ({ peerAddress }: Machine) => `hub@${peerAddress}`
    const settings = [
      'cluster_partition_handling = pause_minority',
      'cluster_formation.peer_discovery_backend = classic_config',
      ...network.machines.map((machine, n) => `cluster_formation.classic_config.nodes.${n + 1} = ${nameOf(machine)}`),
    ]
    const specs = network.machines.map((machine, n): NodeSpec => {
      const { namespace, address } = machine
      return { home: `${folder}/node-${n + 1}`, name: nameOf(machine), host: address, port, password, cluster: { cookie, settings }, namespace }
    })
    // The first makes the cluster, the others join it.
    const [first, ...others] = specs
    if (!first) throw new Error('a cluster has nodes')
    running.push(await startNode(first))
    running.push(...(await Promise.all(others.map((spec) => startNode(spec)))))
    const nodes = network.machines.map((machine, index): ClusterNode => {
      const spec = specs[index] as NodeSpec
      return {
        ...{ index, cutFromPeers: machine.cutFromPeers, cutFromAll: machine.cutFromAll, heal: machine.heal },
        kill: async () => running[index]?.kill(),
        revive: async () => {
          running[index] = await startNode(spec)
        },
        clients: () => clientsOf(machine),
        answers: () => canLogIn(amqpUrlOf(spec)),
      }
    })
    return { amqpUrls: specs.map(amqpUrlOf).join(','), nodes, membersMin: () => membersMin(first), pid: running[0]?.pid ?? 0, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const clientsOf = ({ namespace }: Machine): number =>
  execFileSync('ip', ['netns', 'exec', namespace, 'ss', '-Htn', 'state', 'established', `( sport = :${port} )`], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.trim() !== '').length

/** From what the cluster knows of its queues: asking each of them waits a minute for one that elects its leader. */
function membersMin({ home, name, namespace = '' }: NodeSpec): number {
  const question = 'lists:min([length(maps:get(nodes, amqqueue:get_type_state(Q))) || Q <- rabbit_amqqueue:list()]).'
  const ctl = ['/usr/lib/rabbitmq/bin/rabbitmqctl', '-n', name, '--longnames', '-q', 'eval', question]
  const env = { PATH: process.env.PATH, HOME: home, LC_ALL: 'C.UTF-8', RABBITMQ_CONF_ENV_FILE: '/dev/null' }
  return Number(execFileSync('ip', ['netns', 'exec', namespace, ...ctl], { encoding: 'utf8', env }))
}
