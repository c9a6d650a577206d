import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { getOverride, type OverrideDetail } from '../client.gen.ts'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { itemWords } from '../shared/messages/item-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { CopyButton } from '../shared/staff/copy-button.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { PageTitle, useMay } from '../shared/staff/shell.tsx'
import { Timeline, useJourney } from '../shared/staff/timeline.tsx'
import { useKeys } from '../shared/staff/use-keys.ts'
import { useNow } from '../shared/staff/use-now.ts'
import { StateChip } from '../shared/state-chip.tsx'
import { Attempts } from './attempts.tsx'
import { ClaimBar, useClaim } from './claim.tsx'
import { DecisionHistory } from './decision-panel.tsx'
import { InputPanel } from './input-panel.tsx'
import { InsurerPanel } from './insurer-panel.tsx'
import { ItemActions } from './item-actions.tsx'
import { ItemFacts } from './item-facts.tsx'
import { Codes } from './queue-cells.tsx'
import { useTriage } from './triage.tsx'
import { useOpsStream } from './use-ops-stream.ts'

const t = queueWords.override
/** Something is about to happen: look again soon. */
const soonMs = 2_000
const pollMs = 20_000

/** One item: why it is here, who must act, what exactly is next, what happened, and what can be done about it. */
export function ItemPage({ id }: { id: string }) {
  const triage = useTriage()
  const [, navigate] = useLocation()
  const detail = useQuery({
    queryKey: ['override', id],
    queryFn: ({ signal }) => getOverride({ params: { overrideId: id } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.item.decision?.state === 'scheduled' ? soonMs : state.data?.item.status === 'open' ? pollMs : false),
  })
  useOpsStream((event) => event === 'item' && void detail.refetch())
  const goTo = (other: string | undefined) => (other ? () => navigate(`/overrides/${other}`) : undefined)
  const next = triage.beside(id, 1)
  const before = triage.beside(id, -1)
  useKeys({ j: goTo(next), k: goTo(before), b: () => navigate(triage.queueHref()) })
  return (
    <>
      <p className="mb-2 flex flex-wrap gap-x-6">
        <Link href={triage.queueHref()} className="inline-block min-h-[24px]">
          {t.back}
        </Link>
        {before ? (
          <Link href={`/overrides/${before}`} className="inline-block min-h-[24px]">
            {itemWords.page.itemBefore}
          </Link>
        ) : null}
        {next ? (
          <Link href={`/overrides/${next}`} className="inline-block min-h-[24px]">
            {itemWords.page.nextItem}
          </Link>
        ) : null}
      </p>
      {detail.data ? (
        <Detail detail={detail.data} />
      ) : (
        <>
          <PageTitle title={t.back} />
          {detail.isError ? <ProblemNotice error={detail.error} onAgain={() => void detail.refetch()} /> : <p className="text-quiet">{staff.loading}</p>}
        </>
      )}
    </>
  )
}

function Detail({ detail }: { detail: OverrideDetail }) {
  const { item } = detail
  const client = useQueryClient()
  const journey = useJourney(item.intakeId)
  const mayOpen = useMay('override.open-input')
  const [input, setInput] = useState<{ value: unknown } | null>(null)
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: ['override', item.id] })
  const claim = useClaim(item, refresh)
  const open = item.status === 'open'
  useNow(30_000)
  // Whoever came to decide begins there; `r` leads there from anywhere on the page.
  useEffect(() => {
    if (window.location.hash === '#actions') focusActions()
  }, [])
  useKeys({ c: open && claim.may ? claim.toggle : undefined, r: open ? focusActions : undefined })
  return (
    <>
      <PageTitle title={queueWords.causes[item.cause]}>
        <Codes codes={item.codes} />
        {open ? <StateChip tone="needs-someone">{queueWords.overrides.needs}</StateChip> : <StateChip tone="confirmed">{queueWords.overrides.done}</StateChip>}
        {open ? <ClaimBar claim={claim} /> : null}
        <CopyButton text={`${window.location.origin}${window.location.pathname}`} label={t.copyLink} done={t.copied} failed={clinicWords.newVisit.copyFailed} />
      </PageTitle>
      {/* On a phone what can be done comes right after why; at a desk it stays beside everything. */}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[minmax(0,1fr)_27rem] lg:grid-rows-[auto_1fr]">
        <ItemFacts detail={detail} />
        <div className="lg:sticky lg:top-4 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <ItemActions detail={detail} claim={claim} refresh={refresh} />
        </div>
        <div className="space-y-6">
          <section aria-labelledby="journey-title" className="panel space-y-3 p-4">
            <h2 id="journey-title">{t.journey}</h2>
            {item.intakeId ? <Timeline journey={journey} /> : <p className="text-quiet">{t.noJourney}</p>}
          </section>
          <Attempts overrideId={item.id} attempts={detail.attempts} nextTryAt={detail.nextTryAt} />
          {open && item.cause === 'not-listed' && item.intakeId !== null ? <InsurerPanel intakeId={item.intakeId} /> : null}
          {open && mayOpen && detail.shapes ? <InputPanel id={item.id} input={input} onInput={setInput} /> : null}
          <DecisionHistory decisions={detail.decisions} current={item.decision?.id} />
        </div>
      </div>
    </>
  )
}

const focusActions = (): void => (document.querySelector<HTMLElement>('#actions button') ?? document.getElementById('actions'))?.focus()
