import { useMutation } from '@tanstack/react-query'
import { CircleCheck, Hand } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { ApiError, type CloseIncidentBody, closeIncident, type IncidentItem, sendIncidentAgain } from '../client.gen.ts'
import { ProblemContext, SelectField } from '../shared/fields.tsx'
import { saidOf, incidentWords as t } from '../shared/messages/incident-words.ts'
import { opsWords } from '../shared/messages/ops-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { reasonNamed } from '../shared/messages/reason-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { exactTime } from '../shared/time.ts'
import { BulkDialog } from './bulk-dialog.tsx'
import { useIncidents } from './use-incidents.ts'
import { relative } from './words.ts'

const words = opsWords.incidents

/** What one cause did to many. Its filter is in the URL. */
export function IncidentsPage() {
  const [query, setQuery] = useSearchParams()
  const status = query.get('status') === 'resolved' ? 'resolved' : 'open'
  return (
    <>
      <PageTitle title={words.title}>
        <p className="text-quiet">{t.lead}</p>
      </PageTitle>
      <div className="mb-3 w-36">
        <SelectField
          id="status"
          label={queueWords.overrides.status}
          value={status}
          onChange={(value) => setQuery(value === 'resolved' ? { status: value } : {})}
          options={[
            { value: 'open', label: words.openOnes },
            { value: 'resolved', label: words.closedOnes },
          ]}
        />
      </div>
      <Incidents key={status} status={status} />
    </>
  )
}

function Incidents({ status }: { status: IncidentItem['status'] }) {
  const [done, setDone] = useState('')
  const { list, items, total, changed, show } = useIncidents(status)
  const onDone = (said: string): void => {
    setDone(said)
    show()
  }
  return (
    <>
      <div className="mb-2 flex min-h-[36px] flex-wrap items-center gap-x-4 gap-y-2">
        <p role="status">{list.data ? (status === 'open' ? t.open(total) : t.closedOf(total)) : ''}</p>
        <div role="status">
          {changed ? (
            <button type="button" className="button" onClick={show}>
              {t.changed}
            </button>
          ) : null}
        </div>
      </div>
      <div role="status" className={done ? 'mb-3' : ''}>
        {done ? (
          <Notice tone="confirmed">
            <p>{done}</p>
          </Notice>
        ) : null}
      </div>
      {list.isPending ? (
        <p role="status" className="min-h-[40vh] text-quiet">
          {staff.loading}
        </p>
      ) : !list.data ? (
        <ProblemNotice error={list.error} words={words.failed} onAgain={() => void list.refetch()} />
      ) : items.length === 0 ? (
        status === 'open' ? (
          <EmptyState title={words.empty} text={words.emptyWhy} />
        ) : (
          <EmptyState title={words.closedEmpty} />
        )
      ) : (
        <ul className="space-y-3">
          {items.map((item) => (
            <li key={item.id} className="panel p-4">
              {item.status === 'open' ? <OpenIncident item={item} onDone={onDone} /> : <ClosedIncident item={item} />}
            </li>
          ))}
        </ul>
      )}
      {total > items.length && items.length > 0 ? <p className="mt-3 text-quiet">{t.more(total - items.length)}</p> : null}
    </>
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

/** Kinds behind which deliveries and answers wait by themselves; of the first, some came to a person. The others are about files. */
const withWaiting: ReadonlySet<IncidentItem['kind']> = new Set(['not-answering', 'implausible-answers'])
const withItems: ReadonlySet<IncidentItem['kind']> = new Set(['not-answering'])

function OpenIncident({ item, onDone }: { item: IncidentItem; onDone(words: string): void }) {
  const said = saidOf(item)
  const mayClose = useMay('incident.close')
  const maySend = useMay('incident.send-again') && item.canSendAgain
  const mayBulk = useMay('bulk-release.run') && withItems.has(item.kind)
  const [closing, setClosing] = useState(false)
  const [bulk, setBulk] = useState(false)
  const params = { incidentId: item.id }
  const again = useMutation({ mutationFn: () => sendIncidentAgain({ params }), onSuccess: ({ inquiries }) => onDone(t.sentAgain(inquiries)) })
  return (
    <div className="space-y-2">
      <h2 className="flex items-start gap-2 text-[1em] font-medium text-someone">
        <Hand aria-hidden="true" className="mt-[0.15em] size-[1.1em] flex-none" />
        {said.name}
      </h2>
      <Facts item={item} />
      <p className="max-w-[60rem]">{said.text}</p>
      {again.isError ? <Failure error={again.error} /> : null}
      {closing ? (
        <CloseForm item={item} name={said.name} onClosed={() => onDone(t.closed)} onCancel={() => setClosing(false)} />
      ) : (
        <div className="flex flex-wrap items-center gap-2">
          {withItems.has(item.kind) ? (
            <Link href={`/?incident=${item.id}`} className="button" aria-label={words.theirItemsOf(said.name)}>
              {words.theirItems}
            </Link>
          ) : null}
          {withWaiting.has(item.kind) && item.payerId ? (
            <Link href={`/waiting?payer=${encodeURIComponent(item.payerId)}`} className="button" aria-label={words.theirWaitingOf(said.name)}>
              {words.theirWaiting}
            </Link>
          ) : null}
          {mayBulk ? (
            <button type="button" className="button" aria-label={opsWords.bulk.dryRunOf(said.name)} onClick={() => setBulk(true)}>
              {opsWords.bulk.dryRun}
            </button>
          ) : null}
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
      {bulk ? <BulkDialog about={said.name} selection={{ incidentId: item.id }} onClose={() => setBulk(false)} /> : null}
    </div>
  )
}

function CloseForm({ item, name, onClosed, onCancel }: { item: IncidentItem; name: string; onClosed(): void; onCancel(): void }) {
  const [reason, setReason] = useState<ReturnType<typeof reasonNamed>>('')
  const [missing, setMissing] = useState(false)
  const id = `reason-${item.id}`
  const close = useMutation({
    mutationFn: (why: CloseIncidentBody['reason']) => closeIncident({ params: { incidentId: item.id }, body: { reason: why } }),
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
          label={queueWords.override.reason}
          empty={t.needReason}
          value={reason}
          autoFocus
          onChange={(value) => setReason(reasonNamed(value))}
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
      <h2 className="flex items-start gap-2 text-[1em] font-medium text-confirmed">
        <CircleCheck aria-hidden="true" className="mt-[0.15em] size-[1.1em] flex-none" />
        {saidOf(item).name}
      </h2>
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
