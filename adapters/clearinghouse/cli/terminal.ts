import { type Found, problemsOf } from '../codec/found.ts'
import type { Problem } from '../codec/problem.ts'
import { readX12Stream } from '../codec/read.ts'
import { segmentsOf } from '../codec/segment.ts'
import { treeOf } from '../codec/tree.ts'
import { explainLines, treeView } from './file-lines.ts'
import { bytesOf, NoInput } from './input.ts'
import { jsonLine } from './json-line.ts'
import { problemInWords } from './words.ts'

/** Where a command writes. `say` resolves when more may be said, so that a file of any size waits for its reader. */
export interface Terminal {
  say(text: string): Promise<void>
  complain(text: string): void
}
const usage = `usage: npm run -s hub -- x12 read FILE [--json]
       npm run -s hub -- x12 explain FILE
FILE is an X12 file (270, 271, 999, 997, TA1, 277CA), or - for standard input. --json: one line of JSON for each item of the file.
`
/** Problems named at the end; the others stand in the output where they occur. */
const namedMax = 20

/** `x12 read`: 0 when the file is whole, 2 when it is damaged, missing or no X12. What is whole is shown in every case. */
export function x12Read(args: readonly string[], terminal: Terminal): Promise<number> {
  const view = treeView()
  const json = args.includes('--json')
  const files = args.filter((arg) => arg !== '--json')
  return show(files, terminal, json ? (found) => [jsonLine(found)] : view)
}

/** `x12 explain`: the same in plain words. */
export const x12Explain = (args: readonly string[], terminal: Terminal): Promise<number> => show(args, terminal, explainLines)

async function show(args: readonly string[], terminal: Terminal, lines: (found: Found) => Iterable<string>): Promise<number> {
  const [file, ...more] = args
  if (file === undefined || more.length > 0 || (file.startsWith('-') && file !== '-')) {
    terminal.complain(usage)
    return 2
  }
  const problems: Problem[] = []
  let count = 0
  try {
    for await (const found of readX12Stream(bytesOf(file))) {
      const text = Array.from(lines(found), (line) => `${line}\n`).join('')
      if (text !== '') await terminal.say(text)
      for (const problem of [...problemsOf(found), ...hierarchyOf(found)]) {
        count += 1
        if (problems.length < namedMax) problems.push(problem)
      }
    }
  } catch (error) {
    if (!(error instanceof NoInput)) throw error
    terminal.complain(`${error.message}\n`)
    return 2
  }
  if (count === 0) return 0
  const rest = count > problems.length ? `\n  and ${count - problems.length} more` : ''
  terminal.complain(`${file === '-' ? 'standard input' : file} is not whole:\n${problems.map((problem) => `  ${problemInWords(problem)}`).join('\n')}${rest}\n`)
  return 2
}

function hierarchyOf(found: Found): readonly Problem[] {
  return found.is === 'transaction' ? treeOf(segmentsOf(found.transaction), found.transaction).problems : []
}
