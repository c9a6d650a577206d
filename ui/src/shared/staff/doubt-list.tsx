import type { Suspicion } from '@heliox/core/billing'
import { doubtWords } from '../messages/doubt-words.ts'

/** Why an answer is not believed, in words, with the name of each rule beside them: the runbook is kept by these names. */
export function DoubtList({ doubts }: { doubts: readonly Suspicion[] }) {
  return (
    <ul className="list-disc space-y-1 ps-5">
      {doubts.map((doubt) => (
        <li key={doubt}>
          {doubtWords[doubt]} <code className="text-quiet select-all">{doubt}</code>
        </li>
      ))}
    </ul>
  )
}
