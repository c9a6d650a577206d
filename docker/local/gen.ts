import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { generated } from './generated.ts'
import { checkout } from './state-folder.ts'

/** `make gen`: writes every generated file; `generated.check.ts` fails when one is not what this would write. */
for (const [path, content] of Object.entries(await generated())) {
  mkdirSync(dirname(`${checkout}/${path}`), { recursive: true })
  writeFileSync(`${checkout}/${path}`, content)
  process.stdout.write(`${path}\n`)
}
