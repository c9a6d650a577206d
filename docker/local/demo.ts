import { runDemo } from '../../evidence/demo/run.ts'
import { frontDoor, wantedBus } from './front-door.ts'
import { printedProgress } from './progress.ts'
import { startStack } from './stack.ts'

/** `make demo`: a stack of its own on free ports, the main job through every real process, the counts, and everything gone again. */
const progress = printedProgress()
const print = (line: string) => process.stdout.write(`${line}\n`)

await frontDoor(async () => {
  const stack = await startStack({ kind: 'throw-away', bus: wantedBus(), progress })
  try {
    progress(`four intakes over ${stack.busText}`)
    const result = await runDemo(stack.urls, print)
    print('\nmemory (resident)')
    for (const name of stack.names()) print(`  ${name.padEnd(14)} ${(stack.child(name).rssBytes() / 1024 / 1024).toFixed(0).padStart(4)} MB`)
    await stack.stop()
    // The last line, for whoever reads with a program.
    print(`\n${result.line}`)
    process.exitCode = result.ok ? 0 : 1
  } catch (error) {
    print(`demo short: ${(error as Error).message}`)
    print(`its logs go with it; HUB_KEEP=1 keeps ${stack.folder}`)
    process.exitCode = 1
  } finally {
    await stack.stop()
  }
})
