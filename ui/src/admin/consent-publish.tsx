import type { LanguageTag } from '@heliox/core/kit'
import { languageNames } from '@heliox/core/messages'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useLocation } from 'wouter'
import { ApiError, type ConsentKindDetail, saveConsentTexts } from '../client.gen.ts'
import type { ShownProblem } from '../shared/error-summary.tsx'
import { consentsWords as t } from '../shared/messages/consents-words.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { wordsAreKept } from '../shared/staff/unsaved.ts'
import { type ConsentDraft, changedLanguages, inForceIn, refusedControl, textsToSave } from './consent-draft.ts'
import { DialogEnd } from './publish-end.tsx'
import { consentsKey } from './use-consents.ts'
import { type DiffPart, diffWords } from './word-diff.ts'

/** What differs from the words in force, then the button that puts the new ones in force for good. */
export function PublishConsent({
  open,
  detail,
  draft,
  onClose,
  onAgain,
  onRefused,
}: {
  open: boolean
  detail: ConsentKindDetail
  draft: ConsentDraft
  onClose(): void
  onAgain(): void
  onRefused(problems: readonly ShownProblem[]): void
}) {
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const next = detail.newest + 1
  const changed = changedLanguages(detail, draft)
  const covers = draft.coversBankAccounts === detail.coversBankAccounts ? null : draft.coversBankAccounts
  const differs = changed.length > 0 || covers !== null
  const publish = useMutation({
    mutationFn: () =>
      saveConsentTexts({
        params: { consentKind: detail.kind },
        headers: { 'if-match': `"${detail.newest}"` },
        body: textsToSave(draft, detail.languages),
      }),
    onSuccess: async ({ version }) => {
      wordsAreKept()
      onClose()
      navigate(`/consents/${detail.kind}?published=${version}`)
      await client.invalidateQueries({ queryKey: consentsKey })
    },
    onError: (error) => {
      if (error instanceof ApiError && error.fields.length > 0)
        onRefused(error.fields.map(({ path, message }) => ({ id: refusedControl(path), message: t.at(message) })))
    },
    gcTime: 0,
  })
  const close = (): void => {
    publish.reset()
    onClose()
  }
  return (
    <StaffDialog open={open} wide title={t.publishTitle(next)} lead={!differs ? t.nothing : detail.newest === 0 ? t.first : t.publishLead} onClose={close}>
      <div className="space-y-4">
        {open && differs
          ? detail.languages.map((language) => (
              <LanguageDiff key={language} detail={detail} draft={draft} language={language} isChanged={changed.includes(language)} />
            ))
          : null}
        {covers === null ? null : <p>{covers ? t.coversNow : t.coversNoMore}</p>}
        {differs ? <p>{t.publishEffect}</p> : null}
        <DialogEnd
          error={publish.error}
          isPending={publish.isPending}
          words={{ go: t.publishNow(next), going: t.publishing, cancel: t.cancel, changedMeanwhile: t.changedMeanwhile, loadAgain: t.loadAgain }}
          told={{ 'nothing-changed': t.nothing }}
          onGo={differs ? () => publish.mutate() : undefined}
          onCancel={close}
          onAgain={() => {
            close()
            onAgain()
          }}
        />
      </div>
    </StaffDialog>
  )
}

function LanguageDiff({ detail, draft, language, isChanged }: { detail: ConsentKindDetail; draft: ConsentDraft; language: LanguageTag; isChanged: boolean }) {
  const before = inForceIn(detail, language)
  const after = textsToSave(draft, [language]).texts[language]
  const title = useMemo(() => diffWords(before?.title ?? '', after?.title ?? ''), [before?.title, after?.title])
  const body = useMemo(() => diffWords(before?.body ?? '', after?.body ?? ''), [before?.body, after?.body])
  return (
    <section aria-labelledby={`diff-${language}`} className="space-y-1">
      <h3 id={`diff-${language}`} className="font-semibold">
        {languageNames[language]}
      </h3>
      {!isChanged ? (
        <p className="text-quiet">{t.same}</p>
      ) : !before ? (
        <p className="text-quiet">{t.notBefore}</p>
      ) : (
        <div lang={language} className="space-y-2">
          <p className="font-medium">
            <Parts parts={title} />
          </p>
          <p className="whitespace-pre-line">
            <Parts parts={body} />
          </p>
        </div>
      )}
    </section>
  )
}

/** Marked by a line and in words: colour says nothing here. */
const Parts = ({ parts }: { parts: readonly DiffPart[] }) =>
  parts.map(({ is, text }, index) =>
    is === 'same' ? (
      <span key={index}>{text}</span>
    ) : is === 'gone' ? (
      <del key={index} className="text-quiet line-through">
        <span lang="en" className="sr-only">
          {t.gone}
        </span>
        {text}
        <span lang="en" className="sr-only">
          {t.end}
        </span>
      </del>
    ) : (
      <ins key={index} className="bg-raised font-semibold underline decoration-2 underline-offset-2">
        <span lang="en" className="sr-only">
          {t.added}
        </span>
        {text}
        <span lang="en" className="sr-only">
          {t.end}
        </span>
      </ins>
    ),
  )
