import { useState } from 'react'
import { openAnswers } from '../client.gen.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { useMay } from '../shared/staff/shell.tsx'
import { PurposeForm } from './purpose-form.tsx'
import { ValueView } from './value-view.tsx'

const t = queueWords.override

/** What the patient wrote in place of an insurer of the list, and how to reach them: behind a purpose. It leaves with the page. */
export function InsurerPanel({ intakeId }: { intakeId: string }) {
  const [values, setValues] = useState<Record<string, string> | null>(null)
  if (!useMay('answers.open')) return null
  return (
    <section aria-labelledby="insurer-title" className="panel space-y-3 p-4">
      <h2 id="insurer-title">{t.insurer}</h2>
      {values ? (
        <>
          <ValueView value={values} />
          <button type="button" className="button" onClick={() => setValues(null)}>
            {t.closeInput}
          </button>
        </>
      ) : (
        <PurposeForm
          id="insurer-purpose"
          lead={t.inputLead}
          submit={t.openInsurer}
          onOpen={(purpose) => openAnswers({ params: { intakeId }, body: { purpose, fields: ['payerText', 'memberId', 'phone'] } })}
          onOpened={(answer) => setValues(answer.values)}
        />
      )}
    </section>
  )
}
