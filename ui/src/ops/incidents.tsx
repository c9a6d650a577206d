import { useMutation } from '@tanstack/react-query'
import { CircleCheck, Hand } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { ApiError, closeIncident, type IncidentItem, sendIncidentAgain } from '../client.gen.ts'
import { ProblemContext, SelectField } from '../shared/fields.tsx'
import { type CloseReason, saidOf, incidentWords as t } from '../shared/messages/incident-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { exactTime } from '../shared/time.ts'
import type { useIncidents } from './use-incidents.ts'
import { relative } from './words.ts'

/** What one cause did to many. Nothing is shown where nothing is wrong. */
export function Incidents({ incidents }: { incidents: ReturnType<typeof useIncidents> }) {
  const [done, setDone] = useState('')
  const { list, items, total } = incidents
  if (list.isError && !list.data) {
    return (
      <div className="mb-4">
        <ProblemNotice error={list.error} words={t.failed} onAgain={() => void list.refetch()} />
      </div>
    )
  }
  const told = done !== ''
  if (items.length === 0 && !told) return null
  const open = items[0]?.status !== 'resolved'
  const onDone = (words: string): void => {
    setDone(words)
    incidents.show()
  }
  return (
    <section aria-labelledby="incidents-title" className="panel mb-4 p-4">
      <div className="flex flex-wrap items-baseline gap-x-4">
        <h2 id="incidents-title">{open ? t.title : t.closedTitle}</h2>
        {open ? (
          <p className="text-quiet">
            {t.open(total)}. {t.lead}
          </p>
        ) : null}
      </div>
      <div role="status" className={told ? 'mt-3' : ''}>
        {told ? (
          <Notice tone="confirmed">
            <p>{done}</p>
          </Notice>
        ) : null}
      </div>
      <ul>
        {items.map((item) => (
          <li key={item.id} className="mt-3 border-t border-line pt-3">
            {item.status === 'open' ? <OpenIncident item={item} onDone={onDone} /> : <ClosedIncident item={item} />}
          </li>
        ))}
      </ul>
      {open && total > items.length ? <p className="mt-3 text-quiet">{t.more(total - items.length)}</p> : null}
    </section>
  )
}

/** Who it is about, how many, since when. */
function Facts({ item }: { item: IncidentItem }) {
  const { tenant } = useSession()
  const at = (iso: string) => (
    <time dateTime={iso} title={exactTime(iso, tenant.timeZone)}>
      {relative(iso)}
      <span className="hidden print:inline"> ({exactTime(iso, tenant.timeZone)})</span>
    </time>
  )
  return (
    <p className="text-quiet wrap-anywhere">
      {item.partner}
      {item.payerId ? `, ${item.payerName ?? item.payerId}` : ''}: {saidOf(item).count(item.count)}. {t.opened} {at(item.openedAt)}
      {item.lastAt === item.openedAt ? null : (
        <>
          , {t.last} {at(item.lastAt)}
        </>
      )}
      . <code className="select-all">{`${item.about.is} ${item.about.id}`}</code>
    </p>
  )
}

function OpenIncident({ item, onDone }: { item: IncidentItem; onDone(words: string): void }) {
  const said = saidOf(item)
  const mayClose = useMay('incident.close')
  const maySend = useMay('incident.send-again') && item.canSendAgain
  const [closing, setClosing] = useState(false)
  const params = { incidentId: item.id }
  const again = useMutation({ mutationFn: () => sendIncidentAgain({ params }), onSuccess: ({ inquiries }) => onDone(t.sentAgain(inquiries)) })
  return (
    <div className="space-y-2">
      <h3 className="flex items-start gap-2 font-medium text-someone">
        <Hand aria-hidden="true" className="mt-[0.15em] size-[1.1em] flex-none" />
        {said.name}
      </h3>
      <Facts item={item} />
      <p className="max-w-[60rem]">{said.text}</p>
      {again.isError ? <Failure error={again.error} /> : null}
      {closing ? (
        <CloseForm item={item} name={said.name} onClosed={() => onDone(t.closed)} onCancel={() => setClosing(false)} />
      ) : (
        <div className="flex flex-wrap gap-2">
          {maySend ? (
            <button
              type="button"
              className="button"
              aria-label={t.sendAgainOf(said.name)}
              aria-disabled={again.isPending}
              onClick={() => again.isPending || again.mutate()}
            >
              {again.isPending ? t.sending : t.sendAgain}
            </button>
          ) : null}
          {mayClose ? (
            <button type="button" className="button" aria-label={t.closeOf(said.name)} onClick={() => setClosing(true)}>
              {t.close}
            </button>
          ) : null}
        </div>
      )}
    </div>
  )
}

function CloseForm({ item, name, onClosed, onCancel }: { item: IncidentItem; name: string; onClosed(): void; onCancel(): void }) {
  const [reason, setReason] = useState<CloseReason | ''>('')
  const [missing, setMissing] = useState(false)
  const id = `reason-${item.id}`
  const close = useMutation({
    mutationFn: (why: CloseReason) => closeIncident({ params: { incidentId: item.id }, body: { reason: why } }),
    onSuccess: onClosed,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setMissing(reason === '')
    if (reason === '') document.getElementById(id)?.focus()
    else if (!close.isPending) close.mutate(reason)
  }
  return (
    <ProblemContext value={new Map(missing ? [[id, t.needReason]] : [])}>
      <form noValidate aria-label={t.closeOf(name)} onSubmit={submit} className="max-w-96 space-y-2">
        <SelectField
          id={id}
          label={staff.override.reason}
          empty={t.needReason}
          value={reason}
          autoFocus
          onChange={(value) => setReason(t.reasons.find((one) => one.value === value)?.value ?? '')}
          options={t.reasons}
        />
        {close.isError ? <Failure error={close.error} /> : null}
        <div className="flex flex-wrap gap-2">
          <button type="submit" className="button button-main" aria-disabled={close.isPending}>
            {close.isPending ? t.closing : t.closeNow}
          </button>
          <button type="button" className="button" onClick={onCancel}>
            {t.cancel}
          </button>
        </div>
      </form>
    </ProblemContext>
  )
}

function ClosedIncident({ item }: { item: IncidentItem }) {
  return (
    <div className="space-y-1">
      <h3 className="flex items-start gap-2 font-medium text-confirmed">
        <CircleCheck aria-hidden="true" className="mt-[0.15em] size-[1.1em] flex-none" />
        {saidOf(item).name}
      </h3>
      <p>
        {item.reason ? t.closedHow[item.reason] : ''}
        {item.closedAt ? `, ${relative(item.closedAt)}` : ''}
      </p>
      <Facts item={item} />
    </div>
  )
}

function Failure({ error }: { error: unknown }) {
  const code = error instanceof ApiError ? error.code : null
  if (code === 'already-resolved') return <ProblemNotice error={error} words={t.gone} />
  if (code === 'nothing-to-send') return <ProblemNotice error={error} words={t.nothingToSend} />
  return <ProblemNotice error={error} />
}
