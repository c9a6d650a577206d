import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { claimsListed, type PrintedClaim, readClaim } from './claim-line.ts'
import { checkout } from './state-folder.ts'

/**
 * `make claims`: every `AREA.claims.ts`, one after another, each in a process of its own; `ONLY=instability` takes one area. Lines on stdout,
 * progress on stderr. Exit 1 when a line is short, or a line that the README lists is missing.
 */
const areaOf = (file: string): string => basename(file, '.claims.ts')
const only = process.env.ONLY ?? ''
const all = globSync('{core,db,hub,adapters,nodes,flows,api,docker,evidence}/**/*.claims.ts', {
  cwd: checkout,
  exclude: (name) => name.endsWith('node_modules'),
})
const files = all.filter((file) => only === '' || areaOf(file) === only).sort()
if (files.length === 0) throw new Error(`no area is called ${only}; there are: ${all.map(areaOf).sort().join(', ')}`)

const printed: PrintedClaim[] = []
let broken = 0
for (const file of files) {
  const child = spawn(process.execPath, [file], { cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  for await (const text of createInterface({ input: child.stdout })) {
    process.stdout.write(`${text}\n`)
    const line = readClaim(text)
    if (line) printed.push(line)
  }
  if ((await ended) !== 0) {
    broken += 1
    process.stderr.write(`${areaOf(file)}: ended before it was done\n`)
  }
}

const areas = new Set(files.map(areaOf))
const listed = claimsListed(readFileSync(`${checkout}/README.md`, 'utf8')).filter((name) => areas.has(name.split('.')[0] ?? ''))
const missing = listed.filter((name) => !printed.some((line) => line.name === name))
const short = printed.filter((line) => !line.ok)
for (const name of missing) process.stdout.write(`missing: ${name}\n`)
process.stdout.write(`claims lines=${printed.length} short=${short.length} missing=${missing.length}\n`)
process.exitCode = broken + short.length + missing.length > 0 || printed.length === 0 ? 1 : 0
