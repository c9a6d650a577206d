import { Layers } from 'lucide-react'
import { Fragment, useRef } from 'react'
import { Link } from 'wouter'
import type { ItemGroup, OverrideItem } from '../client.gen.ts'
import { itemWords } from '../shared/messages/item-words.ts'
import { opsWords } from '../shared/messages/ops-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { Codes, nameOfGroup, payerOf, type QueueListProps, Work } from './queue-cells.tsx'
import { useVirtualRows } from './use-virtual-rows.ts'
import { When } from './when.tsx'
import { waited } from './words.ts'

const t = staff.overrides
const rowPx = 150

/** The rows of the queue as cards, where there is no room for a table. */
export function QueueCards({ rows, at, onAt, onOpen, onEnd, groupHref, onBulk }: QueueListProps) {
  const list = useRef<HTMLUListElement>(null)
  const { drawn, tailPx } = useVirtualRows({ rows, rowPx, at, box: list, onEnd })
  return (
    <ul ref={list} aria-label={t.rows}>
      {drawn.map(({ row, index, gapPx, measure }) => (
        <Fragment key={row.key}>
          <Gap px={gapPx} />
          <li ref={measure} data-index={index} aria-posinset={index + 1} aria-setsize={rows.length} className="pb-2" onFocus={() => onAt(index)}>
            <div className="panel space-y-1 p-3 focus-within:bg-raised">
              {row.is === 'group' ? (
                <GroupCard group={row.group} href={groupHref(row.group)} onBulk={onBulk} index={index} />
              ) : (
                <ItemCard item={row.item} onOpen={onOpen} index={index} />
              )}
            </div>
          </li>
        </Fragment>
      ))}
      <Gap px={tailPx} />
    </ul>
  )
}

const Gap = ({ px }: { px: number }) => (px > 0 ? <li aria-hidden="true" style={{ height: px }} /> : null)

function ItemCard({ item, onOpen, index }: { item: OverrideItem; onOpen(item: OverrideItem): void; index: number }) {
  const open = item.status === 'open'
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span>
          {t.visit} <When iso={item.visitAt} />
        </span>
        {open && (item.claim || item.decision) ? <Work item={item} /> : null}
      </div>
      <p>
        <Link href={`/overrides/${item.id}`} data-row={index} className="inline-block min-h-[28px] content-center font-medium" onClick={() => onOpen(item)}>
          {staff.causes[item.cause]}
        </Link>
        <Codes codes={item.codes} />
      </p>
      <p>
        {payerOf(item)}. {open ? `${staff.owners[item.owner]}: ${itemWords.nextShort[item.nextAction]}.` : ''}
      </p>
      <p className="text-quiet">
        {open ? (
          <>
            {t.waited} {waited(item)}.
          </>
        ) : (
          <>
            {item.resolution ? staff.resolutions[item.resolution] : ''} {item.resolvedBy ? t.by(item.resolvedBy) : ''} <When iso={item.resolvedAt} />.
          </>
        )}{' '}
        <span className="select-all">{item.reference ?? ''}</span>
      </p>
    </>
  )
}

function GroupCard({ group, href, onBulk, index }: { group: ItemGroup; href: string; onBulk: QueueListProps['onBulk']; index: number }) {
  const name = nameOfGroup(group)
  return (
    <>
      <p>
        {t.visit} <When iso={group.soonestVisitAt} />
      </p>
      <p>
        <Layers aria-hidden="true" className="me-1.5 inline size-[1.1em] text-someone" />
        <Link
          href={href}
          data-row={index}
          className="inline-block min-h-[28px] content-center font-medium"
          aria-label={t.groupShowOf(t.waitsOnPartner(group.items), name)}
        >
          {t.waitsOnPartner(group.items)}
        </Link>{' '}
        {name}
      </p>
      {onBulk ? (
        <button type="button" className="button" aria-label={opsWords.bulk.dryRunOf(name)} onClick={() => onBulk(group)}>
          {opsWords.bulk.dryRun}
        </button>
      ) : null}
    </>
  )
}
