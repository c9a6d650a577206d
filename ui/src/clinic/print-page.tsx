import { useQuery } from '@tanstack/react-query'
import { Printer } from 'lucide-react'
import { Link, useSearchParams } from 'wouter'
import { getPaper } from '../client.gen.ts'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { deskWords } from '../shared/messages/desk-words.ts'
import type { PaperLanguage } from '../shared/messages/paper-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useSession } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { dayName, dayOf, nowMs } from '../shared/time.ts'
import { PaperForm } from './paper-form.tsx'
import { useDay, useNames } from './use-day.ts'

const t = deskWords.paper

/** For the day on which the network, the phone or the patient will not: forms on paper, of one visit or of a day's that were not sent yet. */
export function PrintPage() {
  const { timeZone } = useSession().tenant
  const [query] = useSearchParams()
  const asked = query.get('day') ?? ''
  const day = /^\d{4}-\d{2}-\d{2}$/.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : dayOf(new Date(nowMs()).toISOString(), timeZone)
  const only = query.get('visit')
  const parts = useQuery({ queryKey: ['paper'], queryFn: ({ signal }) => getPaper({}, { signal }), staleTime: 60_000 })
  const visits = useDay(day, 1)
  const wanted = visits.data?.items.filter(({ journey }) =>
    only ? journey.visitId === only : journey.intake !== 'submitted' && (journey.visitStatus === 'booked' || journey.visitStatus === 'proposed'),
  )
  const { names, failed } = useNames(day, 1, visits.data?.items)
  const failure = parts.error ?? visits.error
  const offered = parts.data?.languages ?? []
  const languageOf = (wish: PaperLanguage | undefined): PaperLanguage => (wish && offered.includes(wish) ? wish : (offered[0] ?? 'en'))
  return (
    <>
      <div className="print:hidden">
        <p className="mb-2">
          <Link href={`/?day=${day}`} className="inline-block min-h-[24px]">
            {clinicWords.visit.back}
          </Link>
        </p>
        <PageTitle title={t.title}>
          {wanted && wanted.length > 0 && parts.data ? (
            <button type="button" className="button button-main" onClick={() => window.print()}>
              <Printer aria-hidden="true" className="size-4" />
              {t.print}
            </button>
          ) : null}
        </PageTitle>
        <p role="status" className="mb-4">
          {dayName(day)}
          {wanted ? `: ${t.lead(wanted.length)}` : ''}
        </p>
        {failed ? (
          <div className="mb-4">
            <Notice tone="provisional">
              <p>{deskWords.namesFailed}</p>
            </Notice>
          </div>
        ) : null}
      </div>
      {failure && !(parts.data && wanted) ? (
        <ProblemNotice
          error={failure}
          onAgain={() => {
            void parts.refetch()
            void visits.refetch()
          }}
        />
      ) : !parts.data || !wanted ? (
        <p className="text-quiet">{staff.loading}</p>
      ) : wanted.length === 0 ? (
        <EmptyState title={t.none} />
      ) : (
        <div className="space-y-8">
          {wanted.map((visit) => {
            const who = visit.journey.visitId ? (names.get(visit.journey.visitId) ?? null) : null
            return <PaperForm key={visit.journey.intakeId} parts={parts.data} visit={visit} who={who} language={languageOf(who?.language)} />
          })}
        </div>
      )}
    </>
  )
}
