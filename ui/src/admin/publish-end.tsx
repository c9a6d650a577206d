import { ApiError } from '../client.gen.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { Notice } from '../shared/state-chip.tsx'

/** The end of a dialog that publishes: what went wrong, the button that does it, the way out; and, where somebody else was faster, theirs. */
export function DialogEnd({
  error,
  isPending,
  words,
  told = {},
  onGo,
  onCancel,
  onAgain,
}: {
  error: unknown
  isPending: boolean
  words: { go: string; going: string; cancel: string; changedMeanwhile: string; loadAgain: string }
  /** Refusals that need words of their own. */
  told?: Readonly<Record<string, string>>
  /** Left out: there is nothing to do. */
  onGo?: (() => void) | undefined
  onCancel(): void
  onAgain(): void
}) {
  const code = error instanceof ApiError ? error.code : undefined
  const isLate = code === 'changed-meanwhile'
  return (
    <div className="space-y-4">
      {isLate ? (
        <Notice tone="failed" alert>
          <p>{words.changedMeanwhile}</p>
          <button type="button" className="button mt-2" onClick={onAgain}>
            {words.loadAgain}
          </button>
        </Notice>
      ) : error ? (
        <ProblemNotice error={error} words={code === undefined ? undefined : told[code]} />
      ) : null}
      <div className="flex flex-wrap gap-3">
        {onGo && !isLate ? (
          <button type="button" className="button button-main" aria-disabled={isPending} onClick={() => isPending || onGo()}>
            {isPending ? words.going : words.go}
          </button>
        ) : null}
        <button type="button" className="button" onClick={onCancel}>
          {words.cancel}
        </button>
      </div>
    </div>
  )
}
