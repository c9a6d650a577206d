import { Plus, Trash2 } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { CheckField, Group, SelectField, TextField } from '../shared/fields.tsx'
import { payerWords as t } from '../shared/messages/payer-words.ts'
import { type HoursDraft, newKey, type Row } from './payer-form.ts'

const zones = Intl.supportedValuesOf('timeZone')
const at = 'settings.calendar'
const dayOptions = t.days.map((label, day) => ({ value: String(day), label }))

/** When a payer is closed: every week, on holidays, and once. All on the payer's own clock. */
export function HoursFields({ hours, onChange }: { hours: HoursDraft; onChange(hours: HoursDraft): void }) {
  const set = (part: Partial<HoursDraft>): void => onChange({ ...hours, ...part })
  return (
    <div className="space-y-4">
      <TextField
        id={`${at}.timeZone`}
        label={t.zone}
        hint={t.zoneHint}
        list="time-zones"
        autoComplete="off"
        className="max-w-72"
        value={hours.timeZone}
        onChange={(timeZone) => set({ timeZone })}
      />
      <datalist id="time-zones">
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <Rows
        what="windows"
        label={t.windows}
        hint={t.midnightHint}
        max={50}
        rows={hours.windows}
        blank={{ day: '0', from: '', to: '' }}
        idOf={(index) => `${at}.closed.${index}.day`}
        also={(index) => [`${at}.closed.${index}.to`]}
        onChange={(windows) => set({ windows })}
      >
        {(row, index, change) => (
          <div className="grid min-w-0 flex-1 gap-2 sm:grid-cols-[minmax(8rem,1fr)_8rem_8rem]">
            <SelectField id={`${at}.closed.${index}.day`} label={t.day} options={dayOptions} value={row.day} onChange={(day) => change({ day })} />
            <TextField id={`${at}.closed.${index}.from`} label={t.fromTime} type="time" value={row.from} onChange={(from) => change({ from })} />
            <TextField id={`${at}.closed.${index}.to`} label={t.toTime} type="time" toldByGroup value={row.to} onChange={(to) => change({ to })} />
          </div>
        )}
      </Rows>
      <CheckField id={`${at}.usFederalHolidays`} label={t.federal} checked={hours.federal} onChange={(federal) => set({ federal })} />
      <Rows
        what="holidays"
        label={t.holidays}
        max={200}
        rows={hours.holidays}
        blank={{ date: '' }}
        idOf={(index) => `${at}.holidays.${index}`}
        onChange={(holidays) => set({ holidays })}
      >
        {(row, index, change) => (
          <TextField
            id={`${at}.holidays.${index}`}
            label={t.holiday}
            type="date"
            className="max-w-48"
            toldByGroup
            value={row.date}
            onChange={(date) => change({ date })}
          />
        )}
      </Rows>
      <Rows
        what="downtimes"
        label={t.downtimes}
        max={100}
        rows={hours.downtimes}
        blank={{ fromDay: '', fromTime: '', toDay: '', toTime: '' }}
        idOf={(index) => `${at}.downtimes.${index}.from`}
        also={(index) => [`${at}.downtimes.${index}.to`]}
        onChange={(downtimes) => set({ downtimes })}
      >
        {(row, index, change) => (
          <div className="grid min-w-0 flex-1 gap-2 sm:grid-cols-2">
            <TextField
              id={`${at}.downtimes.${index}.from`}
              label={t.startDay}
              type="date"
              toldByGroup
              value={row.fromDay}
              onChange={(fromDay) => change({ fromDay })}
            />
            <TextField
              id={`${at}.downtimes.${index}.from-time`}
              label={t.startTime}
              type="time"
              value={row.fromTime}
              onChange={(fromTime) => change({ fromTime })}
            />
            <TextField id={`${at}.downtimes.${index}.to`} label={t.endDay} type="date" toldByGroup value={row.toDay} onChange={(toDay) => change({ toDay })} />
            <TextField id={`${at}.downtimes.${index}.to-time`} label={t.endTime} type="time" value={row.toTime} onChange={(toTime) => change({ toTime })} />
          </div>
        )}
      </Rows>
    </div>
  )
}

/** Entries of one kind: each is a question of its own, and the focus goes to what came, or stays where one went. */
function Rows<R extends Row>({
  what,
  label,
  hint,
  max,
  rows,
  blank,
  idOf,
  also,
  onChange,
  children,
}: {
  what: keyof typeof t.entry
  label: string
  hint?: string
  max: number
  rows: readonly R[]
  blank: Omit<R, 'key'>
  /** The first control of a row. */
  idOf(index: number): string
  also?(index: number): string[]
  onChange(rows: R[]): void
  children(row: R, index: number, change: (part: Partial<R>) => void): ReactNode
}) {
  const add = useRef<HTMLButtonElement>(null)
  const focusNext = useRef<string | null>(null)
  useEffect(() => {
    const id = focusNext.current
    focusNext.current = null
    if (id === '') add.current?.focus()
    else if (id) document.getElementById(id)?.focus()
  })
  return (
    <fieldset className="space-y-2">
      <legend className="font-medium">{label}</legend>
      {hint && rows.length > 0 ? <p className="text-quiet">{hint}</p> : null}
      {rows.length === 0 ? <p className="text-quiet">{t.none}</p> : null}
      {rows.map((row, index) => (
        <div key={row.key} className="flex items-end gap-2 border-s-2 border-line ps-3">
          <div className="min-w-0 flex-1">
            <Group id={idOf(index)} label={`${t.entry[what]} ${index + 1}`} also={also?.(index) ?? []}>
              {children(row, index, (part) => onChange(rows.map((one) => (one.key === row.key ? { ...one, ...part } : one))))}
            </Group>
          </div>
          <button
            type="button"
            className="button flex-none px-2"
            aria-label={t.remove(t.entry[what].toLowerCase(), index + 1)}
            onClick={() => {
              focusNext.current = ''
              onChange(rows.filter((one) => one.key !== row.key))
            }}
          >
            <Trash2 aria-hidden="true" className="size-4" />
          </button>
        </div>
      ))}
      <button
        ref={add}
        type="button"
        className="button"
        disabled={rows.length >= max}
        onClick={() => {
          focusNext.current = idOf(rows.length)
          onChange([...rows, { ...blank, key: newKey() } as R])
        }}
      >
        <Plus aria-hidden="true" className="size-4" />
        {t.add[what]}
      </button>
    </fieldset>
  )
}
