import type { LanguageTag } from '@heliox/core/kit'
import { languageNames } from '@heliox/core/messages'
import { type FormEvent, useState } from 'react'
import type { ConsentKindDetail } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { CheckField, ProblemContext, TextAreaField, TextField } from '../shared/fields.tsx'
import { consentsWords as t } from '../shared/messages/consents-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { useSession } from '../shared/staff/shell.tsx'
import { type ConsentDraft, consentProblems, controlOf, hasCode, withCode, withWords, wordsIn } from './consent-draft.ts'
import { PublishConsent } from './consent-publish.tsx'
import { codeByLaw } from './use-consents.ts'

const bodyCharsMax = 8000

/** The next version over all of the clinic's languages at once. Nothing is kept before it is published. */
export function ConsentEditor({
  detail,
  draft,
  onDraft,
  onProblems,
  onAgain,
}: {
  detail: ConsentKindDetail
  draft: ConsentDraft
  onDraft(draft: ConsentDraft): void
  onProblems(has: boolean): void
  onAgain(): void
}) {
  const { region } = useSession().tenant
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const [isAsking, setIsAsking] = useState(false)
  const { kind, languages } = detail
  const say = (found: readonly ShownProblem[]): void => {
    setProblems(found)
    setRound((n) => n + 1)
    onProblems(found.length > 0)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = consentProblems(kind, draft, languages, codeByLaw(region))
    say(found)
    setIsAsking(found.length === 0)
  }
  return (
    <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
      <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
      <form noValidate onSubmit={submit} aria-labelledby="next-title" className="space-y-4">
        <h2 id="next-title">{t.next}</h2>
        {kind === 'electronic-signature' ? <p>{t.codeHint}</p> : null}
        {languages.map((language) => (
          <LanguageFields key={language} kind={kind} language={language} draft={draft} onDraft={onDraft} />
        ))}
        {kind === 'card-authorisation' ? (
          <CheckField
            id="coversBankAccounts"
            label={t.coversBankAccounts}
            note={t.coversHint}
            checked={draft.coversBankAccounts}
            onChange={(coversBankAccounts) => onDraft({ ...draft, coversBankAccounts })}
          />
        ) : null}
        <button type="submit" className="button button-main">
          {t.publish}
        </button>
      </form>
      <PublishConsent
        open={isAsking}
        detail={detail}
        draft={draft}
        onClose={() => setIsAsking(false)}
        onAgain={onAgain}
        onRefused={(found) => {
          setIsAsking(false)
          say(found)
        }}
      />
    </ProblemContext>
  )
}

function LanguageFields({
  kind,
  language,
  draft,
  onDraft,
}: {
  kind: ConsentKindDetail['kind']
  language: LanguageTag
  draft: ConsentDraft
  onDraft(draft: ConsentDraft): void
}) {
  const words = wordsIn(draft, language)
  const name = languageNames[language]
  return (
    <fieldset className="panel space-y-3 p-4">
      <legend className="float-start mb-2 font-semibold">{name}</legend>
      <div className="clear-both space-y-3">
        <TextField
          id={controlOf(language, 'title')}
          label={t.titleIn(name)}
          lang={language}
          maxLength={120}
          autoComplete="off"
          value={words.title}
          onChange={(title) => onDraft(withWords(draft, language, { title }))}
        />
        <TextAreaField
          id={controlOf(language, 'body')}
          label={t.bodyIn(name)}
          hint={t.bodyHint}
          lang={language}
          rows={10}
          maxLength={bodyCharsMax}
          value={words.body}
          onChange={(body) => onDraft(withWords(draft, language, { body }))}
        />
        {kind === 'electronic-signature' && !hasCode(words) ? (
          <button type="button" className="button" onClick={() => onDraft(withWords(draft, language, { body: withCode(words.body) }))}>
            {t.addCode(name)}
          </button>
        ) : null}
      </div>
    </fieldset>
  )
}
