import type { LanguageTag } from '@heliox/core/kit'
import { languageNames } from '@heliox/core/messages'
import { Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { ClinicForm } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { ProblemContext, TextField } from '../shared/fields.tsx'
import { formsWords as t } from '../shared/messages/forms-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { controlOf, draftProblems } from './form-check.ts'
import { type FormDraft, newQuestion, type QuestionDraft } from './form-draft.ts'
import { PublishForm, StopForm } from './form-publish.tsx'
import { moveId, QuestionFields } from './question-fields.tsx'
import { useNextFocus } from './use-next-focus.ts'

const questionsMax = 30

/** The questions of one form, for somebody who knows no JSON: words, kinds, order. Nothing is kept before it is published. */
export function FormEditor({
  form,
  draft,
  languages,
  taken,
  onDraft,
  onProblems,
  onAgain,
}: {
  form: ClinicForm | null
  draft: FormDraft
  languages: readonly LanguageTag[]
  /** Ids of the clinic's other forms. */
  taken: readonly string[]
  onDraft(draft: FormDraft): void
  onProblems(has: boolean): void
  onAgain(): void
}) {
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const [isAsking, setIsAsking] = useState(false)
  const [said, setSaid] = useState('')
  const focusNext = useNextFocus()
  const { questions } = draft
  const say = (found: readonly ShownProblem[]): void => {
    setProblems(found)
    setRound((n) => n + 1)
    onProblems(found.length > 0)
  }
  const set = (next: readonly QuestionDraft[], told = ''): void => {
    setSaid(told)
    onDraft({ ...draft, questions: [...next] })
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = draftProblems(draft, languages)
    say(found)
    setIsAsking(found.length === 0)
  }
  const move = (index: number, by: 1 | -1): void => {
    const next = [...questions]
    const [moved] = next.splice(index, 1)
    if (!moved) return
    next.splice(index + by, 0, moved)
    focusNext(moveId(moved.name, by))
    set(next, t.moved(index + by + 1, next.length))
  }
  const add = (): void => {
    const question = newQuestion()
    focusNext(controlOf.part(question.name, 'kind'))
    set([...questions, question])
  }
  return (
    <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
      <div className="min-w-0 max-w-[60rem] space-y-4">
        <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
        <form noValidate onSubmit={submit} aria-label={t.questions} className="space-y-4">
          <fieldset className="grid gap-3 sm:grid-cols-2">
            <legend className="mb-2 font-medium">{t.title}</legend>
            {languages.map((language) => (
              <TextField
                key={language}
                id={controlOf.title(language)}
                label={t.titleIn(languageNames[language])}
                lang={language}
                maxLength={80}
                autoComplete="off"
                value={draft.title[language] ?? ''}
                onChange={(words) => onDraft({ ...draft, title: { ...draft.title, [language]: words } })}
              />
            ))}
          </fieldset>
          <h2>{t.questions}</h2>
          {questions.length === 0 ? <p className="text-quiet">{t.none}</p> : null}
          {questions.map((question, index) => (
            <QuestionFields
              key={question.name}
              question={question}
              languages={languages}
              isAsked={form !== null && Object.hasOwn((form.definition.schema.properties ?? {}) as object, question.name)}
              moves={{
                index,
                count: questions.length,
                move: (by) => move(index, by),
                remove: () => {
                  focusNext(controlOf.add)
                  set(questions.filter((one) => one !== question))
                },
              }}
              onChange={(changed) => set(questions.map((one) => (one === question ? changed : one)))}
            />
          ))}
          <p role="status" className="sr-only">
            {said}
          </p>
          <button type="button" id={controlOf.add} className="button" disabled={questions.length >= questionsMax} onClick={add}>
            <Plus aria-hidden="true" className="size-4" />
            {t.addQuestion}
          </button>
          <div className="flex flex-wrap gap-3 border-t border-line pt-4">
            <button type="submit" className="button button-main">
              {t.publish}
            </button>
            {form && form.endedAt === null ? <StopForm form={form} onAgain={onAgain} /> : null}
          </div>
        </form>
        <PublishForm
          open={isAsking}
          form={form}
          draft={draft}
          languages={languages}
          taken={taken}
          onClose={() => setIsAsking(false)}
          onAgain={onAgain}
          onRefused={(found) => {
            setIsAsking(false)
            say(found)
          }}
        />
      </div>
    </ProblemContext>
  )
}
