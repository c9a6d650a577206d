import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import init, { Compiler } from '@virustotal/yara-x'

export type Finding = { rule: string } | 'nothing'

interface RuleSet {
  /** Rules that can be a finding. */
  count: number
  /** Of the newest rule. */
  date: string
  engine: string
  scan(bytes: Uint8Array): Finding
}

interface ScanResult {
  valid: boolean
  matches: { identifier: string; isPrivate: boolean }[]
}

/** No file takes longer than this: the patterns are short and the file is bounded. */
const scanMsMax = 5_000

/** YARA-X as WASM. A rule file that does not compile, or has no dated rule, ends the process: no scanner is better than an empty one. */
export async function loadRules(): Promise<RuleSet> {
  const source = await readFile(new URL('./rules.yar', import.meta.url), 'utf8')
  const library = import.meta.resolve('@virustotal/yara-x')
  await init({ module_or_path: await readFile(fileURLToPath(new URL('./yara_x_js_bg.wasm', library))) })
  const { version } = JSON.parse(await readFile(fileURLToPath(new URL('../package.json', library)), 'utf8')) as { version: string }

  using compiler = new Compiler()
  compiler.addSource(source)
  const rules = compiler.build()
  const scanner = rules.scanner()
  scanner.setTimeoutMs(scanMsMax)
  const dates = [...source.matchAll(/^\s*date = "(\d{4}-\d{2}-\d{2})"$/gm)].map((m) => m[1] ?? '').sort()
  const count = [...source.matchAll(/^rule /gm)].length
  const date = dates.at(-1)
  if (!date || dates.length !== count) throw new Error('every rule in rules.yar needs a date')
  return {
    count,
    date,
    engine: `YARA-X ${version}`,
    scan(bytes) {
      const result = scanner.scan(bytes) as ScanResult
      if (!result.valid) throw new Error('the scan did not finish')
      const match = result.matches.find((m) => !m.isPrivate)
      return match ? { rule: match.identifier } : 'nothing'
    },
  }
}
