import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { ApiError, type PayerDetail, type PayerValues, savePayerSettings } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { ProblemContext, RadioField, SelectField, TextField } from '../shared/fields.tsx'
import { payerWords as t } from '../shared/messages/payer-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { NotFoundPage, PageTitle, useMay } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { CanaryFields } from './payer-canaries.tsx'
import { agesFields, controlOf, draftOf, type PayerDraft, settingsOf } from './payer-form.ts'
import { HoursFields } from './payer-hours.tsx'
import { PayerNow } from './payer-now.tsx'
import { payerKey, usePayer } from './use-payers.ts'

export function PayerPage({ payerId }: { payerId: string }) {
  const payer = usePayer(payerId)
  const [saved, setSaved] = useState(false)
  if (payer.error instanceof ApiError && (payer.error.status === 404 || payer.error.status === 400)) return <NotFoundPage />
  return (
    <>
      <p className="mb-2">
        <Link href="/payers" className="inline-block min-h-[24px]">
          {t.back}
        </Link>
      </p>
      {payer.isPending ? (
        <p className="text-quiet">{staff.loading}</p>
      ) : !payer.data ? (
        <ProblemNotice error={payer.error} onAgain={() => void payer.refetch()} />
      ) : (
        // Typed anew from what was read: also after a save, and when somebody else saved.
        <PayerForm key={payer.dataUpdatedAt} payer={payer.data} saved={saved} onSaved={setSaved} onAgain={() => void payer.refetch()} />
      )}
    </>
  )
}

interface FormProps {
  payer: PayerDetail
  saved: boolean
  onSaved(saved: boolean): void
  onAgain(): void
}

function PayerForm({ payer, saved, onSaved, onAgain }: FormProps) {
  const client = useQueryClient()
  const mayWrite = useMay('payer.write')
  const [draft, setDraft] = useState(() => draftOf(payer))
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const say = (found: readonly ShownProblem[]): void => {
    setProblems(found)
    setRound((n) => n + 1)
  }
  const save = useMutation({
    mutationFn: (settings: PayerValues) => savePayerSettings({ params: { payerId: payer.id }, body: { settings, version: payer.version } }),
    onSuccess: (now) => {
      onSaved(true)
      client.setQueryData(payerKey(payer.id), now)
      return client.invalidateQueries({ queryKey: ['payers'], exact: true })
    },
    onError: (error, settings) => {
      if (error instanceof ApiError) say(error.fields.map(({ path, message }) => ({ id: controlOf(path, settings), message: `${path}: ${message}` })))
    },
    gcTime: 0,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (save.isPending) return
    onSaved(false)
    save.reset()
    const { settings, problems: found } = settingsOf(draft)
    say(found)
    if (found.length === 0) save.mutate(settings)
  }
  const set = (part: Partial<PayerDraft>): void => setDraft((before) => ({ ...before, ...part }))
  return (
    <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
      <div className="max-w-[44rem] space-y-4">
        <PageTitle title={payer.name} problem={problems.length > 0}>
          <code className="text-quiet select-all">{payer.id}</code>
        </PageTitle>
        <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
        {saved ? (
          <Notice tone="confirmed" alert>
            <p>{t.saved}</p>
          </Notice>
        ) : null}
        <PayerNow payer={payer} />
        <form noValidate onSubmit={submit} className="space-y-4" aria-labelledby="form-title">
          <h2 id="form-title">{t.form}</h2>
          <fieldset disabled={!mayWrite} className="space-y-4">
            {mayWrite ? null : <p className="text-quiet">{t.readOnly}</p>}
            <Parts payer={payer} draft={draft} set={set} />
          </fieldset>
          {save.isError ? <SaveProblem error={save.error} onAgain={onAgain} /> : null}
          {mayWrite ? (
            <button type="submit" className="button button-main" aria-disabled={save.isPending}>
              {save.isPending ? t.saving : t.save}
            </button>
          ) : null}
        </form>
      </div>
    </ProblemContext>
  )
}

/** What is refused about a field stands at the field. */
function SaveProblem({ error, onAgain }: { error: unknown; onAgain(): void }) {
  if (error instanceof ApiError && error.fields.length > 0) return null
  if (!(error instanceof ApiError && error.code === 'changed-meanwhile')) return <ProblemNotice error={error} />
  return (
    <Notice tone="failed" alert>
      <p>{t.changedMeanwhile}</p>
      <button type="button" className="button mt-2" onClick={onAgain}>
        {t.loadAgain}
      </button>
    </Notice>
  )
}

const routes = Object.entries(t.routes).map(([value, label]) => ({ value, label }))

function Parts({ payer, draft, set }: { payer: PayerDetail; draft: PayerDraft; set(part: Partial<PayerDraft>): void }) {
  const { route, calendar, ages, canaries, canaryEveryMinutes } = payer.catalogue
  const own = (name: keyof PayerDraft['own']) => (is: boolean) => set({ own: { ...draft.own, [name]: is } })
  return (
    <>
      <Part name="route" title={t.route} summary={t.routes[route]} own={draft.own.route} onOwn={own('route')}>
        <SelectField
          id="settings.route"
          label={t.routeLabel}
          options={routes}
          className="control max-w-72"
          value={draft.route}
          onChange={(value) => set({ route: value as PayerDraft['route'] })}
        />
      </Part>
      <Part
        name="calendar"
        title={t.hoursTitle}
        hint={t.hoursHint}
        summary={`${calendar.timeZone}: ${t.summary.hours(calendar.closed.length, calendar.holidays.length, calendar.usFederalHolidays)}.`}
        own={draft.own.calendar}
        onOwn={own('calendar')}
      >
        <HoursFields hours={draft.hours} onChange={(hours) => set({ hours })} />
      </Part>
      <Part
        name="ages"
        title={t.ages}
        summary={t.summary.ages(ages.freshDays, ages.expireDays, ages.askAgainDaysBefore)}
        own={draft.own.ages}
        onOwn={own('ages')}
      >
        {agesFields.map((field) => (
          <TextField
            key={field}
            id={`settings.ages.${field}`}
            label={t[field]}
            {...(field === 'askAgainDaysBefore' ? { hint: t.askAgainHint } : {})}
            inputMode="numeric"
            className="max-w-24"
            value={draft.ages[field]}
            onChange={(value) => set({ ages: { ...draft.ages, [field]: value } })}
          />
        ))}
      </Part>
      <Part
        name="canaries"
        title={t.canaries}
        summary={t.summary.canaries(canaries.length, canaryEveryMinutes)}
        own={draft.own.canaries}
        onOwn={own('canaries')}
      >
        <CanaryFields draft={draft} onChange={set} />
      </Part>
    </>
  )
}

/** One part of a payer's values: the catalogue's, said in a line, or this clinic's own. */
function Part({
  name,
  title,
  hint,
  summary,
  own,
  onOwn,
  children,
}: {
  name: string
  title: string
  hint?: string
  summary: string
  own: boolean
  onOwn(own: boolean): void
  children: ReactNode
}) {
  return (
    <section aria-labelledby={`${name}-title`} className="panel space-y-3 p-4">
      <h3 id={`${name}-title`} className="font-semibold">
        {title}
      </h3>
      {hint ? <p className="text-quiet">{hint}</p> : null}
      <RadioField
        id={`own.${name}`}
        label={t.from}
        value={own ? 'own' : 'catalogue'}
        options={[
          { value: 'catalogue', label: t.fromCatalogue, note: summary },
          { value: 'own', label: t.fromClinic },
        ]}
        onChange={(value) => onOwn(value === 'own')}
      />
      {own ? children : null}
    </section>
  )
}
