import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type PatientMessage, setOptOut } from '../client.gen.ts'
import { deskWords } from '../shared/messages/desk-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { refusalWords } from './send-link.tsx'

const t = deskWords.linkPanel.stop

/** “No more texts”, said by phone or at the counter, is one press and a question: it holds for every visit with that address. */
export function StopMessages({ intakeId, channel }: { intakeId: string; channel: PatientMessage['channel'] }) {
  const queries = useQueryClient()
  const [asks, setAsks] = useState(false)
  const stop = useMutation({
    mutationFn: () => setOptOut({ params: { intakeId, channel }, body: { out: true } }),
    onSuccess: () => setAsks(false),
    onSettled: () => queries.invalidateQueries({ queryKey: ['messages', intakeId] }),
  })
  return (
    <>
      <button type="button" className="button" onClick={() => setAsks(true)}>
        {t.open[channel]}
      </button>
      {asks ? (
        <StaffDialog open title={t.title[channel]} lead={t.lead[channel]} onClose={() => setAsks(false)}>
          {stop.error ? <ProblemNotice error={stop.error} words={refusalWords(stop.error)} /> : null}
          <div className="flex flex-wrap gap-2">
            <button type="button" className="button button-main" aria-disabled={stop.isPending} onClick={() => stop.isPending || stop.mutate()}>
              {t.now[channel]}
            </button>
            <button type="button" className="button" onClick={() => setAsks(false)}>
              {staff.cancel}
            </button>
          </div>
        </StaffDialog>
      ) : null}
    </>
  )
}
