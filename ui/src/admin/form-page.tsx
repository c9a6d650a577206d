import type { LanguageTag } from '@heliox/core/kit'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { ApiError, type ClinicForm } from '../client.gen.ts'
import { formsWords as t } from '../shared/messages/forms-words.ts'
import { NotFoundPage, PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { useUnsaved } from '../shared/staff/unsaved.ts'
import { Notice } from '../shared/state-chip.tsx'
import { shortTime } from '../shared/time.ts'
import { namesOf } from './form-check.ts'
import { draftOf, type FormDraft } from './form-draft.ts'
import { FormEditor } from './form-editor.tsx'
import { FormPreview } from './form-preview.tsx'
import { AskedChip, CompleteChip } from './forms-page.tsx'
import { BackLink, Loaded } from './one-panel.tsx'
import { useClinicForm, useForms } from './use-forms.ts'

const empty: FormDraft = { title: {}, questions: [] }

export function NewFormPage() {
  const forms = useForms()
  return (
    <>
      <BackLink to="/forms">{t.back}</BackLink>
      <Loaded of={forms} title={t.newTitle}>
        {({ items, languages }) => (
          <Sides title={t.newTitle} form={null} languages={languages} taken={items.map(({ id }) => id)} onAgain={() => void forms.refetch()} />
        )}
      </Loaded>
    </>
  )
}

export function FormPage({ formId }: { formId: string }) {
  const form = useClinicForm(formId)
  if (form.error instanceof ApiError && (form.error.status === 404 || form.error.status === 400)) return <NotFoundPage />
  return (
    <>
      <BackLink to="/forms">{t.back}</BackLink>
      <Loaded of={form} title={t.page}>
        {(read) => (
          // Typed anew from what was read: also after it was published, here or by somebody else.
          <Sides key={form.dataUpdatedAt} title={read.title} form={read} languages={read.languages} taken={[]} onAgain={() => void form.refetch()} />
        )}
      </Loaded>
    </>
  )
}

/** What is written, and beside it what a patient will see of it. */
function Sides({
  title,
  form,
  languages,
  taken,
  onAgain,
}: {
  title: string
  form: ClinicForm | null
  languages: readonly LanguageTag[]
  taken: readonly string[]
  onAgain(): void
}) {
  const mayWrite = useMay('form.write')
  const [read] = useState(() => (form ? draftOf(form) : empty))
  const [draft, setDraft] = useState(read)
  useUnsaved(JSON.stringify(draft) !== JSON.stringify(read))
  const [hasProblems, setHasProblems] = useState(false)
  return (
    <>
      <PageTitle title={title} problem={hasProblems}>
        {form ? <FormState form={form} /> : null}
      </PageTitle>
      <FormNotices form={form} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-[minmax(0,1fr)_26rem]">
        {mayWrite ? (
          <FormEditor form={form} draft={draft} languages={languages} taken={taken} onDraft={setDraft} onProblems={setHasProblems} onAgain={onAgain} />
        ) : null}
        <FormPreview draft={draft} languages={languages} />
      </div>
    </>
  )
}

function FormState({ form }: { form: ClinicForm }) {
  return (
    <p className="flex flex-wrap items-center gap-2">
      <span className="text-quiet">{t.versionOf(form.version)}</span>
      <AskedChip form={form} />
      <CompleteChip missing={form.incomplete} />
    </p>
  )
}

function FormNotices({ form }: { form: ClinicForm | null }) {
  const { timeZone } = useSession().tenant
  const [query] = useSearchParams()
  const isPublished = form !== null && query.get('published') === String(form.version) && form.endedAt === null
  return (
    <div className="mb-4 max-w-[48rem] space-y-2 empty:hidden">
      {isPublished ? (
        <Notice tone="confirmed" alert>
          <p>{t.published(form.version)}</p>
        </Notice>
      ) : null}
      {form?.endedAt ? (
        <Notice tone="checking">
          <p>{t.endedSince(shortTime(form.endedAt, timeZone))}</p>
        </Notice>
      ) : null}
      {form && form.incomplete.length > 0 ? (
        <Notice tone="needs-someone">
          <p>{t.incomplete(namesOf(form.incomplete))}</p>
        </Notice>
      ) : null}
    </div>
  )
}
