import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { getOpsRules, type OpsRules, saveOpsRules } from '../client.gen.ts'
import { CheckField } from '../shared/fields.tsx'
import { rulesWords as t } from '../shared/messages/rules-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { PageTitle, useMay } from '../shared/staff/shell.tsx'

const rulesKey = ['ops-rules'] as const

/** What this clinic wants of every decision: one rule, told with what it brings; saved by its button, never by a stray click. */
export function OpsRulesPage() {
  // Not asked again by itself: what is ticked stands on what was read.
  const rules = useQuery({
    queryKey: rulesKey,
    queryFn: ({ signal }) => getOpsRules({}, { signal }),
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  return (
    <>
      <PageTitle title={t.page}>
        <p className="text-quiet">{t.lead}</p>
      </PageTitle>
      {rules.isPending ? (
        <p role="status" className="text-quiet">
          {staff.loading}
        </p>
      ) : !rules.data ? (
        <ProblemNotice error={rules.error} onAgain={() => void rules.refetch()} />
      ) : (
        <section aria-labelledby="rules-title" className="panel max-w-[48rem] space-y-3 p-4">
          <h2 id="rules-title">{t.title}</h2>
          <Rules rules={rules.data} />
        </section>
      )}
    </>
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
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" className="button button-main" aria-disabled={save.isPending}>
          {save.isPending ? t.saving : t.save}
        </button>
        {/* Always there, so that a screen reader hears what comes into it. */}
        <p role="status">{save.isSuccess ? (save.data.confirmNeedsTwo ? t.savedOn : t.savedOff) : ''}</p>
      </div>
    </form>
  )
}
