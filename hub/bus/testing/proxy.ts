import { createServer, type Socket, connect as tcpConnect } from 'node:net'

/** A TCP hop in front of a broker or database that a test can break in the two ways a network breaks. */
interface Proxy {
  port: number
  /** Connections end now and new ones are refused; with a number, of those that are there only that one ends (0 is the oldest). */
  cut(only?: number): void
  /** Nothing passes any more, and nobody is told. */
  stall(): void
  mend(): void
  close(): Promise<void>
}

export async function startProxy(target: { host: string; port: number }): Promise<Proxy> {
  const pairs = new Set<[Socket, Socket]>()
  let mode: 'open' | 'cut' | 'stalled' = 'open'
  const server = createServer((near) => {
    if (mode === 'cut') return near.destroy()
    const far = tcpConnect({ ...target, noDelay: true })
    near.setNoDelay(true)
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    const drop = () => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (chunk) => {
        if (mode !== 'stalled') to.write(chunk)
      })
      from.on('error', drop)
      from.on('close', drop)
    }
    return undefined
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const dropAll = (only?: number) => {
    for (const [near, far] of only === undefined ? pairs : [...pairs].slice(only, only + 1)) {
      near.destroy()
      far.destroy()
    }
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut(only) {
      mode = 'cut'
      dropAll(only)
    },
    stall() {
      mode = 'stalled'
    },
    mend() {
      // What was swallowed is lost to its stream for good: those connections are of no use.
      if (mode === 'stalled') dropAll()
      mode = 'open'
    },
    async close() {
      dropAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
