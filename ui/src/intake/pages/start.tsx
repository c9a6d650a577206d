import { ChevronRight, Circle, CircleCheck, CircleDot, Lock } from 'lucide-react'
import { useText } from '../../shared/messages/index.ts'
import { visitTime } from '../../shared/time.ts'
import { useForm } from '../context.ts'
import { usePageHeading } from '../step-page.tsx'
import { hashOf, type SectionId, type StepId, sections, stepsFor } from '../steps.ts'
import { nextOpen } from '../steps-done.ts'
import { allProblems, isComplete } from '../validate.ts'

type Progress = 'done' | 'some' | 'none' | 'later'
const progressIcon = { done: CircleCheck, some: CircleDot, none: Circle, later: Lock }

/** What is asked, how long it takes, what to have at hand, and how far this patient is. */
export function StartPage() {
  const form = useForm()
  const { intake, draft, language } = form
  const text = useText()
  const t = text.start
  const heading = usePageHeading(t.title, intake.clinic.name)
  const steps = stepsFor(form)
  const done = (step: StepId): boolean => isComplete(step, form)
  const progressOf = (id: SectionId, mine: readonly StepId[]): Progress => {
    if (id === 'check') return allProblems(form).length === 0 ? 'none' : 'later'
    if (mine.every(done)) return 'done'
    return mine.some((step) => draft.seen.includes(step)) ? 'some' : 'none'
  }
  const next = nextOpen(form)
  // What to pay with is the last of them.
  const handItems = intake.card === null ? t.handItems.slice(0, -1) : t.handItems
  return (
    <div className="space-y-6">
      <div className="space-y-1">
        <h1 ref={heading} tabIndex={-1}>
          {t.title}
        </h1>
        <p className="first-letter:uppercase">
          {visitTime(intake.visit.startsAt, intake.clinic.timeZone, language)}, {t.withWhom(intake.visit.practitioner)}
        </p>
      </div>
      <div className="space-y-1">
        <p>
          {t.time} {t.hand}
        </p>
        <ul className="list-disc ps-6">
          {handItems.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      </div>
      <h2>{t.tasks}</h2>
      <ol className="panel divide-y divide-line">
        {sections.map(({ id, has }) => {
          const own = steps.filter(has)
          const [begin] = own
          if (!begin) return null
          const progress = progressOf(id, own)
          const Icon = progressIcon[progress]
          const first = own.find((step) => !done(step)) ?? begin
          const name = id === 'questions' ? text.more.questions : t.sections[id]
          const words = (
            <span className="inline-flex items-center gap-2 text-quiet">
              <Icon aria-hidden="true" className="size-[1em] flex-none" />
              {t[progress]}
            </span>
          )
          return (
            <li key={id}>
              {progress === 'later' ? (
                <div className="flex min-h-[56px] flex-col justify-center px-4 py-2 sm:flex-row sm:items-center sm:justify-between sm:gap-4">
                  <span>{name}</span>
                  {words}
                </div>
              ) : (
                <a
                  href={hashOf(first)}
                  className="flex min-h-[56px] flex-col justify-center px-4 py-2 sm:flex-row sm:items-center sm:justify-between sm:gap-4 no-underline hover:bg-raised"
                >
                  <span className="underline underline-offset-3">
                    {name}
                    {/* Beside the last word, also where the name needs two lines. */}
                    <ChevronRight aria-hidden="true" className="ms-1 inline size-[1em] align-[-0.125em] rtl:-scale-x-100" />
                  </span>
                  {words}
                </a>
              )}
            </li>
          )
        })}
      </ol>
      <p className="text-quiet">
        {t.keep} {text.more.expires(visitTime(intake.expiresAt, intake.clinic.timeZone, language))}
      </p>
      <a href={hashOf(next)} className="button button-main w-full sm:w-auto">
        {draft.seen.length === 0 ? t.begin : t.goOn}
      </a>
      <details>
        <summary>{t.why}</summary>
        <p className="mt-2">
          {t.whyText}
          {intake.card === null ? null : ` ${t.whyPay}`}
        </p>
      </details>
      {draft.seen.length > 0 ? <ClearAnswers /> : null}
    </div>
  )
}

/** For a phone that is not one's own. */
function ClearAnswers() {
  const { clear } = useForm()
  const text = useText()
  return (
    <details>
      <summary>{text.clearAnswers}</summary>
      <p className="my-2">{text.clearQuestion}</p>
      <button type="button" className="button" onClick={clear}>
        {text.clearYes}
      </button>
    </details>
  )
}
