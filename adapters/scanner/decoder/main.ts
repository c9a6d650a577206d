import { disarm } from './disarm.ts'
import { answerBytes } from './protocol.ts'

/**
 * The process in which files of strangers are decoded. It is started with an empty environment and without leave to touch files, network,
 * processes or workers (`index.ts`), so what takes it over holds one photo and two pipes. It ends when its input does.
 */
let pending: Buffer[] = []
let length = 0
let working: Promise<void> = Promise.resolve()

process.stdin.on('data', (part: Buffer) => {
  pending.push(part)
  length += part.length
  if (length < 4) return
  const all = Buffer.concat(pending, length)
  pending = [all]
  const wanted = all.readUInt32BE(0)
  if (length < 4 + wanted) return
  const file = all.subarray(4, 4 + wanted)
  pending = [all.subarray(4 + wanted)]
  length -= 4 + wanted
  working = working.then(async () => {
    const answer = answerBytes(await disarm(file))
    await new Promise<void>((resolve) => process.stdout.write(answer, () => resolve()))
  })
})
process.stdin.on('end', () => void working.finally(() => process.exit(0)))
