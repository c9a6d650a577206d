import { createServer } from 'node:net'

/** `make up` listens on fixed ports so that links stay; everything else takes free ones and runs beside it. */
const fixedPorts = {
  api: 7400,
  postgres: 7432,
  objects: 7410,
  clearinghouse: 7421,
  fhir: 7422,
  stripe: 7423,
  scanner: 7424,
  scannerControl: 7425,
  clearinghouseSftp: 7426,
  rabbitmq: 7456,
  live: 7430,
  legacyScheduler: 7427,
  twilio: 7428,
  mail: 7429,
  mailSmtp: 7431,
} as const
type PortName = keyof typeof fixedPorts
export type Ports = Record<PortName, number>

interface Probe {
  port: number
  close(): Promise<void>
}

/** Undefined when somebody listens there already. */
function probe(port: number): Promise<Probe | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        close: () => new Promise((done) => server.close(() => done())),
      })
    })
  })
}

/** A person can mend it: shown without a stack trace. */
export class PortsTaken extends Error {}

export async function checkFixedPorts(): Promise<Ports> {
  const taken: string[] = []
  for (const [name, port] of Object.entries(fixedPorts)) {
    const free = await probe(port)
    if (free) await free.close()
    else taken.push(`${port} (${name})`)
  }
  if (taken.length > 0)
    throw new PortsTaken(`Already in use: port ${taken.join(', ')}. Perhaps "make up" of another checkout or user is running. Free it, and try again.`)
  return { ...fixedPorts }
}

/** Below the range that outgoing connections take their ports from: one of those could be faster than the server it is for. */
async function anyFree(): Promise<Probe> {
  for (let i = 0; i < 200; i += 1) {
    const free = await probe(10_240 + Math.floor(Math.random() * 21_760))
    if (free) return free
  }
  throw new PortsTaken('No free port on 127.0.0.1.')
}

/** All held at once before any is given back, so that no two names get the same one. */
export async function freePorts(): Promise<Ports> {
  const ports: Partial<Ports> = {}
  const held = await Promise.all(Object.keys(fixedPorts).map(async (name) => [name as PortName, await anyFree()] as const))
  for (const [name, free] of held) {
    ports[name] = free.port
    await free.close()
  }
  return ports as Ports
}

/** A port that nobody listens on right now. */
export const freePort = async (): Promise<number> => (await freePorts()).api
