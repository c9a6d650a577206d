import { ChevronDown } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { FieldFrame, hintId, problemId, TextField, useProblem } from '../shared/fields.tsx'
import { useText } from '../shared/messages/index.ts'
import { matching, namedBy, notListed, type Payer } from './covers.ts'

/** Letters: before so many nobody has typed a name yet. */
const offeredFrom = 3

interface Option {
  value: string
  label: string
  note?: string
}

/**
 * The insurer by its name, an alias or a number of the card: the editable combobox of the ARIA practices with a list that is
 * filtered while typing. The focus stays in the text; nothing is taken before it is chosen, but for a name that is typed in
 * full. What was typed and not chosen is kept as typed, and may be taken as it is. What the list does not have leads to a person.
 */
export function PayerField({
  id,
  textId,
  label,
  payers,
  value,
  named,
  onChange,
}: {
  id: string
  /** The field of the name in the patient's own words. */
  textId: string
  label: string
  payers: readonly Payer[]
  /** The insurer that was chosen; empty: none yet. */
  value: string
  /** What was typed in place of choosing: the name of one that is not listed, or, with none chosen, what stands in the field. */
  named: string
  onChange(change: { payerId: string; payerText: string }): void
}) {
  const text = useText()
  const t = text.payer
  const problem = useProblem(id)
  const listId = useId()
  const list = useRef<HTMLDivElement>(null)
  const chosen = payers.find((payer) => payer.id === value)
  const shownAs = (payerId: string): string => (payerId === notListed ? t.notListed : (payers.find((payer) => payer.id === payerId)?.name ?? ''))
  const [typed, setTyped] = useState(() => shownAs(value) || named)
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(-1)
  // What was chosen is not a search: the list opens in full.
  const searched = typed === shownAs(value) ? '' : typed
  const unchosen = value === '' && typed.trim().length >= offeredFrom && !namedBy(payers, typed) ? typed.trim() : ''
  const { shown, count } = matching(payers, searched)
  const options: Option[] = [
    ...shown.map((payer: Payer) => ({ value: payer.id, label: payer.name, ...(payer.supported ? {} : { note: t.byPerson }) })),
    { value: notListed, label: t.notListed },
  ]
  const active = open ? options[at] : undefined
  const optionId = (index: number): string => `${listId}-${index}`

  // Chosen by another way (an earlier form, another device), or said in another language now.
  useEffect(() => {
    if (value !== '') setTyped(shownAs(value))
  }, [value, text])
  useEffect(() => {
    if (open && at >= 0) list.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [open, at])

  const choose = (payerId: string): void => {
    setTyped(shownAs(payerId))
    setOpen(false)
    setAt(-1)
    if (payerId !== value) onChange({ payerId, payerText: payerId === notListed ? named || searched.trim() : '' })
  }
  const move = (by: 1 | -1): void => {
    setOpen(true)
    setAt((now) => (open ? (now + by + options.length) % options.length : by === 1 ? 0 : options.length - 1))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      move(event.key === 'ArrowDown' ? 1 : -1)
    } else if (event.key === 'Enter' && active) {
      event.preventDefault()
      choose(active.value)
    } else if (event.key === 'Escape' && (open || typed !== '')) {
      event.preventDefault()
      if (open) setOpen(false)
      else {
        setTyped('')
        onChange({ payerId: '', payerText: '' })
      }
    } else if (event.key === 'Tab' && active) choose(active.value)
  }
  const onBlur = (): void => {
    setOpen(false)
    const full = value === '' ? namedBy(payers, typed) : undefined
    if (full) choose(full.id)
  }
  const describedBy = [hintId(id), problem ? problemId(id) : ''].filter(Boolean).join(' ')
  return (
    <div className="space-y-3">
      <FieldFrame id={id} label={label} hint={t.hint}>
        <div className="relative">
          <input
            id={id}
            name={id}
            type="text"
            role="combobox"
            className="control pe-12 text-ellipsis"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={80}
            aria-expanded={open}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={active ? optionId(at) : undefined}
            aria-invalid={problem ? true : undefined}
            aria-describedby={describedBy}
            data-value={value}
            value={typed}
            onChange={({ target }) => {
              // Who takes "not listed" back from its end goes on with the name that they had typed.
              const text = value === notListed && target.value === t.notListed.slice(0, -1) ? named : target.value
              setTyped(text)
              setOpen(true)
              setAt(-1)
              // Text that was changed is another insurer, or none yet; it is kept as it stands.
              onChange({ payerId: '', payerText: text })
            }}
            onClick={() => setOpen(true)}
            onKeyDown={onKeyDown}
            onBlur={onBlur}
          />
          <ChevronDown aria-hidden="true" className="pointer-events-none absolute end-3 top-1/2 size-[1.1em] -translate-y-1/2 text-quiet" />
          <div
            ref={list}
            id={listId}
            // The list is shown under the text and over what follows; a press on it must not take the focus from the text.
            role="listbox"
            aria-label={label}
            hidden={!open}
            className="absolute inset-x-0 top-full z-10 mt-1 max-h-80 overflow-y-auto rounded-md border border-edge bg-surface py-1 shadow-lg"
            onMouseDown={(event) => event.preventDefault()}
          >
            {options.map((option, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text field's, which keeps the focus
              // biome-ignore lint/a11y/useFocusableInteractive: pointed at by aria-activedescendant
              <div
                key={option.value}
                id={optionId(index)}
                role="option"
                aria-selected={option.value === value}
                data-value={option.value}
                className={`min-h-[44px] cursor-pointer px-3 py-2 wrap-anywhere ${index === at ? 'bg-raised outline-2 -outline-offset-2 outline-(--focus)' : 'hover:bg-raised'} ${option.value === notListed ? 'border-t border-line' : ''}`}
                onClick={() => choose(option.value)}
              >
                {option.label}
                {option.note ? <span className="text-quiet"> ({option.note})</span> : null}
              </div>
            ))}
          </div>
        </div>
      </FieldFrame>
      <p role="status" className="sr-only">
        {open ? (count === 0 ? t.none : t.count(count)) : ''}
      </p>
      {unchosen !== '' ? (
        // Also while the list is open, under it: what came only when the field is left would move the button that is about to be pressed.
        <div className="space-y-3 border-s-4 border-line ps-4">
          <p>{t.unchosen}</p>
          <button type="button" className="button w-full sm:w-auto" data-take-typed onClick={() => choose(notListed)}>
            {t.takeTyped(unchosen)}
          </button>
        </div>
      ) : null}
      {value === notListed ? (
        <div className="space-y-3 border-s-4 border-line ps-4">
          <p>{t.notListedText}</p>
          <TextField
            id={textId}
            label={t.name}
            hint={t.nameHint}
            value={named}
            autoComplete="off"
            spellCheck={false}
            onChange={(payerText) => onChange({ payerId: notListed, payerText })}
          />
        </div>
      ) : null}
      {chosen && !chosen.supported ? <p className="border-s-4 border-line ps-4">{t.unsupportedText}</p> : null}
    </div>
  )
}
