import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { OverridePage } from '../client.gen.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { useWide } from '../shared/staff/use-wide.ts'
import { type FilterName, filterOf, type QueueFilter, searchOf, withFilter } from './queue-filter.ts'
import { SavedViews } from './saved-views.tsx'

const t = queueWords.overrides

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
  const causes = options(page?.byCause, filter.cause, (value) => (queueWords.causes as Record<string, string>)[value])
  const payers = options(page?.byPayer, filter.payer, () => undefined)
  const selects = (
    <div className="grid grid-cols-2 items-end gap-2 sm:flex sm:flex-wrap">
      <Choice
        id="filter-status"
        label={t.status}
        value={filter.status}
        onChange={(value) => choose('status', value)}
        options={[
          { value: 'open', label: t.open },
          { value: 'resolved', label: t.resolved },
        ]}
      />
      {wide ? null : (
        <Choice
          id="filter-cause"
          label={t.cause}
          value={filter.cause ?? ''}
          empty={t.anyCause}
          onChange={(value) => choose('cause', value)}
          options={counted(causes)}
        />
      )}
      <Choice
        id="filter-payer"
        label={t.payer}
        value={filter.payer ?? ''}
        empty={t.anyPayer}
        onChange={(value) => choose('payer', value)}
        options={counted(payers)}
      />
      <Choice
        id="filter-owner"
        label={t.who}
        value={filter.owner ?? ''}
        empty={t.anyOwner}
        onChange={(value) => choose('owner', value)}
        options={named(queueWords.owners)}
      />
      <Choice
        id="filter-kind"
        label={t.kind}
        value={filter.kind ?? ''}
        empty={t.anyKind}
        onChange={(value) => choose('kind', value)}
        options={named(t.kinds)}
      />
      {filter.status === 'open' ? (
        <Choice id="filter-sort" label={t.sort} value={filter.sort} onChange={(value) => choose('sort', value)} options={named(t.sorts)} />
      ) : null}
      <SavedViews filter={filter} onChoose={onChange} />
    </div>
  )
  const chosen = Object.keys(filter).length - 2 + (filter.status === 'resolved' ? 1 : 0)
  return (
    <search aria-label={t.filterLabel} className="mb-3 block space-y-2">
      {wide ? (
        selects
      ) : (
        <details id="filter-details">
          <summary>{t.filters(chosen)}</summary>
          <div className="pt-2">{selects}</div>
        </details>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {/* Both say what is there now; a screen reader hears each change once. */}
        <p role="status" className="me-2 min-w-16">
          {page ? t.count(page.total) : ''}
        </p>
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
        {children}
      </div>
    </search>
  )
}

const named = (words: Readonly<Record<string, string>>) => Object.entries(words).map(([value, label]) => ({ value, label }))
const counted = (choices: ReturnType<typeof options>) => choices.map(({ value, name, count }) => ({ value, label: t.option(name, count) }))

/** A list whose entries say what it is about: its label is for who cannot see that. */
function Choice({
  label,
  ...rest
}: {
  id: string
  label: string
  value: string
  empty?: string
  onChange(value: string): void
  options: readonly { value: string; label: string }[]
}) {
  const { id, value, empty, onChange, options: entries } = rest
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <select id={id} className="control sm:w-auto sm:max-w-60" value={value} onChange={(event) => onChange(event.target.value)}>
        {empty === undefined ? null : <option value="">{empty}</option>}
        {entries.map((entry) => (
          <option key={entry.value} value={entry.value}>
            {entry.label}
          </option>
        ))}
      </select>
    </div>
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
