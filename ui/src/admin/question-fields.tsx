import type { LanguageTag } from '@heliox/core/kit'
import { languageNames } from '@heliox/core/messages'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { CheckField, SelectField, TextField } from '../shared/fields.tsx'
import { formsWords as t } from '../shared/messages/forms-words.ts'
import { controlOf } from './form-check.ts'
import { hasChoices, isText, type Kind, kinds, newChoice, ofKind, type QuestionDraft } from './form-draft.ts'
import { useNextFocus } from './use-next-focus.ts'

export interface QuestionMoves {
  index: number
  count: number
  move(by: 1 | -1): void
  remove(): void
}
export const moveId = (name: string, by: 1 | -1): string => `${name}-${by === 1 ? 'down' : 'up'}`

/** One question: its kind, its words in each language of the clinic, and its limits. */
export function QuestionFields({
  question,
  languages,
  isAsked,
  moves,
  onChange,
}: {
  question: QuestionDraft
  languages: readonly LanguageTag[]
  /** It is in the version that patients are asked now. */
  isAsked: boolean
  moves: QuestionMoves
  onChange(question: QuestionDraft): void
}) {
  const { name, kind } = question
  const set = (part: Partial<QuestionDraft>): void => onChange({ ...question, ...part })
  const focusNext = useNextFocus()
  const changeKind = (to: Kind): void => {
    const changed = ofKind(question, to)
    focusNext(controlOf.part(changed.name, 'kind'))
    onChange(changed)
  }
  return (
    <fieldset className="panel min-w-0 space-y-3 p-4">
      <legend className="float-start font-semibold">{t.question(moves.index + 1)}</legend>
      <Moves name={name} moves={moves} />
      <div className="clear-both grid gap-3 sm:grid-cols-2">
        <SelectField
          id={controlOf.part(name, 'kind')}
          label={t.kind}
          {...(isAsked ? { hint: t.anew } : {})}
          value={kind}
          options={kinds.map((value) => ({ value, label: t.kinds[value] }))}
          onChange={(to) => changeKind(to as Kind)}
        />
        <div className="self-end">
          <CheckField id={`${name}-required`} label={t.required} checked={question.required} onChange={(required) => set({ required })} />
        </div>
      </div>
      {languages.map((language) => (
        <div key={language} className="grid gap-3 sm:grid-cols-2">
          <TextField
            id={controlOf.said(name, 'label', language)}
            label={t.label(languageNames[language])}
            lang={language}
            maxLength={200}
            autoComplete="off"
            value={question.label[language] ?? ''}
            onChange={(words) => set({ label: { ...question.label, [language]: words } })}
          />
          <TextField
            id={controlOf.said(name, 'hint', language)}
            label={t.hint(languageNames[language])}
            lang={language}
            maxLength={300}
            autoComplete="off"
            value={question.hint[language] ?? ''}
            onChange={(words) => set({ hint: { ...question.hint, [language]: words } })}
          />
        </div>
      ))}
      {hasChoices(kind) ? <Choices question={question} languages={languages} onChange={onChange} /> : null}
      <Limits question={question} set={set} />
    </fieldset>
  )
}

function Moves({ name, moves }: { name: string; moves: QuestionMoves }) {
  const n = moves.index + 1
  const canMove = { '-1': moves.index > 0, '1': n < moves.count }
  return (
    <div className="float-end flex gap-1">
      {([-1, 1] as const).map((by) => (
        <button
          key={by}
          type="button"
          id={moveId(name, by)}
          className="button px-2"
          aria-label={by === 1 ? t.down(n) : t.up(n)}
          aria-disabled={!canMove[by]}
          onClick={() => canMove[by] && moves.move(by)}
        >
          {by === 1 ? <ArrowDown aria-hidden="true" className="size-4" /> : <ArrowUp aria-hidden="true" className="size-4" />}
        </button>
      ))}
      <button type="button" className="button px-2" aria-label={t.remove(n)} onClick={moves.remove}>
        <Trash2 aria-hidden="true" className="size-4" />
      </button>
    </div>
  )
}

const choicesMax = 30
function Choices({ question, languages, onChange }: { question: QuestionDraft; languages: readonly LanguageTag[]; onChange(question: QuestionDraft): void }) {
  const { name, choices } = question
  const focusNext = useNextFocus()
  const addId = controlOf.part(name, 'addChoice')
  const set = (next: QuestionDraft['choices']): void => onChange({ ...question, choices: next })
  const add = (): void => {
    const choice = newChoice()
    focusNext(controlOf.choice(name, choice.value, languages[0] ?? 'en'))
    set([...choices, choice])
  }
  return (
    <fieldset className="space-y-2">
      <legend className="font-medium">{t.choices}</legend>
      {choices.map((choice, index) => (
        <div key={choice.value} className="flex items-end gap-2 border-s-2 border-line ps-3">
          <div className="grid min-w-0 flex-1 gap-2 sm:grid-cols-2">
            {languages.map((language) => (
              <TextField
                key={language}
                id={controlOf.choice(name, choice.value, language)}
                label={t.choice(index + 1, languageNames[language])}
                lang={language}
                maxLength={80}
                autoComplete="off"
                value={choice.words[language] ?? ''}
                onChange={(words) => set(choices.map((one) => (one === choice ? { ...one, words: { ...one.words, [language]: words } } : one)))}
              />
            ))}
          </div>
          <button
            type="button"
            className="button flex-none px-2"
            aria-label={t.removeChoice(index + 1)}
            onClick={() => {
              focusNext(addId)
              set(choices.filter((one) => one !== choice))
            }}
          >
            <Trash2 aria-hidden="true" className="size-4" />
          </button>
        </div>
      ))}
      <button type="button" id={addId} className="button" disabled={choices.length >= choicesMax} onClick={add}>
        <Plus aria-hidden="true" className="size-4" />
        {t.addChoice}
      </button>
    </fieldset>
  )
}

function Limits({ question, set }: { question: QuestionDraft; set(part: Partial<QuestionDraft>): void }) {
  const { name, kind } = question
  const number = (part: 'longest' | 'smallest' | 'largest' | 'most', label: string, hint?: string) => (
    <TextField
      id={controlOf.part(name, part)}
      label={label}
      {...(hint ? { hint } : {})}
      inputMode="numeric"
      autoComplete="off"
      className="max-w-28"
      value={question[part]}
      onChange={(value) => set({ [part]: value })}
    />
  )
  if (isText(kind)) return number('longest', t.longest)
  if (kind === 'many') return number('most', t.most, t.mostHint)
  if (kind !== 'number') return null
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap gap-3">
        {number('smallest', t.smallest)}
        {number('largest', t.largest)}
      </div>
      <CheckField id={`${name}-whole`} label={t.whole} checked={question.whole} onChange={(whole) => set({ whole })} />
    </div>
  )
}
