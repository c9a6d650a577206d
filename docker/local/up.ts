import { scannerText } from './banner.ts'
import { AlreadyRunning } from './leftovers.ts'
import { PortsTaken } from './ports.ts'
import { printedProgress } from './progress.ts'
import { demoLink } from './seed-link.ts'
import { type BusName, CannotStart, startStack } from './stack.ts'

/** `make up`: everything on fixed ports, data kept, until Ctrl-C. */
const progress = printedProgress()
const startedMs = performance.now()

async function up(): Promise<void> {
  const wanted = process.env.HUB_BUS
  if (wanted !== undefined && wanted !== 'postgres' && wanted !== 'rabbitmq') throw new CannotStart('HUB_BUS is postgres or rabbitmq.')
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  process.once('SIGHUP', end)
  const stack = await startStack({ kind: 'up', bus: wanted as BusName | undefined, progress, supervise: true })
  const link = await demoLink(stack)
  const { urls } = stack
  process.stdout.write(`
  Heliox Hub is ready (${((performance.now() - startedMs) / 1000).toFixed(1)} s)

  Patient link     ${link}
  Sign in          ${urls.public}/            clinic lakeside, password lakeside-demo-1
    front desk       desk@lakeside.example
    operations       ops@lakeside.example
    administrator    admin@lakeside.example
  API              ${urls.public}/api/openapi.json
  Bus              ${stack.busText}
  Scanner          ${scannerText(stack.scanner.ready)}
  Simulators       clearinghouse ${urls.clearinghouse}  EHR ${urls.fhir}  Stripe ${urls.stripe}
  State folder     ${stack.folder}   (logs in logs/)

  Ctrl-C stops everything; the data stays for the next time.
`)
  await ended
  process.stdout.write('\n')
  progress('stopping')
  await stack.stop()
  progress('stopped; nothing is left running')
}

try {
  await up()
} catch (error) {
  // A person reads this: the message, and no stack trace for what they can mend themselves.
  const known = error instanceof PortsTaken || error instanceof AlreadyRunning || error instanceof CannotStart
  process.stderr.write(`\n${known ? (error as Error).message : (error as Error).stack}\n`)
  process.exitCode = 1
}
