import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, createLink, getLink, type Journey, revokeLink, showCode } from '../client.gen.ts'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { deskWords } from '../shared/messages/desk-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { CopyButton } from '../shared/staff/copy-button.tsx'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useSession } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { clockTime, shortTime } from '../shared/time.ts'
import { MessageList } from './message-list.tsx'

const t = deskWords.linkPanel
const words = clinicWords.visit.link

/** The patient's link: whether it opens, how it got there, and what to do with a patient who stands here. */
export function LinkPanel({ journey, ofAnother }: { journey: Journey; ofAnother: boolean }) {
  const { intakeId, updatedAt } = journey
  const queries = useQueryClient()
  const [dialog, setDialog] = useState<'code' | 'revoke' | null>(null)
  const link = useQuery({
    queryKey: ['link', intakeId, updatedAt],
    queryFn: ({ signal }) => getLink({ params: { intakeId } }, { signal }),
    placeholderData: (old) => old,
  })
  const again = (): void => {
    void link.refetch()
    void queries.invalidateQueries({ queryKey: ['messages', intakeId] })
  }
  const revoke = useMutation({
    mutationFn: () => revokeLink({ params: { intakeId } }),
    onSettled: () => {
      setDialog(null)
      again()
    },
  })
  const status = link.data?.status
  const works = status !== undefined && status !== 'revoked' && status !== 'expired'
  const isOff = journey.visitStatus !== 'booked' && journey.visitStatus !== 'proposed'
  const canRenew = !isOff && !ofAnother && (journey.intake !== 'submitted' || status === 'revoked')
  return (
    <section aria-labelledby="link-title" className="panel space-y-3 p-4">
      <h2 id="link-title">{t.title}</h2>
      {link.isError && !link.data ? <ProblemNotice error={link.error} onAgain={() => void link.refetch()} /> : null}
      {status ? <p>{t.status[status]}</p> : null}
      {ofAnother ? (
        <Notice tone="needs-someone">
          <p>{t.ofAnother}</p>
        </Notice>
      ) : null}
      <MessageList journey={journey} canSend={works && !isOff && status !== 'submitted'} />
      {canRenew ? <NewLink intakeId={intakeId} onMade={again} /> : null}
      {revoke.isError ? <ProblemNotice error={revoke.error} /> : null}
      {works && !isOff && status !== 'submitted' ? <p className="text-quiet">{t.noPhone}</p> : null}
      {works ? (
        <div id="actions" tabIndex={-1} className="flex flex-wrap gap-2 outline-none">
          {isOff ? null : (
            <button type="button" className="button" onClick={() => setDialog('code')}>
              {t.code}
            </button>
          )}
          <button type="button" className="button" onClick={() => setDialog('revoke')}>
            {t.revoke}
          </button>
        </div>
      ) : null}
      {dialog === 'code' ? <CodeDialog intakeId={intakeId} onClose={() => setDialog(null)} /> : null}
      {dialog === 'revoke' ? (
        <StaffDialog open title={t.revokeTitle} lead={t.revokeLead} onClose={() => setDialog(null)}>
          <div className="flex flex-wrap gap-2">
            <button type="button" className="button button-main" aria-disabled={revoke.isPending} onClick={() => revoke.isPending || revoke.mutate()}>
              {t.revokeNow}
            </button>
            <button type="button" className="button" onClick={() => setDialog(null)}>
              {staff.cancel}
            </button>
          </div>
        </StaffDialog>
      ) : null}
    </section>
  )
}

/** Shown only after a second press: opening the dialog by mistake ends no code that is on its way. */
function CodeDialog({ intakeId, onClose }: { intakeId: string; onClose(): void }) {
  const { timeZone } = useSession().tenant
  const show = useMutation({ mutationFn: () => showCode({ params: { intakeId } }), gcTime: 0 })
  return (
    <StaffDialog open title={t.codeTitle} lead={t.codeLead} onClose={onClose}>
      <div role="status" className="space-y-3">
        {show.data ? (
          <>
            <p className="text-4xl font-semibold tracking-[0.2em] tabular-nums select-all">{show.data.code}</p>
            <p>{t.codeUntil(clockTime(show.data.expiresAt, timeZone))}</p>
          </>
        ) : null}
      </div>
      {show.isError ? <ProblemNotice error={show.error} /> : null}
      {show.data ? null : (
        <button type="button" className="button button-main" aria-disabled={show.isPending} onClick={() => show.isPending || show.mutate()}>
          {t.code}
        </button>
      )}
    </StaffDialog>
  )
}

/** In place of the one before, shown once: for a patient who is reached in another way. */
function NewLink({ intakeId, onMade }: { intakeId: string; onMade(): void }) {
  const { timeZone } = useSession().tenant
  const renew = useMutation({ mutationFn: () => createLink({ params: { intakeId } }), onSuccess: onMade, gcTime: 0 })
  const code = renew.error instanceof ApiError ? renew.error.code : null
  const refused = code === 'intake-closed' ? words.sent : code === 'visit-over' ? words.over : code === 'visit-not-possible' ? t.ofAnother : null
  if (renew.data) {
    return (
      <>
        <Notice tone="confirmed" alert>
          <p>{words.done(shortTime(renew.data.expiresAt, timeZone))}</p>
        </Notice>
        <input
          id="patient-link"
          className="control"
          aria-labelledby="link-title"
          readOnly
          value={renew.data.patientUrl}
          onFocus={(event) => event.target.select()}
        />
        <CopyButton
          main
          text={renew.data.patientUrl}
          label={clinicWords.newVisit.copy}
          done={clinicWords.newVisit.copied}
          failed={clinicWords.newVisit.copyFailed}
        />
      </>
    )
  }
  if (refused) {
    return (
      <Notice tone="failed" alert>
        <p>{refused}</p>
      </Notice>
    )
  }
  return (
    <>
      <p className="text-quiet">{words.lead}</p>
      {renew.isError ? <ProblemNotice error={renew.error} /> : null}
      <button type="button" className="button" aria-disabled={renew.isPending} onClick={() => renew.isPending || renew.mutate()}>
        {renew.isPending ? words.busy : words.make}
      </button>
    </>
  )
}
