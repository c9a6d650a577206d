import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { OverridePage } from '../client.gen.ts'
import { SelectField } from '../shared/fields.tsx'
import { staff } from '../shared/messages/staff.ts'
import { useWide } from '../shared/staff/use-wide.ts'
import { type FilterName, filterOf, type QueueFilter, searchOf, withFilter } from './queue-filter.ts'
import { SavedViews } from './saved-views.tsx'

const t = staff.overrides

interface Props {
  filter: QueueFilter
  /** For the counts; undefined while the first page loads. */
  page: OverridePage | undefined
  onChange(filter: QueueFilter): void
  children?: ReactNode
}
type Facet = OverridePage['byCause']

/** Narrows the queue. Every choice says how many items it would leave. */
export function QueueFilters({ filter, page, onChange, children }: Props) {
  const wide = useWide()
  /** A choice goes through the same reading as an address: what is not in the closed list is no filter. */
  const choose = (name: FilterName, value: string): void => {
    const query = new URLSearchParams(searchOf(filter))
    if (value === '') query.delete(name)
    else query.set(name, value)
    onChange(filterOf(query))
  }
  const causes = options(page?.byCause, filter.cause, (value) => (staff.causes as Record<string, string>)[value])
  const payers = options(page?.byPayer, filter.payer, () => undefined)
  return (
    <search aria-label={t.filterLabel} className="mb-2 block space-y-2">
      <div className="grid grid-cols-2 items-end gap-x-4 gap-y-2 sm:flex sm:flex-wrap">
        <div className="sm:w-32">
          <SelectField
            id="filter-status"
            label={t.status}
            value={filter.status}
            onChange={(value) => choose('status', value)}
            options={[
              { value: 'open', label: t.open },
              { value: 'resolved', label: t.resolved },
            ]}
          />
        </div>
        {wide ? null : (
          <SelectField
            id="filter-cause"
            label={t.cause}
            value={filter.cause ?? ''}
            empty={t.anyCause}
            onChange={(value) => choose('cause', value)}
            options={causes.map(({ value, name, count }) => ({ value, label: t.option(name, count) }))}
          />
        )}
        <div className="sm:w-52">
          <SelectField
            id="filter-payer"
            label={t.payer}
            value={filter.payer ?? ''}
            empty={t.anyPayer}
            onChange={(value) => choose('payer', value)}
            options={payers.map(({ value, name, count }) => ({ value, label: t.option(name, count) }))}
          />
        </div>
        <div className="sm:w-36">
          <SelectField
            id="filter-owner"
            label={t.who}
            value={filter.owner ?? ''}
            empty={t.anyOwner}
            onChange={(value) => choose('owner', value)}
            options={Object.entries(staff.owners).map(([value, label]) => ({ value, label }))}
          />
        </div>
        <div className="sm:w-56">
          <SelectField
            id="filter-kind"
            label={t.kind}
            value={filter.kind ?? ''}
            empty={t.anyKind}
            onChange={(value) => choose('kind', value)}
            options={Object.entries(t.kinds).map(([value, label]) => ({ value, label }))}
          />
        </div>
        {filter.status === 'open' ? (
          <div className="sm:w-36">
            <SelectField
              id="filter-sort"
              label={t.sort}
              value={filter.sort}
              onChange={(value) => choose('sort', value)}
              options={Object.entries(t.sorts).map(([value, label]) => ({ value, label }))}
            />
          </div>
        ) : null}
        <SavedViews filter={filter} onChoose={onChange} />
        {children}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {filter.status === 'open' ? (
          <>
            <Toggle on={filter.mine === true} onChange={(on) => choose('mine', on ? 'true' : '')}>
              {t.mine(page?.mine ?? 0)}
            </Toggle>
            <Toggle on={filter.proposed === true} onChange={(on) => choose('proposed', on ? 'true' : '')}>
              {t.proposed(page?.proposed ?? 0)}
            </Toggle>
          </>
        ) : null}
        {wide
          ? causes.map(({ value, name, count }) => (
              <Toggle key={value} on={filter.cause === value} onChange={(on) => choose('cause', on ? value : '')}>
                {name} {count.toLocaleString('en-US')}
              </Toggle>
            ))
          : null}
        {filter.incident ? <Chosen name={t.incidentOnly} onRemove={() => onChange(withFilter(filter, 'incident', undefined))} /> : null}
        {filter.flow ? <Chosen name={t.flowOnly(filter.flow)} onRemove={() => onChange(withFilter(filter, 'flow', undefined))} /> : null}
      </div>
    </search>
  )
}

/** What is chosen stays a choice, also when nothing of it is left. */
function options(facet: Facet | undefined, chosen: string | undefined, wordsOf: (value: string) => string | undefined) {
  const known = (facet ?? []).map(({ value, name, count }) => ({ value, name: wordsOf(value) ?? name ?? value, count }))
  return chosen && !known.some(({ value }) => value === chosen) ? [...known, { value: chosen, name: wordsOf(chosen) ?? chosen, count: 0 }] : known
}

function Toggle({ on, onChange, children }: { on: boolean; onChange(on: boolean): void; children: ReactNode }) {
  return (
    <button type="button" aria-pressed={on} className="button toggle min-h-[28px] px-2.5 py-0" onClick={() => onChange(!on)}>
      {children}
    </button>
  )
}

function Chosen({ name, onRemove }: { name: string; onRemove(): void }) {
  return (
    <button type="button" className="button toggle min-h-[28px] px-2.5 py-0" aria-label={t.withoutFilter(name)} aria-pressed onClick={onRemove}>
      {name}
      <X aria-hidden="true" className="size-3.5" />
    </button>
  )
}
