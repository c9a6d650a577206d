import { runDemo } from '../../evidence/demo/run.ts'
import { printedProgress } from './progress.ts'
import { type BusName, startStack } from './stack.ts'

/** `make demo`: a stack of its own on free ports, the main job through every real process, the counts, and everything gone again. */
const wanted = process.env.HUB_BUS
if (wanted !== undefined && wanted !== 'postgres' && wanted !== 'rabbitmq') throw new Error('HUB_BUS is postgres or rabbitmq')
const progress = printedProgress()
const print = (line: string) => process.stdout.write(`${line}\n`)
process.exitCode = 1
const stack = await startStack({ kind: 'throw-away', bus: wanted as BusName | undefined, progress })
// Ctrl-C in the middle leaves nothing behind either.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void stack.stop().then(() => process.exit(130))
  })
}
try {
  progress(`three intakes over ${stack.busText}`)
  const result = await runDemo(stack.urls, print)
  print('')
  print('memory (resident)')
  for (const name of stack.names()) print(`  ${name.padEnd(14)} ${(stack.child(name).rssBytes() / 1024 / 1024).toFixed(0).padStart(4)} MB`)
  print('')
  print(result.line)
  process.exitCode = result.ok ? 0 : 1
} catch (error) {
  print(`demo short: ${(error as Error).message}`)
  print(`logs were in ${stack.folder}/logs; run with HUB_KEEP=1 to keep them`)
} finally {
  await stack.stop()
}
