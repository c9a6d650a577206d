import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { ApiError, createVisit, listDay, type VisitCreated } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { ProblemContext, TextField } from '../shared/fields.tsx'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { deskWords } from '../shared/messages/desk-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { CopyButton } from '../shared/staff/copy-button.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { PageTitle, useSession } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { clockTime, dayOf, instantIn, nowMs, shortTime } from '../shared/time.ts'
import { contactInput, isEmpty, noContact } from './contact-edit.ts'
import { ContactFields, contactProblems, contactRefusals } from './contact-fields.tsx'
import { MessageList } from './message-list.tsx'

const t = clinicWords.newVisit

/** Books a visit and shows the patient's link, once: only its hash is kept. */
export function NewVisitPage() {
  const { tenant } = useSession()
  const [query] = useSearchParams()
  const isWalkIn = query.has('walk-in')
  const [soon] = useState(soonIso)
  const [date, setDate] = useState(() => dayOf(isWalkIn ? soon : new Date(nowMs()).toISOString(), tenant.timeZone))
  const [time, setTime] = useState(() => (isWalkIn ? clockTime(soon, tenant.timeZone) : ''))
  const clinicians = useClinicians(tenant.timeZone)
  useEffect(() => {
    // After the title took the focus: who walked in is waiting, and day and hour are there already.
    if (isWalkIn) document.getElementById('practitioner')?.focus()
  }, [isWalkIn])
  const [minutes, setMinutes] = useState('20')
  const [practitioner, setPractitioner] = useState('')
  const [ehrPatientId, setEhrPatientId] = useState('')
  const [contact, setContact] = useState(() => noContact(tenant.languages))
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  // One for each visit: pressed again because the answer was lost, it books nothing twice.
  const [visitId, setVisitId] = useState<string>(() => crypto.randomUUID())
  const create = useMutation({
    mutationFn: (startsAt: string) =>
      createVisit({
        body: {
          visitId,
          startsAt,
          minutes: Number(minutes),
          practitioner: practitioner.trim(),
          ...(ehrPatientId.trim() ? { ehrPatientId: ehrPatientId.trim() } : {}),
          ...(isEmpty(contact) ? {} : { contact: contactInput(contact) }),
        },
      }),
    onError: (error) => {
      if (!(error instanceof ApiError) || error.fields.length === 0) return
      setProblems([
        ...contactRefusals(error.fields),
        ...error.fields
          .filter(({ path }) => !path.startsWith('contact.'))
          .map(({ path, message }) => (path === 'startsAt' ? { id: 'date', message: t.badTime } : { id: path, message: `${path}: ${message}` })),
      ])
      setRound((n) => n + 1)
    },
    gcTime: 0,
  })
  const refusedFields = create.error instanceof ApiError && create.error.fields.length > 0

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (create.isPending) return
    const startsAt = date && time ? instantIn(tenant.timeZone, date, time) : undefined
    const length = /^\d{1,3}$/.test(minutes.trim()) ? Number(minutes) : 0
    const found = [
      ...(date ? [] : [{ id: 'date', message: t.needDate }]),
      ...(time && (startsAt || !date) ? [] : [{ id: 'time', message: t.needTime }]),
      ...(length >= 5 && length <= 240 ? [] : [{ id: 'minutes', message: t.needMinutes }]),
      ...(practitioner.trim() && practitioner.trim().length <= 80 ? [] : [{ id: 'practitioner', message: t.needPractitioner }]),
      ...(/^[A-Za-z0-9.-]{0,64}$/.test(ehrPatientId.trim()) ? [] : [{ id: 'ehrPatientId', message: t.needEhrPatientId }]),
      ...(isEmpty(contact) ? [] : contactProblems(contact, tenant.timeZone)),
    ]
    setProblems(found)
    setRound((n) => n + 1)
    if (found.length === 0 && startsAt) create.mutate(startsAt)
  }
  return (
    <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
      <p className="mb-2">
        <Link href="/" className="inline-block min-h-[24px]">
          {t.back}
        </Link>
      </p>
      {create.data ? (
        <LinkReady
          made={create.data}
          canSend={!isEmpty(contact)}
          onAnother={() => {
            create.reset()
            setVisitId(crypto.randomUUID())
            setContact(noContact(tenant.languages))
            // Whose chart it is goes with who it is: the next patient's visit must not be booked into it.
            setEhrPatientId('')
          }}
        />
      ) : (
        <div className="max-w-[32rem] space-y-4">
          <PageTitle title={t.title} problem={problems.length > 0} />
          <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
          <form noValidate onSubmit={submit} className="panel space-y-4 p-4">
            <div className="grid gap-4 sm:grid-cols-2">
              <TextField id="date" label={t.date} type="date" value={date} onChange={setDate} />
              <TextField id="time" label={t.time} type="time" value={time} onChange={setTime} />
            </div>
            <p className="text-quiet">{t.timeHint(tenant.timeZone)}</p>
            <TextField id="minutes" label={t.minutes} inputMode="numeric" className="max-w-24" value={minutes} onChange={setMinutes} />
            <TextField
              id="practitioner"
              label={t.practitioner}
              hint={t.practitionerHint}
              value={practitioner}
              onChange={setPractitioner}
              autoComplete="off"
              list="clinicians"
            />
            <datalist id="clinicians">
              {clinicians.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
            <TextField
              id="ehrPatientId"
              label={t.ehrPatientId}
              hint={t.ehrPatientIdHint}
              optional={staff.optional}
              value={ehrPatientId}
              onChange={setEhrPatientId}
              autoComplete="off"
            />
            <fieldset className="space-y-4 border-t border-line pt-4">
              <legend className="sr-only">{deskWords.contact.legend}</legend>
              <h2>{deskWords.contact.legend}</h2>
              <p className="text-quiet">{deskWords.contact.hint}</p>
              <ContactFields typed={contact} optional onChange={setContact} />
            </fieldset>
            {create.isError && !refusedFields ? <NotBooked error={create.error} day={date} /> : null}
            <button type="submit" className="button button-main" aria-disabled={create.isPending}>
              {create.isPending ? t.busy : t.submit}
            </button>
          </form>
        </div>
      )}
    </ProblemContext>
  )
}

function NotBooked({ error, day }: { error: unknown; day: string }) {
  if (!(error instanceof ApiError) || error.code !== 'visit-booked-already') return <ProblemNotice error={error} />
  return (
    <Notice tone="confirmed" title={t.bookedAlready} alert>
      <p>
        {t.bookedAlreadyText}{' '}
        <Link href={`/?day=${day}`} className="inline-block min-h-[24px]">
          {t.back}
        </Link>
      </p>
    </Notice>
  )
}

const walkInMs = 5 * 60_000
/** The next five minutes that are full on the clinic's clock: a visit begins in the future, and a walk-in almost now. */
const soonIso = (): string => new Date(Math.ceil((nowMs() + 60_000) / walkInMs) * walkInMs).toISOString()

/** Who sees patients today, to be picked instead of typed. */
function useClinicians(timeZone: string): readonly string[] {
  const today = dayOf(new Date(nowMs()).toISOString(), timeZone)
  const day = useQuery({
    queryKey: ['day', today, 1],
    queryFn: ({ signal }) => listDay({ query: { from: today, days: 1 } }, { signal }),
    staleTime: 60_000,
  })
  return [...new Set(day.data?.items.flatMap(({ journey }) => journey.practitioner ?? []))].sort()
}

function LinkReady({ made, canSend, onAnother }: { made: VisitCreated; canSend: boolean; onAnother(): void }) {
  const { tenant } = useSession()
  return (
    <div className="max-w-[40rem] space-y-4">
      <PageTitle title={t.doneTitle} />
      <p>{t.doneText(shortTime(made.expiresAt, tenant.timeZone))}</p>
      <div className="panel space-y-3 p-4">
        <p className="text-quiet">
          {t.reference} <span className="select-all">{made.reference}</span>
        </p>
        <label className="block space-y-1">
          <span className="block font-medium">{t.link}</span>
          <input id="patient-link" className="control" readOnly value={made.patientUrl} onFocus={(event) => event.target.select()} />
        </label>
        {canSend ? <MessageList journey={{ intakeId: made.intakeId, updatedAt: '' }} canSend /> : null}
        <div className="flex flex-wrap items-center gap-3">
          <CopyButton main text={made.patientUrl} label={t.copy} done={t.copied} failed={t.copyFailed} />
          <button type="button" className="button" onClick={onAnother}>
            {t.another}
          </button>
        </div>
      </div>
    </div>
  )
}
