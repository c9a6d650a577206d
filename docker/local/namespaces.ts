import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** One machine of a small network: a network namespace with a leg to whoever uses it and a leg to the others of its kind. */
export interface Machine {
  namespace: string
  /** Reached from this machine. */
  address: string
  /** Reached from its peers only. */
  peerAddress: string
  /** Between it and its peers. */
  cutFromPeers(): void
  /** Between it and everybody. */
  cutFromAll(): void
  heal(): void
}

export interface Network {
  machines: readonly Machine[]
  remove(): void
}

const ip = (line: string): string => execFileSync('ip', line.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** Why there can be none here, or undefined. */
export function noNamespaces(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces need root on Linux'
  const probe = `hxprobe${process.pid}`
  try {
    ip(`netns add ${probe}`)
    ip(`link add ${probe.slice(0, 15)} type bridge`)
    ip(`link del ${probe.slice(0, 15)}`)
    return undefined
  } catch {
    return 'network namespaces do not work here'
  } finally {
    tryTo(`netns del ${probe}`)
  }
}

function tryTo(line: string): void {
  try {
    ip(line)
  } catch {
    // It was not there.
  }
}

/** Names carry who made them, so that the next one removes what a killed one left. */
const prefix = 'hx'
function removeAbandoned(): void {
  const names = [...ip('netns list').matchAll(/^(hx(\d+)n\d)\b/gm)]
  for (const [, name = '', pid = ''] of names) if (!existsSync(`/proc/${pid}`)) tryTo(`netns del ${name}`)
  for (const [, name = '', pid = ''] of ip('-o link show type bridge').matchAll(/: (hx(\d+)[uq]): /g))
    if (!existsSync(`/proc/${pid}`)) tryTo(`link del ${name}`)
}

/**
 * Two bridges: users and machines on one, machines among themselves on the other, so that a machine can lose its peers while its
 * users still reach it. Only the first has an address on this side.
 */
export function makeNetwork(count: number): Network {
  removeAbandoned()
  const own = `${prefix}${process.pid}`
  const [users, peers] = [`${own}u`, `${own}q`]
  const subnet = freeSubnet()
  const made: Machine[] = []
  const remove = (): void => {
    for (const { namespace } of made) tryTo(`netns del ${namespace}`)
    for (const bridge of [users, peers]) tryTo(`link del ${bridge}`)
  }
  try {
    for (const bridge of [users, peers]) {
      ip(`link add ${bridge} type bridge`)
      ip(`link set ${bridge} up`)
    }
    ip(`addr add ${subnet}.254/25 dev ${users}`)
    for (let n = 1; n <= count; n += 1) made.push(makeMachine(own, n, [users, `${subnet}.${128 + n}`], [peers, `${subnet}.${n}`]))
    return { machines: made, remove }
  } catch (error) {
    remove()
    throw error
  }
}

function makeMachine(own: string, n: number, [users, address]: [string, string], [peers, peerAddress]: [string, string]): Machine {
  const namespace = `${own}n${n}`
  ip(`netns add ${namespace}`)
  ip(`netns exec ${namespace} ip link set lo up`)
  for (const [bridge, leg, at] of [
    [users, 'users', address],
    [peers, 'peers', peerAddress],
  ] as const) {
    const here = `${bridge}${n}`
    ip(`link add ${here} type veth peer name ${leg} netns ${namespace}`)
    ip(`link set ${here} master ${bridge} up`)
    ip(`netns exec ${namespace} ip addr add ${at}/25 dev ${leg}`)
    ip(`netns exec ${namespace} ip link set ${leg} up`)
  }
  const set = (bridge: string, state: 'up' | 'down') => ip(`link set ${bridge}${n} ${state}`)
  return {
    ...{ namespace, address, peerAddress },
    cutFromPeers: () => void set(peers, 'down'),
    cutFromAll: () => {
      set(peers, 'down')
      set(users, 'down')
    },
    heal: () => {
      set(peers, 'up')
      set(users, 'up')
    },
  }
}

/** In 10.128.0.0/9, where no route leads. */
function freeSubnet(): string {
  const routes = ip('route show')
  for (let i = 0; i < 100; i += 1) {
    const subnet = `10.${128 + Math.floor(Math.random() * 128)}.${Math.floor(Math.random() * 256)}`
    if (!routes.includes(`${subnet}.`)) return subnet
  }
  throw new Error('no free network for namespaces')
}
