import { ageOf } from '@heliox/core/messages'
import type { Journey } from '../client.gen.ts'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { DoubtList } from '../shared/staff/doubt-list.tsx'
import { useSession } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { nowMs, shortTime } from '../shared/time.ts'
import { isNotAskedAbout, waitsForFile } from './chips.tsx'

const t = clinicWords.visit.insurance

/** What the insurance state rests on, where a word in a chip would say too little: why it is doubted, how old it is, what comes next. */
export function InsuranceNote({ visit }: { visit: Journey }) {
  const { timeZone } = useSession().tenant
  const at = (iso: string): string => shortTime(iso, timeZone)
  const { eligibility: state, provisional, changed, nextTry, answer } = visit
  if (state === 'provisional' && provisional)
    return (
      <Notice tone="provisional" title={t.provisional(provisional.verdict)}>
        <DoubtList doubts={provisional.doubts} />
        <p>{t.recheck(at(provisional.recheckAt))}</p>
      </Notice>
    )
  if (isNotAskedAbout(visit)) return <p>{clinicWords.states.eligibility.offText}</p>
  if (state === 'checking' && nextTry) return <p>{t.nextTry(at(nextTry.at))}</p>
  if (waitsForFile(visit)) return <p>{clinicWords.states.eligibility.byFileText}</p>
  if (!answer) return null
  const age = ageOf(visit, nowMs())
  return (
    <div className="space-y-1">
      {changed ? (
        <Notice tone={state === 'confirmed' ? 'confirmed' : 'failed'}>
          <p>{t.changed(at(changed.at), clinicWords.states.verdict[changed.from])}</p>
        </Notice>
      ) : null}
      <p className="text-quiet">{t.answered(at(answer.at))}</p>
      {age === 'fresh' ? null : <p>{age === 'expired' ? t.expired : t.stale}</p>}
    </div>
  )
}
