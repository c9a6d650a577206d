import { scannerText } from './banner.ts'
import { frontDoor, wantedBus } from './front-door.ts'
import { printedProgress } from './progress.ts'
import { demoLink } from './seed-link.ts'
import { startStack } from './stack.ts'

/** `make up`: everything on fixed ports, data kept, until Ctrl-C. */
const progress = printedProgress()
const startedMs = performance.now()

await frontDoor(async () => {
  const stack = await startStack({ kind: 'up', bus: wantedBus(), progress, supervise: true })
  const link = await demoLink(stack)
  const { urls } = stack
  process.stdout.write(`
  Heliox Hub is ready (${((performance.now() - startedMs) / 1000).toFixed(1)} s)

  Patient link     ${link}
  Sign in          ${urls.public}/            clinic lakeside, password lakeside-demo-1
    front desk       desk@lakeside.example
    operations       ops@lakeside.example, ops2@lakeside.example
    administrator    admin@lakeside.example
  API              ${urls.public}/api/openapi.json
  Queues, live     ${urls.public}/ops/queues  ${urls.public}/ops/live   (as operations or administrator)
  Bus              ${stack.busText}
  Scanner          ${scannerText(stack.scanner.ready)}
  Simulators       clearinghouse ${urls.clearinghouse}  EHR ${urls.fhir}  Stripe ${urls.stripe}
  Texts and mail   ${urls.twilio}/  ${urls.mail}/   (what patients are sent, and where they answer)
  Batch folders    sftp://${stack.sftp.user}@${stack.sftp.host}:${stack.sftp.port}   (the simulator's; its password is its token)
  Clock            the clearinghouse's, followed by the hub: GET and PUT ${urls.clearinghouse}/_sim/clock
  State folder     ${stack.folder}   (logs in logs/)

  Ctrl-C stops everything; the data stays for the next time.
`)
  // Until Ctrl-C: the stack stops itself then.
  await new Promise(() => undefined)
})
