import type { Found } from '../codec/found.ts'
import type { Problem } from '../codec/problem.ts'
import { readX12Stream } from '../codec/read.ts'
import { allProblemsOf } from './all-problems.ts'
import { explainLines, treeView } from './file-lines.ts'
import { NoInput, rereadable } from './input.ts'
import { jsonLine } from './json-line.ts'
import { type Note, notesOn, wholeInterchanges } from './notes.ts'
import { problemInWords } from './words.ts'

/** Where a command writes. `say` resolves when more may be said, so that a file of any size waits for its reader. */
interface Terminal {
  say(text: string): Promise<void>
  complain(text: string): void
}
const usage = `usage: npm run -s hub -- x12 read FILE [--json]
       npm run -s hub -- x12 explain FILE
FILE is an X12 file (270, 271, 999, 997, TA1, 277CA), or - for standard input. --json: one line of JSON for each item of the file.
In a damaged interchange every item is marked: 'provisional', "provisional":true. Nothing of it may be acted on.
From a pipe at most 64 MiB are taken. [EB 1] is a patient's first EB; JSON counts benefits from 0.
`
/** Problems named at the end; the others stand in the output where they occur. */
const namedMax = 20

/** `x12 read`: 0 when the file is whole, 2 when it is damaged, missing or no X12. What is whole is shown in every case. */
export function x12Read(args: readonly string[], terminal: Terminal): Promise<number> {
  const view = treeView()
  const json = args.includes('--json')
  const files = args.filter((arg) => arg !== '--json')
  return show(files, terminal, json ? (found, note) => [jsonLine(found, note)] : view)
}

/** `x12 explain`: the same in plain words. */
export const x12Explain = (args: readonly string[], terminal: Terminal): Promise<number> => show(args, terminal, explainLines)

async function show(args: readonly string[], terminal: Terminal, lines: (found: Found, note: Note) => Iterable<string>): Promise<number> {
  const [file, ...more] = args
  if (file === '--help') {
    await terminal.say(usage)
    return 0
  }
  if (file === undefined || more.length > 0 || (file.startsWith('-') && file !== '-')) {
    terminal.complain(usage)
    return 2
  }
  const problems: Problem[] = []
  let count = 0
  try {
    const chunks = await rereadable(file)
    const noteOn = notesOn(await wholeInterchanges(chunks()))
    for await (const item of readX12Stream(chunks())) {
      const found = withoutContradiction(item, problems)
      if (found.is === 'end' && found.accounting.bytes === 0) {
        terminal.complain(`${file === '-' ? 'standard input' : file} is empty: no X12 (not-x12)\n`)
        return 2
      }
      const text = Array.from(lines(found, noteOn(found)), (line) => `${line}\n`).join('')
      if (text !== '') await terminal.say(text)
      for (const problem of allProblemsOf(found)) {
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

/** After an ISA that is cut off, "no interchange begins anywhere" says the opposite. */
function withoutContradiction(found: Found, before: readonly Problem[]): Found {
  const isCut = before.some(({ code, place }) => code === 'truncated' && place === 'ISA')
  return found.is === 'end' && isCut ? { ...found, problems: found.problems.filter(({ code }) => code !== 'not-x12') } : found
}
