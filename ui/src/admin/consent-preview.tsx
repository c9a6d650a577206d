import type { LanguageTag } from '@heliox/core/kit'
import { useState } from 'react'
import { ConsentWords } from '../intake/consent-words.tsx'
import { CheckField, TextField } from '../shared/fields.tsx'
import { consentsWords as t } from '../shared/messages/consents-words.ts'
import { useText } from '../shared/messages/index.ts'
import { AsPatient } from './as-patient.tsx'
import { type ConsentDraft, hasCode, wordsIn } from './consent-draft.ts'
import type { ConsentKind } from './use-consents.ts'

/** Any four digits: each form has its own. */
const someCode = '4711'

/** The text as it stands among the others on the patient's page: read, its code typed, ticked; nothing of that is kept. */
export function ConsentPreview({ kind, draft, languages }: { kind: ConsentKind; draft: ConsentDraft; languages: readonly LanguageTag[] }) {
  return (
    <AsPatient id="preview" title={t.preview} choose={t.previewLanguage} languages={languages}>
      {(language) => <Shown kind={kind} draft={draft} language={language} />}
    </AsPatient>
  )
}

function Shown({ kind, draft, language }: { kind: ConsentKind; draft: ConsentDraft; language: LanguageTag }) {
  const { consents } = useText()
  const [code, setCode] = useState('')
  const [isTicked, setIsTicked] = useState(false)
  const words = wordsIn(draft, language)
  const title = words.title || t.untitled
  return (
    <>
      <ConsentWords id="preview-text" open consent={{ kind, title, body: words.body }} code={someCode} />
      {hasCode(words) ? (
        <TextField
          id="preview-code"
          label={consents.code}
          hint={consents.codeHint}
          inputMode="numeric"
          autoComplete="off"
          maxLength={10}
          value={code}
          onChange={setCode}
        />
      ) : null}
      <CheckField
        id="preview-tick"
        label={
          <>
            {consents.agree}
            <span className="sr-only">: {title}</span>
          </>
        }
        checked={isTicked}
        onChange={setIsTicked}
      />
    </>
  )
}
