import { useMutation } from '@tanstack/react-query'
import { type AccessList, listAccesses } from '../client.gen.ts'
import { factsWords } from '../shared/messages/visit-facts-words.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useSession } from '../shared/staff/shell.tsx'
import { exactTime } from '../shared/time.ts'

const t = factsWords.accesses

/** For an administrator whom a patient asks: who saw my name, and when. Asked for, never fetched along. */
export function AccessesPanel({ visitId }: { visitId: string }) {
  const look = useMutation({ mutationFn: () => listAccesses({ params: { visitId } }), gcTime: 0 })
  return (
    <section aria-labelledby="accesses-title" className="panel space-y-3 p-4">
      <h2 id="accesses-title">{t.title}</h2>
      <p className="text-quiet">{t.lead}</p>
      {look.isError ? <ProblemNotice error={look.error} words={t.failed} /> : null}
      {look.data ? (
        <Lines list={look.data} />
      ) : (
        <button type="button" className="button" aria-disabled={look.isPending} onClick={() => look.isPending || look.mutate()}>
          {look.isPending ? t.busy : t.show}
        </button>
      )}
    </section>
  )
}

function Lines({ list: { items, cut, whole, from } }: { list: AccessList }) {
  const { timeZone } = useSession().tenant
  const more = whole ? null : <p role="status">{t.notWhole(exactTime(from, timeZone))}</p>
  if (items.length === 0) return more ?? <p role="status">{t.none}</p>
  return (
    <>
      {more}
      {cut ? <p role="status">{t.cut}</p> : null}
      <ol className="space-y-1">
        {items.map(({ at, actor, action, purpose, outcome, subjects }, index) => (
          // A line of the audit has no id of its own here, and the list is fetched once.
          <li key={`${at} ${index}`} className="wrap-anywhere">
            <time dateTime={at} className="text-quiet tabular-nums">
              {exactTime(at, timeZone)}
            </time>{' '}
            {actor.name ?? t.actors[actor.kind]}: {t.actions[action] ?? <code className="select-all">{action}</code>}
            <span className="text-quiet">{[purpose, t.inList(subjects), t.outcomes[outcome]].flatMap((word) => (word ? [`, ${word}`] : [])).join('')}</span>
          </li>
        ))}
      </ol>
    </>
  )
}
