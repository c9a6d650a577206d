import type { ApiError } from '../client.gen.ts'
import { useText } from '../shared/messages/index.ts'
import { usePageHeading } from './step-page.tsx'

/** The form could not be opened: why, and what to do about it. */
export function ProblemPage({ error, onAgain }: { error: ApiError; onAgain(): void }) {
  const text = useText()
  const t = text.problem
  const [title, words, again] =
    error.status === 410
      ? [t.endedTitle, t.endedText, false]
      : error.status === 404 || error.status === 401 || error.status === 403 || error.status === 421
        ? [t.unknownTitle, t.unknownText, false]
        : error.status === 429
          ? [t.busyTitle, t.busyText, true]
          : [t.loadTitle, t.loadText, true]
  const heading = usePageHeading(title, 'Heliox')
  return (
    <div className="space-y-4">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p>{words}</p>
      {error.correlationId ? <p className="text-quiet wrap-anywhere">{t.reference(error.correlationId)}</p> : null}
      {again ? (
        <button type="button" className="button button-main" onClick={onAgain}>
          {text.tryAgain}
        </button>
      ) : null}
    </div>
  )
}

/** On the way to the status page; stays readable when the way there is slow, or when Back leads here. */
export function AlreadySent({ statusUrl, edited }: { statusUrl: string; edited: boolean }) {
  const text = useText()
  const heading = usePageHeading(text.problem.sentTitle, 'Heliox')
  return (
    <div className="space-y-4">
      <h1 ref={heading} tabIndex={-1}>
        {text.problem.sentTitle}
      </h1>
      <p>{edited ? text.problem.sentBefore : text.problem.sentText}</p>
      <a className="button button-main" href={statusUrl}>
        {text.problem.sentLink}
      </a>
    </div>
  )
}
