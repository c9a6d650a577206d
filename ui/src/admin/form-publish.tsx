import type { LanguageTag } from '@heliox/core/kit'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { ApiError, type ClinicForm, saveForm } from '../client.gen.ts'
import type { ShownProblem } from '../shared/error-summary.tsx'
import { formsWords as t } from '../shared/messages/forms-words.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { wordsAreKept } from '../shared/staff/unsaved.ts'
import { EndButton } from './end-button.tsx'
import { changesOf, refusedControl } from './form-check.ts'
import { definitionOf, type FormDraft, newName } from './form-draft.ts'
import { DialogEnd } from './publish-end.tsx'
import { formsKey } from './use-forms.ts'

const idCharsMax = 30
/** Out of the title, so that whoever reads the api knows which it is; never one that was used. */
function newId(title: string, taken: readonly string[]): string {
  const plain = title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, idCharsMax)
  const id = plain || 'form'
  return taken.includes(id) ? `${id}-${newName('').slice(0, 6)}` : id
}
const ifMatch = (version: number): { 'if-match': string } => ({ 'if-match': `"${version}"` })

/** What changes, told before it does. */
export function PublishForm({
  open,
  form,
  draft,
  languages,
  taken,
  onClose,
  onAgain,
  onRefused,
}: {
  open: boolean
  form: ClinicForm | null
  draft: FormDraft
  languages: readonly LanguageTag[]
  taken: readonly string[]
  onClose(): void
  onAgain(): void
  onRefused(problems: readonly ShownProblem[]): void
}) {
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const next = (form?.version ?? 0) + 1
  const changes = open ? [...(form?.endedAt ? [t.change.again] : []), ...changesOf(form?.definition ?? null, draft, languages)] : []
  const publish = useMutation({
    mutationFn: async () => {
      const formId = form?.id ?? newId(languages.map((language) => draft.title[language]).find(Boolean) ?? '', taken)
      const { version } = await saveForm({ params: { formId }, headers: ifMatch(form?.version ?? 0), body: { definition: definitionOf(draft, languages) } })
      return { formId, version }
    },
    onSuccess: async ({ formId, version }) => {
      wordsAreKept()
      onClose()
      navigate(`/forms/${formId}?published=${version}`)
      await client.invalidateQueries({ queryKey: formsKey })
    },
    onError: (error) => {
      if (error instanceof ApiError && error.fields.length > 0) {
        onRefused(error.fields.map(({ path, message }) => ({ id: refusedControl(path, draft), message: t.at(message) })))
      }
    },
    gcTime: 0,
  })
  const close = (): void => {
    publish.reset()
    onClose()
  }
  return (
    <StaffDialog open={open} title={t.publishTitle(next)} lead={changes.length > 0 ? t.publishLead : t.nothing} onClose={close}>
      <div className="space-y-4">
        {changes.length > 0 ? (
          <ul className="list-disc space-y-1 ps-5 wrap-anywhere">
            {changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        ) : null}
        {changes.length > 0 ? <p>{t.publishEffect}</p> : null}
        <DialogEnd
          error={publish.error}
          isPending={publish.isPending}
          words={{ go: t.publishNow(next), going: t.publishing, cancel: t.cancel, changedMeanwhile: t.changedMeanwhile, loadAgain: t.loadAgain }}
          told={{ 'too-many-forms': t.tooMany, 'too-large': t.tooLarge }}
          onGo={changes.length > 0 ? () => publish.mutate() : undefined}
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

export function StopForm({ form, onAgain }: { form: ClinicForm; onAgain(): void }) {
  const client = useQueryClient()
  return (
    <EndButton
      label={t.stop}
      title={t.stopTitle}
      lead={t.stopText}
      words={{ go: t.stopNow, going: t.publishing, cancel: t.cancel, changedMeanwhile: t.changedMeanwhile, loadAgain: t.loadAgain }}
      end={() => saveForm({ params: { formId: form.id }, headers: ifMatch(form.version), body: { definition: null } })}
      onEnded={() => client.invalidateQueries({ queryKey: formsKey })}
      onAgain={onAgain}
    />
  )
}
