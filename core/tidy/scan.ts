import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Files git tracks or would track, so that what is ignored is never read. */
export function trackedFiles(pattern: RegExp): string[] {
  const out = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return [...new Set(out.split('\n'))].filter((file) => pattern.test(file) && existsInTree(file)).sort()
}
function existsInTree(file: string): boolean {
  try {
    readFileSync(`${root}${file}`)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
export const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8')

export interface ImportLine {
  from: string
  typeOnly: boolean
}
/** Static and dynamic imports with a literal specifier; comments are cut out first. */
export function importsOf(source: string): ImportLine[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
  const found: ImportLine[] = []
  for (const match of code.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?'([^']+)'/gm)) {
    found.push({ from: match[2] ?? '', typeOnly: match[1] !== undefined })
  }
  for (const match of code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)) found.push({ from: match[1] ?? '', typeOnly: false })
  return found
}
