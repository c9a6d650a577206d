import { type FormEvent, useState } from 'react'
import type { VisitChange, VisitNow } from '../client.gen.ts'
import { ProblemContext, TextField } from '../shared/fields.tsx'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { visitWords as t } from '../shared/messages/visit-words.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { useSession } from '../shared/staff/shell.tsx'
import { dayOf, instantIn, nowMs, visitMoment } from '../shared/time.ts'
import { DialogButtons } from './dialog-buttons.tsx'

/** Another time for the same visit, on the clinic's clock: an hour that the change of clocks leaves out is no time. */
export function MoveDialog({ visit, busy, onMove, onClose }: { visit: VisitNow; busy: boolean; onMove(body: VisitChange): void; onClose(): void }) {
  const { timeZone } = useSession().tenant
  const words = clinicWords.newVisit
  const [date, setDate] = useState(() => dayOf(visit.startsAt, timeZone))
  const [time, setTime] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const minutes = Math.round((Date.parse(visit.endsAt) - Date.parse(visit.startsAt)) / 60_000)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const startsAt = date && time ? instantIn(timeZone, date, time) : undefined
    const wrong = !startsAt ? (time ? t.needTime : words.needTime) : Date.parse(startsAt) <= nowMs() ? words.badTime : null
    setProblem(wrong)
    if (startsAt && !wrong) onMove({ change: 'moved', startsAt, minutes })
  }
  return (
    <StaffDialog open title={t.moveTitle} lead={t.isAt(visitMoment(visit.startsAt, timeZone))} onClose={onClose}>
      <ProblemContext value={new Map(problem ? [['move-time', problem]] : [])}>
        <form noValidate onSubmit={submit} className="space-y-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField id="move-date" label={words.date} type="date" value={date} onChange={setDate} />
            <TextField id="move-time" label={words.time} type="time" value={time} onChange={setTime} />
          </div>
          <p className="text-quiet">{words.timeHint(timeZone)}</p>
          <DialogButtons busy={busy} words={{ now: t.moveNow, busy: t.busy, keep: t.keep }} onClose={onClose} />
        </form>
      </ProblemContext>
    </StaffDialog>
  )
}
