import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type DeskAnswers, openDeskAnswers } from '../client.gen.ts'
import { factsWords } from '../shared/messages/visit-facts-words.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'

const t = factsWords.answers

/** Read only, and only when asked for: each look is in the audit log. Putting right is the patient's, or operations'. */
export function AnswersPanel({ intakeId }: { intakeId: string }) {
  const look = useMutation({ mutationFn: () => openDeskAnswers({ params: { intakeId } }), gcTime: 0 })
  return (
    <section aria-labelledby="answers-title" className="panel space-y-3 p-4">
      <h2 id="answers-title">{t.title}</h2>
      {look.data ? <Answers answers={look.data} /> : <p className="text-quiet">{t.lead}</p>}
      {look.isError ? <ProblemNotice error={look.error} words={t.failed} /> : null}
      <button
        type="button"
        className="button"
        aria-disabled={look.isPending}
        onClick={() => {
          if (look.data) look.reset()
          else if (!look.isPending) look.mutate()
        }}
      >
        {look.isPending ? t.busy : look.data ? t.hide : t.show}
      </button>
    </section>
  )
}

function Answers({ answers: { insurance, secondary, nameOnCard, payerSex, gender, guardian, noCard } }: { answers: DeskAnswers }) {
  const secondName = secondary?.nameOnCard
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t.insurance, <Insurance key="first" of={insurance} />],
    ...(nameOnCard ? [[t.nameOnCard, `${nameOnCard.familyName}, ${nameOnCard.givenName}`] as const] : []),
    [t.secondary, secondary ? <Insurance key="second" of={secondary} /> : t.none],
    ...(secondName ? [[t.nameOnSecondCard, `${secondName.familyName}, ${secondName.givenName}`] as const] : []),
    [t.card, noCard ? t.noCard : t.hasCard],
    [t.sexInPlan, t.sexes[payerSex]],
    [t.gender, gender ? t.genders[gender] : t.notSaid],
    [t.guardian, guardian ? `${guardian.familyName}, ${guardian.givenName} (${t.relationships[guardian.relationship]})` : t.none],
  ]
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-2">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-quiet">{name}</dt>
          <dd className="wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Insurance({ of: { payer, listed, memberId, groupNumber } }: { of: DeskAnswers['insurance'] }) {
  return (
    <>
      {payer}
      {listed ? null : <span className="block text-quiet">{t.notListed}</span>}
      <span className="block select-all">{t.member(memberId)}</span>
      {groupNumber ? <span className="block select-all">{t.group(groupNumber)}</span> : null}
    </>
  )
}
