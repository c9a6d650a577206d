import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { getOpsRules, type OpsRules, saveOpsRules } from '../client.gen.ts'
import { CheckField } from '../shared/fields.tsx'
import { rulesWords as t } from '../shared/messages/rules-words.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useMay } from '../shared/staff/shell.tsx'
import { OnePanelPage, SaveLine, useReadOnce } from './one-panel.tsx'

const rulesKey = ['ops-rules'] as const

/** What this clinic wants of every decision: one rule, told with what it brings; saved by its button, never by a stray click. */
export function OpsRulesPage() {
  const rules = useReadOnce(rulesKey, (signal) => getOpsRules({}, { signal }))
  return (
    <OnePanelPage id="rules" words={t} of={rules}>
      {(read) => <Rules rules={read} />}
    </OnePanelPage>
  )
}

function Rules({ rules }: { rules: OpsRules }) {
  const mayWrite = useMay('ops-rules.write')
  const client = useQueryClient()
  const [wanted, setWanted] = useState(rules.confirmNeedsTwo)
  const save = useMutation({
    mutationFn: () => saveOpsRules({ body: { confirmNeedsTwo: wanted } }),
    onSuccess: (saved) => client.setQueryData(rulesKey, saved),
  })
  if (!mayWrite) return <p>{rules.confirmNeedsTwo ? t.isOn : t.isOff}</p>
  return (
    <form
      noValidate
      aria-labelledby="rules-title"
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!save.isPending) save.mutate()
      }}
    >
      <CheckField
        id="confirmNeedsTwo"
        label={t.confirmNeedsTwo}
        note={t.note}
        checked={wanted}
        onChange={(on) => {
          save.reset()
          setWanted(on)
        }}
      />
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      <SaveLine label={t.save} saving={t.saving} isPending={save.isPending} said={save.isSuccess ? (save.data.confirmNeedsTwo ? t.savedOn : t.savedOff) : ''} />
    </form>
  )
}
