import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, approveDecision, type ItemDecision, type OpenedDecision, openDecision, refuseDecision, undoDecision } from '../client.gen.ts'
import { choiceWords } from '../shared/messages/choice-words.ts'
import { itemWords } from '../shared/messages/item-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { reasonWords } from '../shared/messages/reason-words.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { useNow } from '../shared/staff/use-now.ts'
import { StateChip, type Tone } from '../shared/state-chip.tsx'
import { exactTime } from '../shared/time.ts'
import { ChosenChart } from './choice-picker.tsx'
import { PurposeForm } from './purpose-form.tsx'
import { useTellDecision } from './undo-toasts.tsx'
import { ReadOutView } from './value-view.tsx'
import { relative } from './words.ts'

const t = itemWords.decision
const w = itemWords.decide
const tones: Record<ItemDecision['state'], Tone> = {
  proposed: 'needs-someone',
  scheduled: 'checking',
  'carried-out': 'confirmed',
  undone: 'provisional',
  refused: 'failed',
}

type Change = keyof typeof after
/** What happened, said after it. */
const after = { undo: 'undone', approve: 'approved', refuse: 'refusedNow' } as const

export function wordsOfFailure(error: unknown): string | undefined {
  const code = error instanceof ApiError ? error.code : ''
  if (code === 'too-late') return w.tooLate
  if (code === 'own-decision') return w.ownProposal
  if (code === 'already-resolved') return w.alreadyResolved
  if (code === 'already-decided' || code === 'decision-conflict') return w.alreadyDecided
  return undefined
}

/** A decision under way: it waits for a second person, or for its moment; either can still be stopped. */
export function DecisionPanel({ decision, refresh }: { decision: ItemDecision; refresh(): Promise<void> }) {
  const { userId } = useSession()
  const tell = useTellDecision()
  const mayApprove = useMay('override.approve')
  const mayDecide = useMay('override.decide')
  const now = useNow(500)
  const own = decision.by.userId === userId
  const leftSeconds = decision.undoUntil ? Math.max(0, Math.ceil((Date.parse(decision.undoUntil) - now) / 1000)) : 0
  const params = { decisionId: decision.id }
  const change = useMutation({
    mutationFn: (to: Change) => (to === 'undo' ? undoDecision({ params }) : to === 'approve' ? approveDecision({ params }) : refuseDecision({ params })),
    onSuccess: (_, to) =>
      tell({ decisionId: decision.id, overrideId: decision.overrideId, words: t[after[to]](itemWords.actions[decision.action].name), undoUntil: null }),
    onSettled: refresh,
  })
  const press = (to: Change) => () => change.isPending || change.mutate(to)
  const words = itemWords.actions[decision.action]
  return (
    <section id="actions" tabIndex={-1} aria-labelledby="decision-title" className="panel space-y-3 p-4 outline-none">
      <h2 id="decision-title">{t.title}</h2>
      <p className="flex flex-wrap items-center gap-2">
        <StateChip tone={tones[decision.state]}>{itemWords.states[decision.state]}</StateChip>
      </p>
      <p>
        {t.by(words.name, own ? queueWords.overrides.you : decision.by.name)} {decision.action === 'choose' ? `${choiceWords.chosen(decision.option)} ` : ''}
        {t.reason}: {reasonWords[decision.reason]}. <span className="text-quiet">{relative(decision.at, now)}</span>
      </p>
      {decision.state === 'proposed' ? (
        <>
          <p>{t.waitsForSecond}</p>
          {decision.action === 'choose' ? <ChosenChart overrideId={decision.overrideId} option={decision.option} /> : null}
          <Content decisionId={decision.id} />
          {own ? <p className="text-quiet">{t.yourOwn}</p> : null}
          <div className="flex flex-wrap gap-2">
            {mayApprove && !own ? (
              <>
                <button type="button" className="button button-main" aria-disabled={change.isPending} onClick={press('approve')}>
                  {t.approve}
                </button>
                <button type="button" className="button" aria-disabled={change.isPending} onClick={press('refuse')}>
                  {t.refuse}
                </button>
              </>
            ) : null}
            {mayDecide && own ? (
              <button type="button" className="button" aria-disabled={change.isPending} onClick={press('undo')}>
                {t.takeBack}
              </button>
            ) : null}
          </div>
        </>
      ) : (
        <>
          <p role="timer" aria-live="off">
            {decision.carryOutAt ? t.soon(relative(decision.carryOutAt, now)) : ''}
          </p>
          {mayDecide && own && leftSeconds > 0 ? (
            <button type="button" className="button" aria-disabled={change.isPending} onClick={press('undo')}>
              {t.undo}
            </button>
          ) : null}
        </>
      )}
      {change.isError ? <ProblemNotice error={change.error} words={wordsOfFailure(change.error)} /> : null}
    </section>
  )
}

/** Who agrees reads first what the other one wrote; it may name a patient, so it opens with a purpose. */
function Content({ decisionId }: { decisionId: string }) {
  const mayOpen = useMay('override.open-input')
  const [opened, setOpened] = useState<OpenedDecision | null>(null)
  if (!mayOpen) return null
  if (!opened) {
    return (
      <PurposeForm
        id="decision-purpose"
        lead={t.contentLead}
        submit={t.openContent}
        onOpen={(purpose) => openDecision({ params: { decisionId }, body: { purpose } })}
        onOpened={setOpened}
      />
    )
  }
  return (
    <div className="space-y-2 rounded-lg bg-raised p-3">
      <h3 className="font-medium">{queueWords.override.note}</h3>
      <p className="wrap-anywhere whitespace-pre-wrap">{opened.note}</p>
      {opened.content ? <ReadOutView title={t.content} readOut={opened.content} /> : null}
    </div>
  )
}

/** What was decided before and what came of it. */
export function DecisionHistory({ decisions, current }: { decisions: readonly ItemDecision[]; current: string | undefined }) {
  const { tenant } = useSession()
  const past = decisions.filter(({ id }) => id !== current)
  if (past.length === 0) return null
  return (
    <section aria-labelledby="history-title" className="panel space-y-2 p-4">
      <h2 id="history-title">{t.history}</h2>
      <ol className="space-y-2">
        {past.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <time dateTime={one.at} className="text-quiet">
              {exactTime(one.at, tenant.timeZone)}
            </time>
            <span>
              {t.by(itemWords.actions[one.action].name, one.by.name)} {reasonWords[one.reason]}
              {one.second ? `, ${t.secondBy(one.second.name)}` : ''}
            </span>
            <StateChip tone={tones[one.state]}>{itemWords.states[one.state]}</StateChip>
            {one.refusedWhy ? <span className="text-quiet">{itemWords.refused[one.refusedWhy]}</span> : null}
          </li>
        ))}
      </ol>
    </section>
  )
}
