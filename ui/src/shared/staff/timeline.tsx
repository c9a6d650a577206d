import { useQuery } from '@tanstack/react-query'
import { getJourney, type JourneyStep } from '../../client.gen.ts'
import { stepWords } from '../../step-words.gen.ts'
import { outcomeWords } from '../messages/outcome-words.ts'
import { queueWords } from '../messages/queue-words.ts'
import { staff } from '../messages/staff.ts'
import { StateChip, type Tone } from '../state-chip.tsx'
import { exactTime } from '../time.ts'
import { ProblemNotice } from './problem.tsx'
import { useMay, useSession } from './shell.tsx'
import { useChanges } from './use-changes.ts'

const t = staff.timeline
const tones: Partial<Record<string, Tone>> = {
  succeeded: 'confirmed',
  reconciled: 'confirmed',
  rejected: 'failed',
  failed: 'failed',
  unknown: 'provisional',
  held: 'needs-someone',
  choice: 'needs-someone',
}

/** The journey of one intake; asked again when the api says that it changed. */
export function useJourney(intakeId: string | null) {
  const journey = useQuery({
    queryKey: ['journey', intakeId],
    queryFn: ({ signal }) => getJourney({ params: { intakeId: intakeId ?? '' } }, { signal }),
    enabled: intakeId !== null,
  })
  useChanges(() => void (intakeId && journey.refetch()))
  return journey
}

export function Timeline({ journey }: { journey: ReturnType<typeof useJourney> }) {
  if (journey.isPending) return <p className="min-h-40 text-quiet">{staff.loading}</p>
  if (!journey.data) return <ProblemNotice error={journey.error} words={queueWords.override.journeyFailed} onAgain={() => void journey.refetch()} />
  if (journey.data.steps.length === 0) return <p className="text-quiet">{t.empty}</p>
  return (
    <ol aria-label={t.caption} className="space-y-2 border-s-2 border-line ps-4">
      {journey.data.steps.map((step, index) => (
        // A step has no id of its own, and the list only grows at its end.
        <Step key={index} step={step} />
      ))}
    </ol>
  )
}

/** What happened, in plain words. Who looks after the hub also sees what the runbooks go by: the step's own name, where it ran and how long it took. */
function Step({ step }: { step: JourneyStep }) {
  const { tenant } = useSession()
  const looksAfter = useMay('override.list')
  const words = stepWords[step.step]
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
      <time dateTime={step.at} className="text-quiet max-sm:w-full">
        {exactTime(step.at, tenant.timeZone)}
      </time>
      <span className="font-medium">{words ?? step.step}</span>
      {step.outcome ? <StateChip tone={tones[step.outcome] ?? 'checking'}>{outcomeWords(step.step, step.outcome)}</StateChip> : null}
      {looksAfter ? (
        <span className="text-quiet">
          {step.process}
          {step.durationMs === null ? '' : `, ${t.took.toLowerCase()} ${t.ms(step.durationMs)}`}
          {step.sinceSubmitMs === null ? '' : `, ${t.ms(step.sinceSubmitMs)} ${t.since.toLowerCase()}`}{' '}
          {words ? <code className="select-all">{[step.step, step.outcome].filter(Boolean).join(' ')}</code> : null}
        </span>
      ) : null}
    </li>
  )
}
