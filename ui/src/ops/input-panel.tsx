import { openOverrideInput } from '../client.gen.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { PurposeForm } from './purpose-form.tsx'
import { ValueView } from './value-view.tsx'

const t = queueWords.override

/** What a held step would have sent, behind a purpose. */
export function InputPanel({ id, input, onInput }: { id: string; input: { value: unknown } | null; onInput(input: { value: unknown } | null): void }) {
  return (
    <section aria-labelledby="input-title" className="panel space-y-3 p-4">
      <h2 id="input-title">{t.input}</h2>
      {input ? (
        <>
          <ValueView value={input.value} />
          <button type="button" className="button" onClick={() => onInput(null)}>
            {t.closeInput}
          </button>
        </>
      ) : (
        <PurposeForm
          id="purpose"
          lead={t.inputLead}
          submit={t.openInput}
          onOpen={(purpose) => openOverrideInput({ params: { overrideId: id }, body: { purpose } })}
          onOpened={(answer) => onInput({ value: answer.input })}
        />
      )}
    </section>
  )
}
