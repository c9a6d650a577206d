import { Hand, Layers, Users } from 'lucide-react'
import { Link } from 'wouter'
import type { ItemGroup, OverrideItem } from '../client.gen.ts'
import { incidentWords } from '../shared/messages/incident-words.ts'
import { itemWords } from '../shared/messages/item-words.ts'
import { opsWords } from '../shared/messages/ops-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { useSession } from '../shared/staff/shell.tsx'
import { StateChip } from '../shared/state-chip.tsx'
import type { QueueRow } from './queue-rows.ts'

const t = queueWords.overrides

/** What table and cards need of the page. */
export interface QueueListProps {
  rows: readonly QueueRow[]
  status: OverrideItem['status']
  /** Of the row that a person is at; -1: none. */
  at: number
  onAt(index: number): void
  onOpen(item: OverrideItem): void
  onEnd(): void
  /** Address of the queue narrowed to one incident. */
  groupHref(group: ItemGroup): string
  /** Undefined for who may not decide about many. */
  onBulk: ((group: ItemGroup) => void) | undefined
}

/** The codes of a payer's "no", after the words. */
export function Codes({ codes }: { codes: readonly string[] }) {
  return codes.length > 0 ? <code className="ms-2 text-quiet select-all">AAA {codes.join(', ')}</code> : null
}

export const payerOf = (item: Pick<OverrideItem, 'payerName' | 'payerId' | 'partner'>): string => item.payerName ?? item.payerId ?? item.partner ?? t.noPartner
export const nameOfGroup = (group: ItemGroup): string => `${payerOf(group)}: ${incidentWords.kinds[group.kind].name}`

/** Leads to the items of one cause. */
export function GroupLink({ group, href, index }: { group: ItemGroup; href: string; index: number }) {
  const many = t.waitsOnPartner(group.items)
  const name = nameOfGroup(group)
  return (
    <>
      <Layers aria-hidden="true" className="me-1.5 inline size-[1.1em] text-someone" />
      <Link href={href} data-row={index} className="inline-block min-h-[24px] content-center font-medium" aria-label={t.groupShowOf(many, name)}>
        {many}
      </Link>{' '}
      {name}
    </>
  )
}

/** Begins with what a release of all of them would do; nothing where one may not decide about many. */
export function GroupBulk({ group, onBulk, className }: { group: ItemGroup; onBulk: QueueListProps['onBulk']; className: string }) {
  if (!onBulk) return null
  return (
    <button type="button" className={`button ${className}`} aria-label={opsWords.bulk.dryRunOf(nameOfGroup(group))} onClick={() => onBulk(group)}>
      {opsWords.bulk.dryRun}
    </button>
  )
}

/** Who must act, and what exactly they do. */
export function Next({ item }: { item: OverrideItem }) {
  return (
    <>
      {queueWords.owners[item.owner]}: {itemWords.nextShort[item.nextAction]}
    </>
  )
}

/** Who has it in hand: a decision under way says more than a claim. */
export function Work({ item }: { item: OverrideItem }) {
  const { userId } = useSession()
  const { claim, decision } = item
  if (item.status === 'resolved') return <StateChip tone="confirmed">{t.done}</StateChip>
  if (decision?.state === 'proposed') {
    const what = itemWords.actions[decision.action].name
    return (
      <span className="inline-flex items-start gap-1.5 text-someone">
        <Users aria-hidden="true" className="mt-[0.15em] size-[1.1em] flex-none" />
        {decision.by.userId === userId ? t.yourProposal(what) : t.proposedBy(what, decision.by.name)}
      </span>
    )
  }
  if (decision?.state === 'scheduled') return <StateChip tone="checking">{t.scheduled(itemWords.actions[decision.action].name)}</StateChip>
  if (claim)
    return (
      <span className="inline-flex items-start gap-1.5">
        <Hand aria-hidden="true" className="mt-[0.15em] size-[1.1em] flex-none text-someone" />
        {claim.userId === userId ? t.you : claim.name}
      </span>
    )
  return <span className="text-quiet">{staff.none}</span>
}
