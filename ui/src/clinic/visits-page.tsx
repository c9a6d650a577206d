import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { DeskVisit } from '../client.gen.ts'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { deskWords } from '../shared/messages/desk-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { useKeys } from '../shared/staff/use-keys.ts'
import { useNow } from '../shared/staff/use-now.ts'
import { useWide } from '../shared/staff/use-wide.ts'
import { Notice } from '../shared/state-chip.tsx'
import { addDays, dayName, dayOf, nowMs } from '../shared/time.ts'
import { type Group, groupOfVisit, groups } from './stage.ts'
import { nameOf, useDay, useNames } from './use-day.ts'
import { VisitCards, VisitTable } from './visit-rows.tsx'

const t = clinicWords.visits
const isGroup = (text: string | null): text is Group => (groups as readonly (string | null)[]).includes(text)
const dayOfVisit = ({ journey }: DeskVisit, timeZone: string): string => (journey.startsAt ? dayOf(journey.startsAt, timeZone) : '')
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** A day or a week at the front desk. Day, view and filter are in the URL; a name that is looked for never is. */
export function VisitsPage() {
  const { timeZone } = useSession().tenant
  const [query, setQuery] = useSearchParams()
  const today = dayOf(new Date(nowMs()).toISOString(), timeZone)
  const asked = query.get('day') ?? ''
  const day = /^\d{4}-\d{2}-\d{2}$/.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : today
  const days = query.get('view') === 'week' ? 7 : 1
  const only = isGroup(query.get('show')) ? (query.get('show') as Group) : null
  const [sought, setSought] = useState('')
  const from = days === 7 ? addDays(day, -((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7)) : day
  const visits = useDay(from, days)
  const all = visits.data?.items ?? []
  const { names, failed } = useNames(from, days, visits.data?.items)
  const wide = useWide()
  const fits = (visit: DeskVisit): boolean => only === null || groupOfVisit(visit) === only
  const shown = useNewRows(`${from} ${days} ${only}`, all, fits)
  const rows =
    sought.trim() === '' ? shown.rows : shown.rows.filter(({ journey }) => plain(nameOf(names, journey.visitId) ?? '').includes(plain(sought.trim())))
  const go = (to: { day?: string; days?: number; only?: Group | null }): void => {
    const next = { day, days, only, ...to }
    setQuery({
      ...(next.day === today ? {} : { day: next.day }),
      ...(next.days === 7 ? { view: 'week' } : {}),
      ...(next.only ? { show: next.only } : {}),
    })
  }
  const nextId = useNextId(all, today, timeZone)
  useRowKeys()
  return (
    <>
      <Title day={day} />
      <Calendar day={day} days={days} today={today} onGo={go} />
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
        <p role="status">
          {days === 7 ? deskWords.week(dayName(from), dayName(addDays(from, 6))) : dayName(day)}
          {visits.data ? `: ${t.count(all.length)}` : ''}
        </p>
        <Counts visits={all} only={only} onOnly={(next) => go({ only: next })} />
        {names.size > 0 ? (
          <input
            type="search"
            className="control w-48"
            aria-label={deskWords.find}
            placeholder={deskWords.find}
            autoComplete="off"
            value={sought}
            onChange={(event) => setSought(event.target.value)}
          />
        ) : null}
      </div>
      <div role="status">
        {shown.hidden > 0 ? (
          <button type="button" className="button mb-4" onClick={shown.showAll}>
            {staff.newRows(shown.hidden)}
          </button>
        ) : null}
      </div>
      {visits.isError && visits.data ? <Caution text={t.stale} /> : null}
      {failed ? <Caution text={deskWords.namesFailed} /> : null}
      {visits.data?.cut ? <p className="mb-4 text-quiet">{t.cut}</p> : null}
      {visits.isPending ? (
        <p role="status" className="min-h-[40vh] text-quiet">
          {staff.loading}
        </p>
      ) : !visits.data ? (
        <ProblemNotice error={visits.error} onAgain={() => void visits.refetch()} />
      ) : all.length === 0 ? (
        <Empty week={days === 7} />
      ) : rows.length === 0 ? (
        <EmptyState title={sought ? deskWords.noName : deskWords.nothingFits}>
          <button
            type="button"
            className="button"
            onClick={() => {
              setSought('')
              go({ only: null })
            }}
          >
            {deskWords.showAll}
          </button>
        </EmptyState>
      ) : (
        byDay(rows, timeZone).map(([date, ofDay]) => (
          <section key={date} aria-label={dayName(date)} className="mb-6">
            {days === 7 ? <h2 className="mb-2">{dayName(date)}</h2> : null}
            {wide ? <VisitTable rows={ofDay} names={names} nextId={nextId} /> : <VisitCards rows={ofDay} names={names} nextId={nextId} />}
          </section>
        ))
      )}
      {rows.length > 0 && wide ? <p className="text-quiet">{deskWords.keys}</p> : null}
    </>
  )
}

function Title({ day }: { day: string }) {
  const mayCreate = useMay('visit.create')
  const mayImport = useMay('visit.import')
  const mayPrint = useMay('contact.read')
  return (
    <PageTitle title={t.title}>
      <div className="flex flex-wrap gap-2">
        {mayCreate ? (
          <Link href="/new" className="button button-main">
            {t.newVisit}
          </Link>
        ) : null}
        {mayCreate ? (
          <Link href="/new?walk-in" className="button">
            {deskWords.walkIn}
          </Link>
        ) : null}
        {mayImport ? (
          <Link href="/import" className="button">
            {deskWords.import}
          </Link>
        ) : null}
        {mayPrint ? (
          <Link href={`/print?day=${day}`} className="button">
            {deskWords.print}
          </Link>
        ) : null}
      </div>
    </PageTitle>
  )
}

/** The first of today that takes place and has not begun. */
function useNextId(visits: readonly DeskVisit[], today: string, timeZone: string): string | null {
  const now = useNow(30_000)
  const next = visits.find(
    ({ journey: { startsAt, visitStatus } }) =>
      startsAt !== null && visitStatus === 'booked' && Date.parse(startsAt) > now && dayOf(startsAt, timeZone) === today,
  )
  return next?.journey.intakeId ?? null
}

function Empty({ week }: { week: boolean }) {
  const mayCreate = useMay('visit.create')
  return <EmptyState title={week ? t.emptyWeek : t.empty} {...(mayCreate ? { text: t.emptyWhy } : {})} />
}
const Caution = ({ text }: { text: string }) => (
  <div className="mb-4">
    <Notice tone="provisional">
      <p>{text}</p>
    </Notice>
  </div>
)

function Calendar({ day, days, today, onGo }: { day: string; days: number; today: string; onGo(to: { day?: string; days?: number }): void }) {
  const week = days === 7
  return (
    <div className="mb-3 flex flex-wrap items-center gap-1">
      <button type="button" className="button px-2" aria-label={week ? deskWords.before : t.before} onClick={() => onGo({ day: addDays(day, -days) })}>
        <ChevronLeft aria-hidden="true" className="size-4" />
      </button>
      <label>
        <span className="sr-only">{t.day}</span>
        <input type="date" className="control w-40" value={day} onChange={(event) => event.target.value && onGo({ day: event.target.value })} />
      </label>
      <button type="button" className="button px-2" aria-label={week ? deskWords.after : t.after} onClick={() => onGo({ day: addDays(day, days) })}>
        <ChevronRight aria-hidden="true" className="size-4" />
      </button>
      {day === today ? null : (
        <button type="button" className="button" onClick={() => onGo({ day: today })}>
          {t.today}
        </button>
      )}
      <button type="button" className="button toggle" aria-pressed={!week} onClick={() => onGo({ days: 1 })}>
        {deskWords.dayView}
      </button>
      <button type="button" className="button toggle" aria-pressed={week} onClick={() => onGo({ days: 7 })}>
        {deskWords.weekView}
      </button>
    </div>
  )
}

/** The counts are the filter: what is counted is what a press shows. */
function Counts({ visits, only, onOnly }: { visits: readonly DeskVisit[]; only: Group | null; onOnly(next: Group | null): void }) {
  const counts = groups.map((group) => [group, visits.filter((visit) => groupOfVisit(visit) === group).length] as const)
  const some = counts.filter(([group, n]) => n > 0 || group === only)
  if (some.length === 0) return null
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{deskWords.show}</legend>
      {some.map(([group, n]) => (
        <button
          key={group}
          type="button"
          className="button toggle min-h-[28px] px-2 py-0"
          aria-pressed={only === group}
          onClick={() => onOnly(only === group ? null : group)}
        >
          {deskWords.groups[group](n)}
        </button>
      ))}
    </fieldset>
  )
}

/**
 * Rows that appear while someone reads wait until they are asked for, and one that no longer fits the filter stays until then: nothing moves
 * under a hand. States of the rows change in place.
 */
function useNewRows(view: string, all: readonly DeskVisit[], fits: (visit: DeskVisit) => boolean) {
  const [known, setKnown] = useState<{ view: string; ids: ReadonlySet<string> }>({ view: '', ids: new Set() })
  const fitting = all.filter(fits)
  const ids = (): ReadonlySet<string> => new Set(fitting.map(({ journey }) => journey.intakeId))
  if (fitting.length > 0 && (known.view !== view || known.ids.size === 0)) setKnown({ view, ids: ids() })
  const rows = known.view === view ? all.filter(({ journey }) => known.ids.has(journey.intakeId)) : fitting
  const hidden = known.view === view ? fitting.filter(({ journey }) => !known.ids.has(journey.intakeId)).length : 0
  return { rows, hidden, showAll: () => setKnown({ view, ids: ids() }) }
}

function byDay(rows: readonly DeskVisit[], timeZone: string): [string, DeskVisit[]][] {
  const days = new Map<string, DeskVisit[]>()
  for (const row of rows) {
    const day = dayOfVisit(row, timeZone)
    days.set(day, [...(days.get(day) ?? []), row])
  }
  return [...days]
}

/** j and k go from row to row, Enter opens the one. */
function useRowKeys(): void {
  const move = (by: 1 | -1): void => {
    const links = [...document.querySelectorAll<HTMLElement>('[data-row-link]')]
    const row = document.activeElement?.closest('tr, li')
    const here = links.findIndex((link) => row?.contains(link))
    links[here === -1 ? 0 : Math.min(Math.max(here + by, 0), links.length - 1)]?.focus()
  }
  useKeys({ j: () => move(1), k: () => move(-1) })
}
