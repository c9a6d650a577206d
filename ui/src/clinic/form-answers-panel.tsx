import { useMutation } from '@tanstack/react-query'
import { type AnsweredForm, getFormAnswers } from '../client.gen.ts'
import { answeredWords as t } from '../shared/messages/forms-words.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { dateText } from '../shared/time.ts'

/** What the patient answered to the clinic's own questions. Fetched only when asked for: each look is in the audit log. */
export function FormAnswersPanel({ intakeId }: { intakeId: string }) {
  const open = useMutation({ mutationFn: () => getFormAnswers({ params: { intakeId } }), gcTime: 0 })
  return (
    <section aria-labelledby="form-answers-title" className="panel space-y-3 p-4">
      <h2 id="form-answers-title">{t.title}</h2>
      {open.data ? null : (
        <>
          <p className="text-quiet">{t.audited}</p>
          <button type="button" className="button" aria-disabled={open.isPending} onClick={() => open.isPending || open.mutate()}>
            {open.isPending ? t.loading : t.show}
          </button>
        </>
      )}
      {open.isError ? <ProblemNotice error={open.error} words={t.failed} /> : null}
      <div role="status" className="space-y-4 empty:hidden">
        {open.data?.items.length === 0 ? <p>{t.none}</p> : null}
        {open.data?.items.map((form) => (
          <Answered key={form.id} form={form} />
        ))}
      </div>
    </section>
  )
}

function Answered({ form }: { form: AnsweredForm }) {
  return (
    <div className="space-y-2">
      <h3 className="font-semibold">{form.title}</h3>
      {form.isRecorded ? null : <p className="text-quiet">{t.notRecorded}</p>}
      <dl className="space-y-2 wrap-anywhere">
        {form.questions.map((question, index) => (
          // Two questions may have the same words.
          <div key={index}>
            <dt className="text-quiet">{question.label}</dt>
            <dd className="whitespace-pre-line">{answerOf(question)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function answerOf({ is, words }: AnsweredForm['questions'][number]): string {
  if (is === 'none') return t.noAnswer
  if (is === 'yes' || is === 'no') return t[is]
  return (is === 'date' ? words.map(dateText) : words).join(', ')
}
