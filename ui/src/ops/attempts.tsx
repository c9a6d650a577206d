import { useState } from 'react'
import { type ItemAttempt, type OpenedAttempt, openAttempt } from '../client.gen.ts'
import { itemWords } from '../shared/messages/item-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { DoubtList } from '../shared/staff/doubt-list.tsx'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { StateChip, type Tone } from '../shared/state-chip.tsx'
import { exactTime } from '../shared/time.ts'
import { PurposeForm } from './purpose-form.tsx'
import { ReadOutView } from './value-view.tsx'
import { relative } from './words.ts'

const t = itemWords.attempts
const tones: Record<ItemAttempt['outcome'], Tone> = {
  running: 'checking',
  succeeded: 'confirmed',
  rejected: 'failed',
  failed: 'failed',
  unknown: 'provisional',
  reconciled: 'confirmed',
  choice: 'needs-someone',
}

/** Every time a partner was asked, oldest first, each with what was said, opened with a purpose; and when it is asked again by itself. */
export function Attempts({ overrideId, attempts, nextTryAt }: { overrideId: string; attempts: readonly ItemAttempt[]; nextTryAt: string | null }) {
  const { tenant } = useSession()
  return (
    <section aria-labelledby="attempts-title" className="panel space-y-3 p-4">
      <h2 id="attempts-title">{t.title}</h2>
      {attempts.length === 0 ? <p className="text-quiet">{t.none}</p> : null}
      {attempts.length > 0 ? (
        <ol className="space-y-3">
          {attempts.map((attempt, index) => (
            <One key={attempt.id} overrideId={overrideId} attempt={attempt} n={index + 1} told={toldOf(attempts, index)} />
          ))}
        </ol>
      ) : null}
      {nextTryAt ? (
        <p title={exactTime(nextTryAt, tenant.timeZone)}>
          {t.next(relative(nextTryAt))} <span className="text-quiet">({exactTime(nextTryAt, tenant.timeZone)})</span>
        </p>
      ) : null}
    </section>
  )
}

/** An attempt's id begins with its effect's: only another attempt at the same effect can have found out about it. */
const effectOf = ({ id }: ItemAttempt): string | undefined => id.split('.')[0]

/** What the ledger knows of an attempt beyond how it ended, in sentences. */
function toldOf(attempts: readonly ItemAttempt[], index: number): string[] {
  const attempt = attempts[index]
  if (!attempt) return []
  const foundAt = attempts.findIndex((other, i) => i > index && other.outcome === 'reconciled' && effectOf(other) === effectOf(attempt))
  const { outcome } = attempt
  return [
    outcome === 'running' || outcome === 'unknown' || outcome === 'reconciled' ? t.told[outcome] : '',
    outcome === 'unknown' && foundAt !== -1 ? t.told.foundBy(foundAt + 1) : '',
    attempt.late ? t.told.late : '',
  ].filter(Boolean)
}

function One({ overrideId, attempt, n, told }: { overrideId: string; attempt: ItemAttempt; n: number; told: readonly string[] }) {
  const { tenant } = useSession()
  const mayOpen = useMay('override.open-input') && (attempt.sentOpenable || attempt.answerOpenable)
  const [asking, setAsking] = useState(false)
  const [opened, setOpened] = useState<OpenedAttempt | null>(null)
  const marks = [attempt.nothingSent ? t.notSent : '', attempt.manual ? t.manual : '', attempt.generation > 1 ? t.generation(attempt.generation) : ''].filter(
    Boolean,
  )
  return (
    <li className="space-y-2 border-t border-line pt-2 first:border-t-0 first:pt-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-medium">{t.number(n)}</h3>
        <time dateTime={attempt.at} className="text-quiet">
          {exactTime(attempt.at, tenant.timeZone)}
        </time>
        <StateChip tone={attempt.suspicions.length > 0 ? 'provisional' : tones[attempt.outcome]}>{t.outcomes[attempt.outcome]}</StateChip>
        {attempt.cause ? <span>{queueWords.causes[attempt.cause]}</span> : null}
        <span className="text-quiet">
          {attempt.latencyMs === null ? '' : staff.timeline.ms(attempt.latencyMs)} {marks.join(', ')}
        </span>
        {mayOpen && !opened ? (
          <button type="button" className="link-button ms-auto" aria-expanded={asking} aria-label={t.openOf(n)} onClick={() => setAsking(!asking)}>
            {t.open}
          </button>
        ) : null}
      </div>
      {told.length > 0 ? <p className="max-w-[70ch]">{told.join(' ')}</p> : null}
      {attempt.suspicions.length > 0 ? (
        <div>
          <p className="text-provisional">{t.suspicious}</p>
          <DoubtList doubts={attempt.suspicions} />
        </div>
      ) : null}
      {asking && !opened ? (
        <PurposeForm
          id={`purpose-${n}`}
          lead={t.lead}
          submit={t.open}
          onOpen={(purpose) => openAttempt({ params: { overrideId, attemptId: attempt.id }, body: { purpose } })}
          onOpened={setOpened}
        />
      ) : null}
      {opened ? (
        <div className="space-y-3 rounded-lg bg-raised p-3">
          <div className="grid gap-6 xl:grid-cols-2">
            <ReadOutView title={t.sent} readOut={opened.sent} />
            <ReadOutView title={t.answered} readOut={opened.answered} />
          </div>
          <button
            type="button"
            className="button"
            onClick={() => {
              setOpened(null)
              setAsking(false)
            }}
          >
            {t.close}
          </button>
        </div>
      ) : null}
    </li>
  )
}
