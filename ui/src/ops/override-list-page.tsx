import { useEffect, useRef } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { OverrideItem } from '../client.gen.ts'
import { SelectField } from '../shared/fields.tsx'
import { incidentWords } from '../shared/messages/incident-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { TableHead } from '../shared/staff/table-head.tsx'
import { useWide } from '../shared/staff/use-wide.ts'
import { Notice, StateChip } from '../shared/state-chip.tsx'
import { exactTime } from '../shared/time.ts'
import { Incidents } from './incidents.tsx'
import { useIncidents } from './use-incidents.ts'
import { useOverrideList } from './use-override-list.ts'
import { causeOf, causes, relative, stepOf, waited } from './words.ts'

const t = staff.overrides

/** The queue. Its filter is in the URL, so that a list can be sent to a colleague and Back works. */
export function OverrideListPage() {
  const [query, setQuery] = useSearchParams()
  const status = query.get('status') === 'resolved' ? 'resolved' : 'open'
  const cause = causeOf(query.get('cause'))
  const { list, items, total, changes, showChanges, stale } = useOverrideList({ status, ...(cause ? { cause } : {}) })
  const incidents = useIncidents(status, useMay('incident.list'))
  const wide = useWide()
  const setFilter = (name: 'status' | 'cause', value: string): void =>
    setQuery((now) => {
      const next = new URLSearchParams(now)
      if (value === '' || value === 'open') next.delete(name)
      else next.set(name, value)
      return next
    })
  return (
    <>
      <PageTitle title={t.title}>
        <p className="text-quiet">{t.lead}</p>
      </PageTitle>
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
        <div className="w-36">
          <SelectField
            id="status"
            label={t.status}
            value={status}
            onChange={(value) => setFilter('status', value)}
            options={[
              { value: 'open', label: t.open },
              { value: 'resolved', label: t.resolved },
            ]}
          />
        </div>
        <div className="w-64 max-w-full">
          <SelectField
            id="cause"
            label={t.cause}
            value={cause ?? ''}
            empty={t.anyCause}
            onChange={(value) => setFilter('cause', value)}
            options={causes.map((value) => ({ value, label: staff.causes[value] }))}
          />
        </div>
        <p role="status" className="min-h-[36px] content-center text-quiet">
          {list.data ? t.count(items.length, total) : ''}
        </p>
        {wide && items.length > 0 ? <p className="ms-auto min-h-[36px] content-center text-quiet">{t.keys}</p> : null}
      </div>
      <div role="status" className="mb-2 flex min-h-[36px] flex-wrap gap-2">
        {changes > 0 ? (
          <button type="button" className="button" onClick={showChanges}>
            {staff.newRows(changes)}
          </button>
        ) : null}
        {incidents.changed ? (
          <button type="button" className="button" onClick={incidents.show}>
            {incidentWords.changed}
          </button>
        ) : null}
      </div>
      {/* A queue narrowed to one cause is about its items. */}
      {cause ? null : <Incidents key={status} incidents={incidents} />}
      {stale ? (
        <div className="mb-4">
          <Notice tone="provisional">
            <p>{t.stale}</p>
          </Notice>
        </div>
      ) : null}
      {list.isPending || incidents.list.isLoading ? (
        <p role="status" className="min-h-[40vh] text-quiet">
          {staff.loading}
        </p>
      ) : list.isError && !list.data ? (
        <ProblemNotice error={list.error} onAgain={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <Empty status={status} filtered={cause !== undefined} onClear={() => setFilter('cause', '')} />
      ) : wide ? (
        <OverrideTable items={items} status={status} />
      ) : (
        <OverrideCards items={items} />
      )}
      {list.hasNextPage ? (
        <button type="button" className="button mt-4" onClick={() => void list.fetchNextPage()} aria-disabled={list.isFetchingNextPage}>
          {staff.showMore}
        </button>
      ) : null}
    </>
  )
}

function Empty({ status, filtered, onClear }: { status: OverrideItem['status']; filtered: boolean; onClear(): void }) {
  if (filtered) {
    return (
      <EmptyState title={t.emptyFilter}>
        <button type="button" className="button" onClick={onClear}>
          {t.clearFilter}
        </button>
      </EmptyState>
    )
  }
  return status === 'open' ? <EmptyState title={t.emptyOpen} text={t.emptyOpenWhy} /> : <EmptyState title={t.emptyResolved} />
}

function State({ item }: { item: OverrideItem }) {
  return item.status === 'open' ? <StateChip tone="needs-someone">{t.needs}</StateChip> : <StateChip tone="confirmed">{t.done}</StateChip>
}
/** Relative, with the absolute one on hover and in print. */
function When({ iso }: { iso: string | null }) {
  const { tenant } = useSession()
  if (!iso) return <>{staff.none}</>
  const exact = exactTime(iso, tenant.timeZone)
  return (
    <time dateTime={iso} title={exact}>
      {relative(iso)}
      <span className="hidden print:inline"> ({exact})</span>
    </time>
  )
}

function OverrideTable({ items, status }: { items: readonly OverrideItem[]; status: OverrideItem['status'] }) {
  const body = useRowKeys()
  const open = status === 'open'
  const heads = [t.state, t.cause, t.partner, t.step, ...(open ? [t.who, t.waited] : [t.resolvedHow, t.resolvedWhen]), t.visit, t.reference]
  return (
    <div className="panel">
      <table className="w-full border-collapse">
        <TableHead heads={heads} />
        <tbody ref={body}>
          {items.map((item) => (
            <tr key={item.id} className="h-9 border-t border-line focus-within:bg-raised hover:bg-raised">
              <td className="px-3 py-1">
                <State item={item} />
              </td>
              <td className="px-3 py-1">
                <Link href={`/overrides/${item.id}`} className="inline-block min-h-[24px]">
                  {staff.causes[item.cause]}
                </Link>
              </td>
              <td className="px-3 py-1">{item.partner ?? t.noPartner}</td>
              <td className="px-3 py-1">{stepOf(item)}</td>
              {open ? (
                <>
                  <td className="px-3 py-1">{staff.owners[item.owner]}</td>
                  <td className="px-3 py-1 whitespace-nowrap" title={item.openedAt}>
                    {waited(item)}
                  </td>
                </>
              ) : (
                <>
                  <td className="px-3 py-1">{item.resolution ? staff.resolutions[item.resolution].name : staff.none}</td>
                  <td className="px-3 py-1 whitespace-nowrap">
                    <When iso={item.resolvedAt} />
                  </td>
                </>
              )}
              <td className="px-3 py-1 whitespace-nowrap">
                <When iso={item.visitAt} />
              </td>
              <td className="px-3 py-1 whitespace-nowrap select-all">{item.reference ?? staff.none}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** j and k move through the rows from wherever one is; Enter is the link's own. */
function useRowKeys() {
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const inControl = event.target instanceof Element && event.target.closest('input, select, textarea, [role=menu]')
      if (inControl || event.ctrlKey || event.metaKey || event.altKey || (event.key !== 'j' && event.key !== 'k')) return
      const links = [...(body.current?.querySelectorAll<HTMLAnchorElement>('a') ?? [])]
      const at = links.indexOf(document.activeElement as HTMLAnchorElement)
      const next = event.key === 'j' ? at + 1 : Math.max(at - 1, 0)
      links[Math.min(next, links.length - 1)]?.focus()
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return body
}

function OverrideCards({ items }: { items: readonly OverrideItem[] }) {
  return (
    <ul className="space-y-2">
      {items.map((item) => (
        <li key={item.id} className="panel space-y-1 p-3">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <State item={item} />
            <span className="text-quiet">
              {t.visit} <When iso={item.visitAt} />
            </span>
          </div>
          <Link href={`/overrides/${item.id}`} className="inline-block min-h-[28px] font-medium">
            {staff.causes[item.cause]}
          </Link>
          <p>
            {item.partner ?? t.noPartner}, {stepOf(item)}
          </p>
          <p className="text-quiet">
            {t.who}: {staff.owners[item.owner]}. {t.waited}: {waited(item)}. {item.reference ?? ''}
          </p>
        </li>
      ))}
    </ul>
  )
}
