import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError, type ChartToForget, forgetChart, type Journey } from '../client.gen.ts'
import { ProblemContext, SelectField } from '../shared/fields.tsx'
import { chartWords as t } from '../shared/messages/chart-words.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { shortTime } from '../shared/time.ts'
import { DialogButtons } from './dialog-buttons.tsx'
import { useVisitNow } from './use-visit-now.ts'

type Reason = ChartToForget['reason']
const reasons = Object.keys(t.reasons) as Reason[]
const isReason = (text: string): text is Reason => reasons.some((one) => one === text)

/** Whether a chart is known, and the way back when it is the wrong one. Which one it is stands in the EHR alone. */
export function ChartPanel({ journey: { visitId, updatedAt } }: { journey: Journey & { visitId: string } }) {
  const { timeZone } = useSession().tenant
  const mayForget = useMay('visit.change')
  const [asking, setAsking] = useState(false)
  const visit = useVisitNow({ visitId, updatedAt })
  const forget = useMutation({
    mutationFn: (body: ChartToForget) => forgetChart({ params: { visitId }, body }),
    onSettled: () => {
      setAsking(false)
      void visit.refetch()
    },
  })
  const chart = visit.data?.chart
  if (!chart && !forget.isSuccess) return null
  const changed = forget.error instanceof ApiError && forget.error.code === 'changed-meanwhile'
  return (
    <section aria-labelledby="chart-title" className="panel space-y-3 p-4">
      <h2 id="chart-title">{t.title}</h2>
      <div role="status" className="space-y-2">
        {forget.isSuccess ? (
          <Notice tone="confirmed">
            <p>{t.done}</p>
          </Notice>
        ) : null}
        {changed ? (
          <Notice tone="provisional">
            <p>{t.changed}</p>
          </Notice>
        ) : null}
      </div>
      {forget.isError && !changed ? <ProblemNotice error={forget.error} /> : null}
      {chart ? (
        <p className="text-quiet">
          {t.known(shortTime(chart.since, timeZone))} {t.source[chart.source]}
        </p>
      ) : null}
      {chart && mayForget ? (
        <button type="button" className="button" onClick={() => setAsking(true)}>
          {t.forget}
        </button>
      ) : null}
      {chart && asking ? (
        <ForgetDialog
          busy={forget.isPending}
          onForget={(reason) => forget.isPending || forget.mutate({ knownSince: chart.since, reason })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </section>
  )
}

/** With a reason, never by one slip of the hand. */
function ForgetDialog({ busy, onForget, onClose }: { busy: boolean; onForget(reason: Reason): void; onClose(): void }) {
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setMissing(!isReason(reason))
    if (isReason(reason)) onForget(reason)
  }
  return (
    <StaffDialog open title={t.dialogTitle} lead={t.dialogLead} onClose={onClose}>
      <ProblemContext value={new Map(missing ? [['forget-reason', t.needReason]] : [])}>
        <form noValidate onSubmit={submit} className="space-y-4">
          <SelectField
            id="forget-reason"
            label={t.reason}
            value={reason}
            onChange={setReason}
            empty={t.needReason}
            options={reasons.map((value) => ({ value, label: t.reasons[value] }))}
          />
          <DialogButtons busy={busy} words={{ now: t.forgetNow, busy: t.busy, keep: t.keep }} onClose={onClose} />
        </form>
      </ProblemContext>
    </StaffDialog>
  )
}
