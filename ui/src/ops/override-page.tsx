import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { getOverride, type OverrideDetail, type OverrideItem } from '../client.gen.ts'
import { staff } from '../shared/messages/staff.ts'
import { CopyButton } from '../shared/staff/copy-button.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { Timeline, useJourney } from '../shared/staff/timeline.tsx'
import { Notice, StateChip } from '../shared/state-chip.tsx'
import { exactTime } from '../shared/time.ts'
import { InputPanel } from './input-panel.tsx'
import { ResolveForm } from './resolve-form.tsx'
import { relative } from './words.ts'

const t = staff.override

/** One held item: why it is here, who must act, what happened, and what can be done about it. */
export function OverridePage({ id }: { id: string }) {
  const detail = useQuery({ queryKey: ['override', id], queryFn: ({ signal }) => getOverride({ params: { overrideId: id } }, { signal }) })
  return (
    <>
      <p className="mb-2">
        <Link href="/" className="inline-block min-h-[24px]">
          {t.back}
        </Link>
      </p>
      {detail.data ? (
        <Detail detail={detail.data} refresh={() => void detail.refetch()} />
      ) : (
        <>
          <PageTitle title={t.back} />
          {detail.isError ? <ProblemNotice error={detail.error} onAgain={() => void detail.refetch()} /> : <p className="text-quiet">{staff.loading}</p>}
        </>
      )}
    </>
  )
}

function Detail({ detail, refresh }: { detail: OverrideDetail; refresh(): void }) {
  const { item } = detail
  const [input, setInput] = useState<{ value: unknown } | null>(null)
  const [doneNow, setDoneNow] = useState<'ran' | 'dropped' | null>(null)
  const journey = useJourney(item.intakeId)
  const mayResolve = useMay('override.resolve')
  const mayOpen = useMay('override.open-input')
  const open = item.status === 'open'
  return (
    <>
      <PageTitle title={staff.causes[item.cause]}>
        {open ? <StateChip tone="needs-someone">{staff.overrides.needs}</StateChip> : <StateChip tone="confirmed">{staff.overrides.done}</StateChip>}
        <CopyButton text={window.location.href} label={t.copyLink} done={t.copied} failed={staff.newVisit.copyFailed} />
      </PageTitle>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="space-y-6">
          <Facts item={item} />
          <section aria-labelledby="journey-title" className="space-y-3">
            <h2 id="journey-title">{t.journey}</h2>
            {item.intakeId ? <Timeline journey={journey} /> : <p className="text-quiet">{t.noJourney}</p>}
          </section>
          {open && mayOpen && detail.shapes ? <InputPanel id={item.id} input={input} onInput={setInput} /> : null}
        </div>
        <div className="space-y-4 lg:sticky lg:top-4">
          {doneNow ? (
            <Notice tone="confirmed" alert>
              <p>{doneNow === 'ran' ? t.doneNow : t.doneDropped}</p>
            </Notice>
          ) : null}
          {!open ? (
            <Resolved item={item} />
          ) : mayResolve ? (
            <ResolveForm
              detail={detail}
              input={input}
              onStale={refresh}
              onDone={(resolution) => {
                setInput(null)
                setDoneNow(resolution === 'drop' ? 'dropped' : 'ran')
                refresh()
              }}
            />
          ) : (
            <p className="panel p-4 text-quiet">{t.nothing}</p>
          )}
        </div>
      </div>
    </>
  )
}

function Facts({ item }: { item: OverrideItem }) {
  const { tenant } = useSession()
  const at = (iso: string) => (
    <time dateTime={iso}>
      {exactTime(iso, tenant.timeZone)} <span className="text-quiet">({relative(iso)})</span>
    </time>
  )
  return (
    <dl className="panel grid grid-cols-[minmax(0,1fr)] gap-x-6 p-4 wrap-anywhere sm:grid-cols-[12rem_minmax(0,1fr)] sm:gap-y-2">
      <dt className="text-quiet">{t.why}</dt>
      <dd>
        {item.staffText} <code className="text-quiet select-all">{item.cause}</code>
      </dd>
      <dt className="text-quiet">{t.who}</dt>
      <dd>{staff.owners[item.owner]}</dd>
      <dt className="text-quiet">{t.operation}</dt>
      <dd>
        {item.partner ?? staff.overrides.noPartner}
        {item.operation ? <code className="ms-2 text-quiet select-all">{item.operation}</code> : null}
      </dd>
      <dt className="text-quiet">{t.flow}</dt>
      <dd>
        {item.flow}, {item.step} <code className="text-quiet select-all">{`${item.flow}@${item.version}`}</code>
      </dd>
      <dt className="text-quiet">{t.attempts}</dt>
      <dd>{item.attempts}</dd>
      <dt className="text-quiet">{t.opened}</dt>
      <dd>{at(item.openedAt)}</dd>
      <dt className="text-quiet">{t.visit}</dt>
      <dd>{item.visitAt ? at(item.visitAt) : staff.none}</dd>
      <dt className="text-quiet">{t.reference}</dt>
      <dd className="select-all">{item.reference ?? staff.none}</dd>
    </dl>
  )
}

function Resolved({ item }: { item: OverrideItem }) {
  const { tenant } = useSession()
  const how = item.resolution ? staff.resolutions[item.resolution].name : staff.none
  return (
    <section className="panel space-y-2 p-4">
      <h2>{t.doneTitle}</h2>
      <p>{t.doneText(how, item.resolvedBy ?? staff.none, item.resolvedAt ? exactTime(item.resolvedAt, tenant.timeZone) : staff.none)}</p>
    </section>
  )
}
