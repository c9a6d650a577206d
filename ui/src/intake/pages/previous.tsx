import { useState } from 'react'
import { CheckField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { useForm } from '../context.ts'
import { dayText } from '../dates.ts'
import { patched } from '../draft.ts'
import { type OfferedGroup, offeredGroups, offeredOf, taken } from '../offered.ts'
import { StepPage } from '../step-page.tsx'
import { nextOpen } from '../steps-done.ts'
import { titleOf } from '../titles.ts'
import { rowsOf } from './answer-rows.tsx'

/** What was said before, group by group, nothing ticked: what the patient confirms is taken over, the rest is asked as ever. */
export function PreviousPage() {
  const form = useForm()
  const { intake, draft, patch, language } = form
  const text = useText()
  const t = text.previous
  const [ticked, setTicked] = useState<readonly OfferedGroup[]>([])
  const offered = offeredOf(intake)
  const change = taken(offered, ticked)
  const lead = intake.previous ? t.lead(dayText(intake.previous.givenAt, intake.clinic.timeZone, language)) : t.leadClinic
  return (
    <StepPage
      step="previous"
      title={t.title}
      lead={lead}
      before={async () => {
        patch(change)
        return 'ok'
      }}
      next={() => nextOpen({ ...form, draft: patched({ ...draft, seen: [...draft.seen, 'previous'] }, change) })}
    >
      <p>{t.rest}</p>
      {offeredGroups.flatMap((group) => {
        const own = offered[group]
        if (!own) return []
        const title = titleOf(group, text)
        return [
          <section key={group} aria-labelledby={`was-${group}`} className="panel space-y-2 p-4">
            <h2 id={`was-${group}`}>{title}</h2>
            <dl className="space-y-1">
              {rowsOf(group, { ...form, draft: patched(draft, own) }, text)
                .filter(([, answer]) => answer !== '')
                .map(([name, answer]) => (
                  <div key={name} className="sm:grid sm:grid-cols-[12rem_1fr] sm:gap-4">
                    <dt className="text-quiet">{name}</dt>
                    <dd className="wrap-anywhere">{answer}</dd>
                  </div>
                ))}
            </dl>
            <CheckField
              id={`take-${group}`}
              label={
                <>
                  {t.agree}
                  <span className="sr-only">: {title}</span>
                </>
              }
              checked={ticked.includes(group)}
              onChange={(on) => setTicked((now) => (on ? [...now, group] : now.filter((other) => other !== group)))}
            />
          </section>,
        ]
      })}
    </StepPage>
  )
}
