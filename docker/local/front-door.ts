import { AlreadyRunning } from './leftovers.ts'
import { PortsTaken } from './ports.ts'
import { type BusName, CannotStart } from './stack.ts'

export function wantedBus(): BusName | undefined {
  const wanted = process.env.HUB_BUS
  if (wanted !== undefined && wanted !== 'postgres' && wanted !== 'rabbitmq') throw new CannotStart('HUB_BUS is postgres or rabbitmq.')
  return wanted
}

/** A person reads what goes wrong here: the message alone where they can mend it, the stack where we must. */
export async function frontDoor(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const known = error instanceof PortsTaken || error instanceof AlreadyRunning || error instanceof CannotStart
    process.stderr.write(`\n${known ? error.message : (error as Error).stack}\n`)
    process.exitCode = 1
  }
}
