import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, changeVisit, type Journey, type VisitChange, type VisitNow } from '../client.gen.ts'
import { visitWords as t } from '../shared/messages/visit-words.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { Notice, StateChip, type Tone } from '../shared/state-chip.tsx'
import { exactTime, nowMs, shortTime, visitMoment } from '../shared/time.ts'
import { CancelDialog } from './cancel-dialog.tsx'
import { MoveDialog } from './move-dialog.tsx'
import { useVisitNow } from './use-visit-now.ts'

const tones = { proposed: 'checking', booked: 'confirmed', cancelled: 'failed', noshow: 'needs-someone', fulfilled: 'confirmed' } as const satisfies Record<
  VisitNow['status'],
  Tone
>
/** What the refusals of a change mean here; each of them shows the visit anew. */
const refusals: Readonly<Record<string, string>> = {
  'changed-meanwhile': t.changed,
  'visit-not-possible': t.notPossible,
  'visit-too-early': t.tooEarly,
  'schedule-elsewhere': t.elsewhere,
  'schedule-handover': t.handover,
}

/** The visit as it is now, what may be done with it, and what was. */
export function VisitChangePanel({ journey }: { journey: Journey & { visitId: string } }) {
  const { timeZone } = useSession().tenant
  const mayChange = useMay('visit.change')
  const { visitId, updatedAt } = journey
  const visit = useVisitNow({ visitId, updatedAt })
  const [dialog, setDialog] = useState<'move' | 'cancel' | null>(null)
  const change = useMutation({
    mutationFn: ({ revision, body }: { revision: number; body: VisitChange }) =>
      changeVisit({ params: { visitId }, headers: { 'if-match': `"${revision}"` }, body }),
    onSettled: () => {
      setDialog(null)
      void visit.refetch()
    },
  })
  const now = visit.data
  if (!now) return visit.isError ? <ProblemNotice error={visit.error} onAgain={() => void visit.refetch()} /> : null
  const act = (body: VisitChange): void => {
    if (!change.isPending) change.mutate({ revision: now.revision, body })
  }
  const refused = change.error instanceof ApiError ? refusals[change.error.code] : undefined
  return (
    <section aria-labelledby="change-title" className="panel space-y-3 p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id="change-title">{t.title}</h2>
        <StateChip tone={tones[now.status]}>{t.status[now.status]}</StateChip>
      </div>
      <p>
        {visitMoment(now.startsAt, timeZone)}, {now.practitioner}
      </p>
      {now.cancelReason ? <p className="text-quiet">{t.reasons[now.cancelReason]}</p> : null}
      <div role="status" className="space-y-2">
        {refused ? (
          <Notice tone="provisional">
            <p>{refused}</p>
          </Notice>
        ) : null}
        {change.isSuccess ? (
          <Notice tone="confirmed">
            <p>{change.variables.body.change === 'moved' ? t.moved(visitMoment(change.data.startsAt, timeZone)) : t.done}</p>
          </Notice>
        ) : null}
      </div>
      {change.isError && !refused ? <ProblemNotice error={change.error} /> : null}
      {mayChange && now.changeable === 'yes' ? <Actions visit={now} busy={change.isPending} onDialog={setDialog} onAct={act} /> : null}
      {mayChange && now.changeable !== 'yes' ? <p className="text-quiet">{t[now.changeable]}</p> : null}
      <History visit={now} />
      {dialog === 'move' ? <MoveDialog visit={now} busy={change.isPending} onMove={act} onClose={() => setDialog(null)} /> : null}
      {dialog === 'cancel' ? <CancelDialog busy={change.isPending} onCancel={act} onClose={() => setDialog(null)} /> : null}
    </section>
  )
}

function Actions({
  visit,
  busy,
  onDialog,
  onAct,
}: {
  visit: VisitNow
  busy: boolean
  onDialog(which: 'move' | 'cancel'): void
  onAct(body: VisitChange): void
}) {
  const { status } = visit
  const begun = Date.parse(visit.startsAt) <= nowMs()
  const open = status === 'booked' || status === 'proposed'
  const button = (label: string, onClick: () => void) => (
    <button type="button" className="button" aria-disabled={busy} onClick={onClick}>
      {label}
    </button>
  )
  return (
    <div id="actions" tabIndex={-1} className="flex flex-wrap gap-2 outline-none">
      {open ? button(t.move, () => onDialog('move')) : null}
      {status === 'booked' && begun ? button(t.fulfilled, () => onAct({ change: 'fulfilled' })) : null}
      {status === 'booked' && begun ? button(t['no-show'], () => onAct({ change: 'no-show' })) : null}
      {open ? button(t.cancel, () => onDialog('cancel')) : null}
      {status === 'cancelled' || status === 'noshow' ? button(t.reopened, () => onAct({ change: 'reopened' })) : null}
    </div>
  )
}

function History({ visit: { changes } }: { visit: VisitNow }) {
  const { timeZone } = useSession().tenant
  if (changes.length === 0) return null
  return (
    <details>
      <summary>{t.history}</summary>
      <ol className="mt-2 space-y-1">
        {changes.map((one) => (
          <li key={one.at} className="text-quiet">
            <time dateTime={one.at} title={exactTime(one.at, timeZone)}>
              {shortTime(one.at, timeZone)}
            </time>{' '}
            {t.what[one.change]} {t.by[one.by]}
            {one.change === 'moved' ? `, ${t.from(visitMoment(one.fromStartsAt, timeZone))}` : ''}
          </li>
        ))}
      </ol>
    </details>
  )
}
