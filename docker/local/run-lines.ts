import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { PrintedLine } from './printed-line.ts'
import { checkout } from './state-folder.ts'

interface LineKind {
  /** Of the files: `AREA.bench.ts`. */
  ending: 'bench' | 'claims'
  read(text: string): PrintedLine | undefined
  /** The names that a document promises. */
  listed(markdown: string): string[]
}

/**
 * Every `AREA.<ending>.ts`, one after another, each in a process of its own; `ONLY=x12` takes one area. Lines on stdout, progress on
 * stderr. Exit 1 when a line is short, a process fails, or a line that the README lists is missing.
 */
export async function runLines({ ending, read, listed }: LineKind): Promise<void> {
  const areaOf = (file: string): string => basename(file, `.${ending}.ts`)
  const only = process.env.ONLY ?? ''
  const all = globSync(`{core,db,hub,adapters,nodes,flows,api,ui,docker,evidence}/**/*.${ending}.ts`, {
    cwd: checkout,
    exclude: (name) => name.endsWith('node_modules'),
  })
  const files = all.filter((file) => only === '' || areaOf(file) === only).sort()
  if (files.length === 0) throw new Error(`no area is called ${only}; there are: ${all.map(areaOf).sort().join(', ')}`)

  const printed: PrintedLine[] = []
  let broken = 0
  for (const file of files) {
    const child = spawn(process.execPath, [file], { cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    for await (const text of createInterface({ input: child.stdout })) {
      process.stdout.write(`${text}\n`)
      const line = read(text)
      if (line) printed.push(line)
    }
    if ((await ended) !== 0) {
      broken += 1
      process.stderr.write(`${areaOf(file)}: ended before it was done\n`)
    }
  }

  const areas = new Set(files.map(areaOf))
  const promised = listed(readFileSync(`${checkout}/README.md`, 'utf8')).filter((name) => areas.has(name.split('.')[0] ?? ''))
  const missing = promised.filter((name) => !printed.some((line) => line.name === name))
  const short = printed.filter((line) => !line.ok)
  for (const name of missing) process.stdout.write(`missing: ${name}\n`)
  process.stdout.write(`${ending} lines=${printed.length} short=${short.length} missing=${missing.length}\n`)
  process.exitCode = broken + short.length + missing.length > 0 || printed.length === 0 ? 1 : 0
}
