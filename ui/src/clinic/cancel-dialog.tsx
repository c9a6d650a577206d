import { type FormEvent, useState } from 'react'
import type { VisitChange } from '../client.gen.ts'
import { ProblemContext, SelectField } from '../shared/fields.tsx'
import { visitWords as t } from '../shared/messages/visit-words.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { DialogButtons } from './dialog-buttons.tsx'

type Reason = Extract<VisitChange, { change: 'cancelled' }>['reason']
const reasons: readonly Reason[] = ['patient-asked', 'clinic-closed', 'clinician-away', 'booked-twice', 'other']
const isReason = (text: string): text is Reason => (reasons as readonly string[]).includes(text)

/** A visit is called off with a reason, never by one slip of the hand. */
export function CancelDialog({ busy, onCancel, onClose }: { busy: boolean; onCancel(body: VisitChange): void; onClose(): void }) {
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setMissing(!isReason(reason))
    if (isReason(reason)) onCancel({ change: 'cancelled', reason })
  }
  return (
    <StaffDialog open title={t.cancelTitle} lead={t.cancelLead} onClose={onClose}>
      <ProblemContext value={new Map(missing ? [['cancel-reason', t.needReason]] : [])}>
        <form noValidate onSubmit={submit} className="space-y-4">
          <SelectField
            id="cancel-reason"
            label={t.reason}
            value={reason}
            onChange={setReason}
            empty={t.needReason}
            options={reasons.map((value) => ({ value, label: t.reasons[value] }))}
          />
          <DialogButtons busy={busy} words={{ now: t.cancelNow, busy: t.busy, keep: t.keep }} onClose={onClose} />
        </form>
      </ProblemContext>
    </StaffDialog>
  )
}
