import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { Journey } from '../client.gen.ts'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { TableHead } from '../shared/staff/table-head.tsx'
import { useWide } from '../shared/staff/use-wide.ts'
import { Notice } from '../shared/state-chip.tsx'
import { addDays, clockTime, dayName, dayOf, exactTime, nowMs } from '../shared/time.ts'
import { ChartChip, FormChip, InsuranceChip, OverallChip, overallOf, PaymentChip, PhotosChip } from './chips.tsx'
import { useVisits } from './use-visits.ts'

const t = clinicWords.visits

/** One day at the front desk. The day is in the URL. */
export function VisitsPage() {
  const { tenant } = useSession()
  const [query, setQuery] = useSearchParams()
  const today = dayOf(new Date(nowMs()).toISOString(), tenant.timeZone)
  const asked = query.get('day') ?? ''
  const day = /^\d{4}-\d{2}-\d{2}$/.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : today
  const mayCreate = useMay('visit.create')
  const visits = useVisits()
  const wide = useWide()
  const rows = (visits.data?.items ?? [])
    .filter((visit) => visit.startsAt && dayOf(visit.startsAt, tenant.timeZone) === day)
    .sort((a, b) => (a.startsAt ?? '').localeCompare(b.startsAt ?? ''))
  const count = (which: ReturnType<typeof overallOf>): number => rows.filter((row) => overallOf(row) === which).length
  const show = (to: string): void => setQuery(to === today ? {} : { day: to })
  const shown = useNewRows(day, rows)
  return (
    <>
      <PageTitle title={t.title}>
        {mayCreate ? (
          <Link href="/new" className="button button-main">
            {t.newVisit}
          </Link>
        ) : null}
      </PageTitle>
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="flex flex-wrap items-center gap-1">
          <button type="button" className="button px-2" aria-label={t.before} onClick={() => show(addDays(day, -1))}>
            <ChevronLeft aria-hidden="true" className="size-4" />
          </button>
          <label>
            <span className="sr-only">{t.day}</span>
            <input type="date" className="control w-40" value={day} onChange={(event) => event.target.value && show(event.target.value)} />
          </label>
          <button type="button" className="button px-2" aria-label={t.after} onClick={() => show(addDays(day, 1))}>
            <ChevronRight aria-hidden="true" className="size-4" />
          </button>
          {day === today ? null : (
            <button type="button" className="button" onClick={() => show(today)}>
              {t.today}
            </button>
          )}
        </div>
        <p role="status">
          {dayName(day)}
          {visits.data ? `: ${t.count(rows.length)}` : ''}
          {rows.length > 0
            ? `, ${t.ready(count('ready'))}, ${t.waiting(count('waiting'))}, ${t.withUs(count('with-us'))}${count('off') > 0 ? `, ${t.off(count('off'))}` : ''}`
            : ''}
        </p>
      </div>
      <div role="status">
        {shown.hidden > 0 ? (
          <button type="button" className="button mb-4" onClick={shown.showAll}>
            {staff.newRows(shown.hidden)}
          </button>
        ) : null}
      </div>
      {visits.isError && visits.data ? (
        <div className="mb-4">
          <Notice tone="provisional">
            <p>{t.stale}</p>
          </Notice>
        </div>
      ) : null}
      {visits.data?.cut ? <p className="mb-4 text-quiet">{t.cut}</p> : null}
      {visits.isPending ? (
        <p role="status" className="min-h-[40vh] text-quiet">
          {staff.loading}
        </p>
      ) : !visits.data ? (
        <ProblemNotice error={visits.error} onAgain={() => void visits.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={t.empty} {...(mayCreate ? { text: t.emptyWhy } : {})} />
      ) : wide ? (
        <VisitTable rows={shown.rows} />
      ) : (
        <VisitCards rows={shown.rows} />
      )}
    </>
  )
}

/** Rows that appear while someone reads wait until they are asked for; states of known rows change in place. */
function useNewRows(day: string, rows: readonly Journey[]) {
  const [known, setKnown] = useState<{ day: string; ids: ReadonlySet<string> }>({ day: '', ids: new Set() })
  if (rows.length > 0 && (known.day !== day || known.ids.size === 0)) setKnown({ day, ids: new Set(rows.map((row) => row.intakeId)) })
  const visible = known.day === day ? rows.filter((row) => known.ids.has(row.intakeId)) : rows
  return { rows: visible, hidden: rows.length - visible.length, showAll: () => setKnown({ day, ids: new Set(rows.map((row) => row.intakeId)) }) }
}

function Time({ visit }: { visit: Journey }) {
  const { tenant } = useSession()
  if (!visit.startsAt) return <>{staff.none}</>
  return (
    <time dateTime={visit.startsAt} title={exactTime(visit.startsAt, tenant.timeZone)}>
      {clockTime(visit.startsAt, tenant.timeZone)}
    </time>
  )
}

function VisitTable({ rows }: { rows: readonly Journey[] }) {
  const heads = [t.time, t.reference, t.with, t.form, t.insurance, t.card, t.photos, t.chart, t.overall]
  return (
    <div className="panel">
      <table className="w-full border-collapse">
        <TableHead heads={heads} />
        <tbody>
          {rows.map((visit) => (
            <tr key={visit.intakeId} className="h-9 border-t border-line focus-within:bg-raised hover:bg-raised">
              <td className="px-3 py-1">
                <Time visit={visit} />
              </td>
              <td className="px-3 py-1 whitespace-nowrap">
                <Link href={`/intakes/${visit.intakeId}`} className="inline-block min-h-[24px]">
                  {visit.reference}
                </Link>
              </td>
              <td className="px-3 py-1">{visit.practitioner ?? staff.none}</td>
              <td className="px-3 py-1">
                <FormChip journey={visit} />
              </td>
              <td className="px-3 py-1">
                <InsuranceChip journey={visit} />
              </td>
              <td className="px-3 py-1">
                <PaymentChip journey={visit} />
              </td>
              <td className="px-3 py-1">
                <PhotosChip journey={visit} />
              </td>
              <td className="px-3 py-1">
                <ChartChip journey={visit} />
              </td>
              <td className="px-3 py-1">
                <OverallChip journey={visit} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function VisitCards({ rows }: { rows: readonly Journey[] }) {
  return (
    <ul className="space-y-2">
      {rows.map((visit) => (
        <li key={visit.intakeId} className="panel space-y-2 p-3">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <span className="font-medium">
              <Time visit={visit} />{' '}
              <Link href={`/intakes/${visit.intakeId}`} className="inline-block min-h-[28px]">
                {visit.reference}
              </Link>
            </span>
            <OverallChip journey={visit} />
          </div>
          <p className="text-quiet">{visit.practitioner}</p>
          <VisitStates visit={visit} />
        </li>
      ))}
    </ul>
  )
}

/** Every state with its name: for a card and for the visit's own page. */
export function VisitStates({ visit }: { visit: Journey }) {
  const states = [
    [t.form, <FormChip key="form" journey={visit} />],
    [t.insurance, <InsuranceChip key="insurance" journey={visit} />],
    [t.card, <PaymentChip key="card" journey={visit} />],
    [t.photos, <PhotosChip key="photos" journey={visit} />],
    [t.chart, <ChartChip key="chart" journey={visit} />],
  ] as const
  return (
    <dl className="grid grid-cols-[6rem_minmax(0,1fr)] items-center gap-x-4 gap-y-1 [&_span]:whitespace-normal">
      {states.map(([name, chip]) => (
        <div key={name} className="contents">
          <dt className="text-quiet">{name}</dt>
          <dd>{chip}</dd>
        </div>
      ))}
    </dl>
  )
}
