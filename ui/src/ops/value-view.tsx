import type { ReadOut } from '../client.gen.ts'
import { itemWords } from '../shared/messages/item-words.ts'
import { staff } from '../shared/messages/staff.ts'

/** A value as nested name and value lines: readable, selectable, no code. */
export function ValueView({ value }: { value: unknown }) {
  if (Array.isArray(value)) {
    return value.length === 0 ? (
      <span className="text-quiet">{staff.none}</span>
    ) : (
      <ul className="list-disc ps-4">
        {value.map((entry, index) => (
          // A read-only view of a fixed list.
          <li key={index}>
            <ValueView value={entry} />
          </li>
        ))}
      </ul>
    )
  }
  if (typeof value === 'object' && value !== null) {
    return (
      <dl className="space-y-1">
        {Object.entries(value).map(([name, entry]) => (
          <div key={name} className="grid gap-x-4 sm:grid-cols-[10rem_1fr]">
            <dt className="text-quiet">{name}</dt>
            <dd className="wrap-anywhere select-all">
              <ValueView value={entry} />
            </dd>
          </div>
        ))}
      </dl>
    )
  }
  return <>{value === null || value === undefined || value === '' ? staff.none : String(value)}</>
}

/** What a partner was sent or said, in words, with the code after them. */
export function ReadOutView({ title, readOut }: { title: string; readOut: ReadOut | null }) {
  return (
    <section aria-label={title} className="space-y-2">
      <h4 className="font-medium">{title}</h4>
      {readOut === null ? <p className="text-quiet">{itemWords.attempts.notKept}</p> : null}
      {(readOut ?? []).map((part, at) => (
        // A read-only view of a fixed list; titles may repeat.
        <div key={at} className="space-y-1">
          <h5 className="text-quiet">{part.title}</h5>
          <dl className="space-y-0.5 border-s-2 border-line ps-3">
            {part.lines.map((line, index) => (
              <div key={index} className="grid gap-x-4 sm:grid-cols-[11rem_minmax(0,1fr)]">
                <dt className="text-quiet">{line.label}</dt>
                <dd className="wrap-anywhere select-all">
                  {line.text} {line.code ? <code className="text-quiet">{line.code}</code> : null}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </section>
  )
}
