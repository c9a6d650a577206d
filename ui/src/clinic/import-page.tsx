import { useMutation } from '@tanstack/react-query'
import { type ChangeEvent, useState } from 'react'
import { Link } from 'wouter'
import { ApiError, type ImportLine, type ImportResult, importVisits } from '../client.gen.ts'
import { CheckField } from '../shared/fields.tsx'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { deskWords } from '../shared/messages/desk-words.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { PageTitle, useSession } from '../shared/staff/shell.tsx'
import { TableHead } from '../shared/staff/table-head.tsx'
import { Notice, StateChip, type Tone } from '../shared/state-chip.tsx'
import { shortTime } from '../shared/time.ts'

const t = deskWords.imports
const bytesMax = 200_000
const charsMax = 48_000

/** Spreadsheets of older offices do not write UTF-8: what is none is read as they write it. */
async function textOf(file: File): Promise<string> {
  const bytes = await file.arrayBuffer()
  const start = new Uint8Array(bytes.slice(0, 2))
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** A file is read, shown line by line, and booked only then; the same file again books nothing twice. */
export function ImportPage() {
  const { timeZone } = useSession().tenant
  const [text, setText] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [trouble, setTrouble] = useState<string | null>(null)
  const [sendLinks, setSendLinks] = useState(true)
  // Lines whose visit was called off, and that are wanted after all.
  const [anew, setAnew] = useState<ReadonlySet<number>>(new Set())
  // Held in memory for as long as the page is open, and nowhere else.
  const look = useMutation({ mutationFn: (content: string) => importVisits({ body: { text: content, dryRun: true } }), gcTime: 0 })
  const book = useMutation({ mutationFn: (content: string) => importVisits({ body: { text: content, dryRun: false, sendLinks, anew: [...anew] } }), gcTime: 0 })
  const choose = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const input = event.target
    const file = input.files?.[0]
    if (!file) return
    look.reset()
    book.reset()
    setText(null)
    setTrouble(null)
    setAnew(new Set())
    setName(file.name)
    try {
      const content = file.size > bytesMax ? null : await textOf(file)
      if (content === null || content.length > charsMax) return setTrouble(t.tooLarge)
      setText(content)
      look.mutate(content)
    } catch {
      setTrouble(t.unreadable)
    } finally {
      // So that the same file, mended, can be chosen again.
      input.value = ''
    }
  }
  const result = book.data ?? look.data
  const fresh = result?.lines.filter(({ is, line }) => is === 'new' || anew.has(line)).length ?? 0
  const mark = (line: number, on: boolean): void => setAnew((before) => new Set(on ? [...before, line] : [...before].filter((one) => one !== line)))
  const elsewhere = book.error instanceof ApiError && book.error.code === 'schedule-elsewhere'
  return (
    <>
      <p className="mb-2">
        <Link href="/" className="inline-block min-h-[24px]">
          {t.back}
        </Link>
      </p>
      <PageTitle title={t.title} />
      <div className="max-w-[60rem] space-y-4">
        <div className="max-w-[40rem] space-y-2">
          <p>{t.lead}</p>
          <p className="text-quiet">{t.needs}</p>
          <p className="text-quiet">{t.times(timeZone)}</p>
        </div>
        <label className="block max-w-[32rem] space-y-1">
          <span className="block font-medium">{t.file}</span>
          <input type="file" className="control" accept=".csv,.txt,text/csv" onChange={(event) => void choose(event)} />
        </label>
        {name ? <p className="wrap-anywhere text-quiet">{name}</p> : null}
        <div role="status" className="space-y-3 empty:hidden">
          {trouble ? (
            <Notice tone="failed">
              <p>{trouble}</p>
            </Notice>
          ) : null}
          {look.isPending ? <p className="text-quiet">{t.reading}</p> : null}
          {result?.refused ? <Refused refused={result.refused} /> : null}
          {result && !result.refused ? <p className="font-medium">{summary(result.lines, book.isSuccess)}</p> : null}
        </div>
        {look.isError ? <ProblemNotice error={look.error} onAgain={() => text !== null && look.mutate(text)} /> : null}
        {book.isError ? <ProblemNotice error={book.error} words={elsewhere ? t.elsewhere : t.stopped} /> : null}
        {result && result.ignored > 0 ? <p className="text-quiet">{t.ignored(result.ignored)}</p> : null}
        {result && !result.refused ? (
          <>
            {result.lines.some(({ is }) => is === 'wrong') ? <p className="text-quiet">{t.onlyWrong}</p> : null}
            {!book.data && fresh > 0 ? (
              <div className="space-y-2">
                <CheckField id="sendLinks" label={t.sendLinks} checked={sendLinks} onChange={setSendLinks} />
                <button
                  type="button"
                  className="button button-main"
                  aria-disabled={book.isPending}
                  onClick={() => book.isPending || text === null || book.mutate(text)}
                >
                  {book.isPending ? t.booking : t.book(fresh)}
                </button>
              </div>
            ) : null}
            {!book.data && fresh === 0 ? <p>{t.nothing}</p> : null}
            {!book.data && result.lines.some(({ is }) => is === 'cancelled') ? <p className="text-quiet">{t.onlyCancelled}</p> : null}
            <Lines result={result} anew={anew} onAnew={book.data || book.isPending ? null : mark} />
          </>
        ) : null}
      </div>
    </>
  )
}

function summary(lines: readonly ImportLine[], done: boolean): string {
  const count = (...which: ImportLine['is'][]): number => lines.filter(({ is }) => which.includes(is)).length
  const others = [count('there', 'twice'), count('cancelled'), count('wrong')] as const
  return done ? t.did(count('booked'), ...others) : t.would(count('new'), ...others)
}

function Refused({ refused: { problem, columns } }: { refused: NonNullable<ImportResult['refused']> }) {
  return (
    <Notice tone="failed">
      <p>
        {t.refused[problem]} {columns.map((column) => t.columns[column]).join(', ')}
      </p>
    </Notice>
  )
}

const tones: Readonly<Record<ImportLine['is'], Tone>> = {
  ...({ new: 'checking', booked: 'confirmed', there: 'confirmed' } as const),
  ...({ cancelled: 'provisional', twice: 'provisional', wrong: 'failed' } as const),
}
interface LinesShown {
  result: ImportResult
  anew: ReadonlySet<number>
  /** Null: nothing is to be chosen any more. */
  onAnew: ((line: number, on: boolean) => void) | null
}
function Lines({ result, anew, onAnew }: LinesShown) {
  const { timeZone } = useSession().tenant
  const cell = 'px-3 py-1 align-top max-sm:block max-sm:py-0.5 max-sm:empty:hidden'
  return (
    <div className="panel">
      <table className="w-full border-collapse max-sm:[&_thead]:sr-only">
        <TableHead heads={[t.line, t.outcome, t.time, t.patient, t.with]} />
        <tbody>
          {result.lines.map((line) => (
            <tr key={line.line} className="border-t border-line max-sm:block max-sm:py-2">
              <td className={`${cell} tabular-nums`}>
                <span aria-hidden="true" className="sm:hidden">
                  {t.line}{' '}
                </span>
                {line.line}
              </td>
              <td className={`${cell} [&_span]:whitespace-normal`}>
                <StateChip tone={tones[line.is]}>{t.is[line.is]}</StateChip>
                {line.sent ? <span className="ms-2 text-quiet">{t.sent[line.sent]}</span> : null}
                {line.is === 'cancelled' && onAnew ? (
                  <label className="flex min-h-[28px] items-center gap-2">
                    <input
                      type="checkbox"
                      className="size-4"
                      aria-label={t.anewFor(line.name ?? String(line.line))}
                      checked={anew.has(line.line)}
                      onChange={(event) => onAnew(line.line, event.target.checked)}
                    />
                    {t.anew}
                  </label>
                ) : null}
                {line.problems.map(({ column, problem }) => (
                  <p key={`${column} ${problem}`} className="text-failed">
                    {column ? `${t.columns[column]} ` : ''}
                    {t.problems[problem]}
                  </p>
                ))}
              </td>
              <td className={`${cell} whitespace-nowrap`}>{line.startsAt ? shortTime(line.startsAt, timeZone) : null}</td>
              <td className={`${cell} wrap-anywhere sm:min-w-36`}>{line.name}</td>
              <td className={`${cell} wrap-anywhere sm:min-w-28`}>{line.practitioner}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <span className="sr-only">{clinicWords.visits.count(result.lines.length)}</span>
    </div>
  )
}
