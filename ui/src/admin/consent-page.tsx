import { useState } from 'react'
import { useSearchParams } from 'wouter'
import type { ConsentKindDetail } from '../client.gen.ts'
import { consentsWords as t } from '../shared/messages/consents-words.ts'
import { NotFoundPage, PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { useUnsaved } from '../shared/staff/unsaved.ts'
import { Notice } from '../shared/state-chip.tsx'
import { type ConsentDraft, consentDraftOf } from './consent-draft.ts'
import { ConsentEditor } from './consent-editor.tsx'
import { EndConsent } from './consent-end.tsx'
import { ConsentPreview } from './consent-preview.tsx'
import { ConsentVersions } from './consent-versions.tsx'
import { LanguagesChip, versionsIn } from './consents-page.tsx'
import { namesOf } from './form-check.ts'
import { BackLink, Loaded } from './one-panel.tsx'
import { type ConsentKind, codeByLaw, useConsentKind } from './use-consents.ts'

export function ConsentPage({ kind }: { kind: string }) {
  return Object.hasOwn(t.kinds, kind) ? <Known kind={kind as ConsentKind} /> : <NotFoundPage />
}

/** One kind of text: what is in force, the next version, and those of before. */
function Known({ kind }: { kind: ConsentKind }) {
  const consent = useConsentKind(kind)
  return (
    <>
      <BackLink to="/consents">{t.back}</BackLink>
      <Loaded of={consent} title={t.kinds[kind]}>
        {(detail) => (
          // Typed anew from what was read: also after it was published, here or by somebody else.
          <Sides key={consent.dataUpdatedAt} detail={detail} onAgain={() => void consent.refetch()} />
        )}
      </Loaded>
    </>
  )
}

function Sides({ detail, onAgain }: { detail: ConsentKindDetail; onAgain(): void }) {
  const mayPublish = useMay('consent-text.publish')
  const [read] = useState(() => consentDraftOf(detail))
  const [draft, setDraft] = useState<ConsentDraft>(read)
  const [hasProblems, setHasProblems] = useState(false)
  useUnsaved(JSON.stringify(draft) !== JSON.stringify(read))
  return (
    <>
      <PageTitle title={t.kinds[detail.kind]} problem={hasProblems}>
        <p className="flex flex-wrap items-center gap-2">
          <span className="text-quiet">
            {detail.inForce.length > 0 ? `${t.versionOf(detail.newest)} · ` : ''}
            {t.needs[detail.need]}
          </span>
          <LanguagesChip item={detail} />
        </p>
      </PageTitle>
      <Notices detail={detail} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="min-w-0 max-w-[60rem] space-y-6">
          {mayPublish ? <ConsentEditor detail={detail} draft={draft} onDraft={setDraft} onProblems={setHasProblems} onAgain={onAgain} /> : null}
          {mayPublish && detail.need !== 'always' && detail.inForce.length > 0 ? <EndConsent detail={detail} onAgain={onAgain} /> : null}
          <ConsentVersions versions={detail.versions} />
        </div>
        <ConsentPreview kind={detail.kind} draft={draft} languages={detail.languages} />
      </div>
    </>
  )
}

function Notices({ detail }: { detail: ConsentKindDetail }) {
  const { region } = useSession().tenant
  const [query] = useSearchParams()
  const { kind, missing, need, inForce, versions } = detail
  return (
    <div className="mb-4 max-w-[48rem] space-y-2 empty:hidden">
      {query.get('published') === versionsIn(detail) ? (
        <Notice tone="confirmed" alert>
          <p>{t.published(detail.newest)}</p>
        </Notice>
      ) : null}
      {inForce.length === 0 && versions.length > 0 && need !== 'always' ? (
        <Notice tone="checking">
          <p>{t.ended}</p>
        </Notice>
      ) : missing.length > 0 ? (
        <Notice tone={need === 'always' ? 'failed' : 'needs-someone'}>
          <p>{t.missingNotice(namesOf(missing), need === 'always')}</p>
        </Notice>
      ) : null}
      {kind === 'card-authorisation' && detail.bankAccounts && !detail.coversBankAccounts ? (
        <Notice tone="needs-someone">
          <p>{t.accountsNotice}</p>
        </Notice>
      ) : null}
      {kind === 'electronic-signature' && inForce.length > 0 && !detail.asksForCode && codeByLaw(region) ? (
        <Notice tone="needs-someone">
          <p>{t.codeNotice}</p>
        </Notice>
      ) : null}
    </div>
  )
}
