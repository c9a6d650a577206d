import type { IntakeView } from '../client.gen.ts'
import { useText } from '../shared/messages/index.ts'
import { nowMs } from '../shared/time.ts'
import { dayText, timeText } from './dates.ts'
import type { Draft } from './draft.ts'
import type { Theirs } from './server-draft.ts'
import { usePageHeading } from './step-page.tsx'

/** Two devices went on apart. Neither is thrown away before the patient says which. */
export function ConflictPage({ draft, theirs, clinic, settle }: { draft: Draft; theirs: Theirs; clinic: IntakeView['clinic']; settle(take: boolean): void }) {
  const text = useText()
  const t = text.conflict
  const heading = usePageHeading(t.title, clinic.name)
  const here = new Date(draft.changedAtMs ?? nowMs()).toISOString()
  const there = theirs.draft?.savedAt ?? null
  const when = (at: string): string => t.at(`${dayText(at, clinic.timeZone, text.tag)}, ${timeText(at, clinic.timeZone, text.tag)}`)
  const options = [
    { name: t.there, words: there ? when(there) : t.cleared, newer: there !== null && there > here, take: true, button: there ? t.take : t.takeCleared },
    { name: t.here, words: when(here), newer: there !== null && here > there, take: false, button: t.keep },
  ]
  return (
    <div className="space-y-6" data-page="conflict">
      <div className="space-y-2">
        <h1 ref={heading} tabIndex={-1}>
          {t.title}
        </h1>
        <p>{t.lead}</p>
      </div>
      {options.map((option) => (
        <section key={option.name} aria-label={option.name} className="panel space-y-2 p-4">
          <h2>
            {option.name}
            {option.newer ? <span className="font-normal text-quiet"> ({t.newer})</span> : null}
          </h2>
          <p>{option.words}</p>
          <button type="button" className={option.newer ? 'button button-main' : 'button'} onClick={() => settle(option.take)}>
            {option.button}
          </button>
        </section>
      ))}
    </div>
  )
}
