import { Equal, EqualNot, Minus } from 'lucide-react'
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react'
import { type ItemChoice, openChoice } from '../client.gen.ts'
import { Group } from '../shared/fields.tsx'
import { choiceWords as t } from '../shared/messages/choice-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import type { Values } from './action-values.tsx'
import { PurposeForm } from './purpose-form.tsx'

type Match = ItemChoice['rows'][number]['charts'][number]['match']

/** The patient's answers on the left, each chart on the right of them, and last that it is none of them. */
export function ChoicePicker({ overrideId, values, onChange }: { overrideId: string; values: Values; onChange(values: Values): void }) {
  const { choice, option } = values
  if (!choice) return <OpenChoice overrideId={overrideId} onOpened={(opened) => onChange({ ...values, choice: opened })} />
  const pick = (to: number | null): void => onChange({ ...values, option: to })
  const radio = (to: number | null, label: string, id: string): ReactNode => (
    <label className="flex min-h-[24px] items-start gap-2 font-medium">
      <input type="radio" id={id} name="option" className="mt-1 size-4 flex-none" checked={option === to} onChange={() => pick(to)} />
      {label}
    </label>
  )
  return (
    <Arrival>
      <Group id="option" label={t.title} hint={t.hint}>
        <Charts choice={choice} head={(n) => radio(n, t.pick(n), n === 0 ? 'option' : `option-${n}`)} chosen={option} />
        {choice.none ? (
          <div className="rounded-lg border border-line p-3">
            {radio(null, t.none, 'option-none')}
            <p className="ms-6 text-quiet">{t.noneHint}</p>
          </div>
        ) : null}
        {choice.more ? (
          <Notice tone="needs-someone">
            <p>{t.more}</p>
          </Notice>
        ) : null}
      </Group>
    </Arrival>
  )
}

/** What another person chose, for who must agree: they see the same, with a purpose of their own. */
export function ChosenChart({ overrideId, option }: { overrideId: string; option: number | null }) {
  const mayOpen = useMay('override.open-input')
  const [choice, setChoice] = useState<ItemChoice | null>(null)
  if (!mayOpen) return null
  if (!choice) return <OpenChoice overrideId={overrideId} onOpened={setChoice} />
  return (
    <Arrival>
      <h3 className="mb-2 font-medium">{t.title}</h3>
      <Charts choice={choice} head={(n) => <Name n={n} chosen={n === option} />} chosen={option} />
    </Arrival>
  )
}
const Name = ({ n, chosen }: { n: number; chosen: boolean }) => (
  <p className="font-medium">
    {t.chart(n)}
    {chosen ? ` · ${t.isChosen}` : ''}
  </p>
)

function OpenChoice({ overrideId, onOpened }: { overrideId: string; onOpened(choice: ItemChoice): void }) {
  const onOpen = (purpose: Parameters<typeof openChoice>[0]['body']['purpose']) => openChoice({ params: { overrideId }, body: { purpose } })
  return <PurposeForm id="choice-purpose" lead={t.lead} submit={t.open} onOpen={onOpen} onOpened={onOpened} />
}

/** The button that was pressed is gone: whoever works by keyboard goes on with what took its place. */
function Arrival({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    <div ref={box} tabIndex={-1} className="outline-none">
      {children}
    </div>
  )
}

/** Columns whose rows stand on one line where there is room, else one under the other: then what differs says beside what it differs from. */
function Charts({ choice, head, chosen }: { choice: ItemChoice; head(n: number): ReactNode; chosen: number | null | undefined }) {
  const { tenant } = useSession()
  const { rows, charts } = choice
  // One line for the head, one for each row.
  const lines = { '--lines': rows.length + 1 } as CSSProperties
  const column = 'rounded-lg border p-3 space-y-2 @xl:grid @xl:row-span-full @xl:grid-rows-subgrid @xl:gap-y-2 @xl:space-y-0'
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: with many charts it scrolls, and by keyboard too
    <section aria-label={t.title} tabIndex={0} className="@container overflow-x-auto">
      <div className="grid gap-3 @xl:auto-cols-[minmax(13rem,1fr)] @xl:grid-flow-col @xl:grid-rows-[repeat(var(--lines),auto)]" style={lines}>
        <section aria-label={t.patient} className={`${column} border-line bg-raised`}>
          <p className="font-medium">{t.patient}</p>
          {rows.map(({ field, asked }) => (
            <Cell key={field} label={t.fields[field]} text={asked ?? staff.none} quiet={asked === null} />
          ))}
        </section>
        {charts.map(({ ref, foundBy, updatedAt }, n) => (
          <section key={ref} aria-label={t.chart(n)} className={`${column} ${chosen === n ? 'border-brand' : 'border-line'}`}>
            <div className="space-y-1">
              {head(n)}
              <p className="text-quiet">
                <code className="select-all">{ref}</code> {t.foundBy(foundBy)}
                {updatedAt ? `. ${t.updated(dayIn(updatedAt, tenant.timeZone))}` : ''}
              </p>
            </div>
            {rows.map((row) => {
              const { text, match } = row.charts[n] ?? { text: null, match: 'not-there' as const }
              return <Cell key={row.field} label={t.fields[row.field]} text={text} match={match} asked={row.asked} quiet={match !== 'different'} />
            })}
          </section>
        ))}
      </div>
    </section>
  )
}

/** Of years ago, so with its year. */
const dayIn = (iso: string, timeZone: string): string => new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone }).format(new Date(iso))

const icons = { same: Equal, different: EqualNot, 'not-there': Minus, 'not-asked': Minus } satisfies Record<Match, unknown>

function Cell({ label, text, match, asked, quiet }: { label: string; text: string | null; match?: Match; asked?: string | null; quiet?: boolean }) {
  const Icon = match && icons[match]
  const differs = match === 'different'
  return (
    <dl className={differs ? 'border-s-4 border-text ps-2' : 'ps-3'}>
      <dt className="text-quiet">{label}</dt>
      {text === null ? null : <dd className={`wrap-anywhere select-all ${differs ? 'font-semibold' : ''}`}>{text}</dd>}
      {match && Icon ? (
        <dd className={`flex items-center gap-1 ${quiet ? 'text-quiet' : ''}`}>
          <Icon aria-hidden="true" className="size-4 flex-none" />
          {t.matches[match]}
        </dd>
      ) : null}
      {differs && asked ? <dd className="text-quiet @xl:hidden">{t.patientSays(asked)}</dd> : null}
    </dl>
  )
}
