import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { ApiError, getContact, type Journey, saveContact } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { ProblemContext } from '../shared/fields.tsx'
import { deskWords } from '../shared/messages/desk-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { dateText } from '../shared/time.ts'
import { type Contact, editOf, saveOf, type TypedContact } from './contact-edit.ts'
import { ContactFields, contactProblems, contactRefusals } from './contact-fields.tsx'

const t = deskWords.contact

/** Whom the visit is for and how they are reached. Each look is in the audit log, so it is taken once and not with every change of state. */
export function ContactPanel({ journey: { visitId, intake } }: { journey: Journey & { visitId: string } }) {
  const mayEdit = useMay('contact.save')
  const [editing, setEditing] = useState(false)
  const [saved, setSaved] = useState(false)
  const contact = useQuery({
    queryKey: ['contact', visitId, intake === 'submitted'],
    queryFn: ({ signal }) => getContact({ params: { visitId } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    gcTime: 0,
  })
  const known = contact.data?.contact ?? null
  return (
    <section aria-labelledby="contact-title" className="panel space-y-3 p-4">
      <h2 id="contact-title">{t.title}</h2>
      {contact.isPending ? (
        <p className="text-quiet">{staff.loading}</p>
      ) : !contact.data ? (
        <ProblemNotice error={contact.error} words={t.failed} onAgain={() => void contact.refetch()} />
      ) : known ? (
        <Details contact={known} isPatients={contact.data.source === 'patient'} />
      ) : (
        <p className="text-quiet">{t.none}</p>
      )}
      <div role="status">
        {saved ? (
          <Notice tone="confirmed">
            <p>{t.saved}</p>
          </Notice>
        ) : null}
      </div>
      {mayEdit && contact.data ? (
        <button
          type="button"
          className="button"
          onClick={() => {
            setSaved(false)
            setEditing(true)
          }}
        >
          {known ? t.edit : t.add}
        </button>
      ) : null}
      {editing ? (
        <EditDialog
          visitId={visitId}
          known={contact.data ?? { contact: null, version: 0 }}
          onClose={(done) => {
            setEditing(false)
            setSaved(done)
          }}
        />
      ) : null}
    </section>
  )
}

function Details({ contact, isPatients }: { contact: Contact; isPatients: boolean }) {
  return (
    <div>
      <p className="font-medium">
        {contact.familyName}, {contact.givenName}
      </p>
      <p>
        {contact.birthDate ? `${dateText(contact.birthDate)} · ` : ''}
        {t.languages[contact.language]}
      </p>
      <p className="wrap-anywhere">
        {contact.phone ?? t.noPhone}
        {contact.phone ? <span className="text-quiet"> ({contact.smsAllowed ? t.texts.yes : t.texts.no})</span> : null}
      </p>
      <p className="wrap-anywhere">{contact.email ?? t.noEmail}</p>
      {isPatients ? <p className="text-quiet">{t.patients}</p> : null}
    </div>
  )
}

interface Editing {
  visitId: string
  known: Parameters<typeof editOf>[0]
  onClose(done: boolean): void
}
function EditDialog({ visitId, known, onClose }: Editing) {
  const { timeZone, languages } = useSession().tenant
  const queries = useQueryClient()
  const [edit, setEdit] = useState(() => editOf(known, languages))
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const tell = (found: readonly ShownProblem[]): void => {
    setProblems(found)
    setRound((n) => n + 1)
  }
  const save = useMutation({
    mutationFn: (clears: boolean) => saveContact(saveOf(visitId, edit, clears)),
    onSuccess: (kept) => {
      for (const sent of [true, false]) queries.setQueryData(['contact', visitId, sent], kept)
      void queries.invalidateQueries({ queryKey: ['names'] })
      void queries.invalidateQueries({ queryKey: ['messages'] })
      onClose(true)
    },
    onError: (error) => {
      if (error instanceof ApiError) tell(contactRefusals(error.fields))
      if (codeOf(error) === 'changed-meanwhile') void queries.invalidateQueries({ queryKey: ['contact', visitId] })
    },
    gcTime: 0,
  })
  const asksToClear = codeOf(save.error) === 'typed-already'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (save.isPending) return
    const found = contactProblems(edit.typed, timeZone)
    tell(found)
    if (found.length === 0) save.mutate(asksToClear)
  }
  const change = (typed: TypedContact): void => {
    // What was asked was asked of other words.
    if (asksToClear) save.reset()
    setEdit({ ...edit, typed })
  }
  return (
    <StaffDialog open title={t.editTitle} lead={t.editLead} onClose={() => onClose(false)}>
      <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
        <form noValidate onSubmit={submit} className="space-y-4">
          <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
          <ContactFields typed={edit.typed} onChange={change} />
          {save.isError && problems.length === 0 ? <Refused error={save.error} /> : null}
          <div className="flex flex-wrap gap-2">
            <button type="submit" className="button button-main" aria-disabled={save.isPending}>
              {save.isPending ? t.saving : asksToClear ? t.saveAndClear : t.save}
            </button>
            <button type="button" className="button" onClick={() => onClose(false)}>
              {staff.cancel}
            </button>
          </div>
        </form>
      </ProblemContext>
    </StaffDialog>
  )
}

const codeOf = (error: unknown): string | null => (error instanceof ApiError ? error.code : null)
/** What a refusal means here, and what to do next. */
function Refused({ error }: { error: unknown }) {
  const code = codeOf(error)
  if (code === 'changed-meanwhile') {
    return (
      <Notice tone="provisional" title={t.changedTitle} alert>
        <p>{t.changed}</p>
      </Notice>
    )
  }
  if (code === 'typed-already') {
    return (
      <Notice tone="needs-someone" title={t.typedTitle} alert>
        <p>{t.typed}</p>
      </Notice>
    )
  }
  if (code !== 'intake-closed') return <ProblemNotice error={error} />
  return (
    <Notice tone="needs-someone" title={t.anotherTitle} alert>
      <p>{t.another}</p>
      <p>
        <Link href="/new" className="inline-block min-h-[24px]">
          {t.anotherVisit}
        </Link>
      </p>
    </Notice>
  )
}
