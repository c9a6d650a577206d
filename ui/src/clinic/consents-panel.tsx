import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type ConsentsOfVisit, recordWithdrawal, type WithdrawalToRecord } from '../client.gen.ts'
import { factsWords } from '../shared/messages/visit-facts-words.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { Notice, StateChip } from '../shared/state-chip.tsx'
import { exactTime, shortTime } from '../shared/time.ts'
import { stopsVisit } from './stage.ts'
import { useConsents } from './use-consents.ts'
import { WithdrawalDialog } from './withdrawal-dialog.tsx'

const t = factsWords.consents
type Kind = ConsentsOfVisit['items'][number]['kind']

/** What was signed, and what of it was taken back: the second is for a person to act on before the patient stands here. */
export function ConsentsPanel({ intakeId, updatedAt }: { intakeId: string; updatedAt: string }) {
  const { timeZone } = useSession().tenant
  const mayReceipt = useMay('answers.read')
  const mayRecord = useMay('consent.record-withdrawal')
  const queries = useQueryClient()
  const [asks, setAsks] = useState(false)
  const record = useMutation({
    mutationFn: ({ kind, cameBy }: { kind: Kind; cameBy: WithdrawalToRecord['cameBy'] }) =>
      recordWithdrawal({ params: { intakeId, consentKind: kind }, body: { cameBy } }),
    onSuccess: () => setAsks(false),
    // Texts end with theirs, and what is paid with that of the card.
    onSettled: () => Promise.all(['consents', 'messages', 'payments'].map((what) => queries.invalidateQueries({ queryKey: [what, intakeId] }))),
  })
  const consents = useConsents({ intakeId, updatedAt, isSent: true })
  const items = consents.data?.items
  const standing = [...new Set(items?.flatMap(({ kind, withdrawnAt }) => (withdrawnAt === null ? [kind] : [])))]
  const stopped = items?.filter(({ kind, withdrawnAt }) => withdrawnAt !== null && stopsVisit(kind)).map(({ kind }) => t.kinds[kind]) ?? []
  return (
    <section aria-labelledby="consents-title" className="panel space-y-3 p-4">
      <h2 id="consents-title">{t.title}</h2>
      {stopped.length > 0 ? (
        <Notice tone="needs-someone" title={t.stopsTitle}>
          <p>{t.stops(stopped.join(', '))}</p>
        </Notice>
      ) : null}
      <div role="status">
        {record.isSuccess ? (
          <Notice tone="confirmed">
            <p>{t.withdrawal.done(t.kinds[record.variables.kind])}</p>
          </Notice>
        ) : null}
      </div>
      {consents.isError && !items ? <ProblemNotice error={consents.error} words={t.failed} onAgain={() => void consents.refetch()} /> : null}
      {items?.length === 0 ? <p className="text-quiet">{t.none}</p> : null}
      {items && items.length > 0 ? (
        <ul className="space-y-1 max-sm:space-y-2">
          {items.map(({ kind, signedAt, withdrawnAt, recorded }) => (
            <li
              key={`${kind} ${signedAt}`}
              className="grid items-center gap-x-2 sm:grid-cols-[minmax(0,1fr)_auto]"
              title={exactTime(withdrawnAt ?? signedAt, timeZone)}
            >
              <span>{t.kinds[kind]}</span>
              <span>
                {withdrawnAt === null ? (
                  <StateChip tone="confirmed">{t.signed(shortTime(signedAt, timeZone))}</StateChip>
                ) : (
                  <StateChip tone={kind === 'sms' ? 'checking' : 'needs-someone'}>{t.takenBack(shortTime(withdrawnAt, timeZone))}</StateChip>
                )}
              </span>
              {recorded ? <span className="text-quiet sm:col-span-2">{t.recorded(recorded.name, recorded.cameBy)}</span> : null}
            </li>
          ))}
        </ul>
      ) : null}
      {mayRecord && standing.length > 0 ? (
        <button
          type="button"
          className="button"
          onClick={() => {
            record.reset()
            setAsks(true)
          }}
        >
          {t.withdrawal.open}
        </button>
      ) : null}
      {asks ? (
        <WithdrawalDialog
          kinds={standing}
          busy={record.isPending}
          error={record.error}
          onRecord={(kind, cameBy) => record.mutate({ kind, cameBy })}
          onClose={() => setAsks(false)}
        />
      ) : null}
      {mayReceipt && items && items.length > 0 ? (
        <>
          <p className="text-quiet">{t.receiptAudited}</p>
          <a className="button" href={`/api/clinic/visits/${intakeId}/receipt`} download>
            {t.receipt}
          </a>
        </>
      ) : null}
    </section>
  )
}
