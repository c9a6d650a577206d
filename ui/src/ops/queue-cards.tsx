import { Fragment, useRef } from 'react'
import { Link } from 'wouter'
import type { ItemGroup, OverrideItem } from '../client.gen.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { Codes, GroupBulk, GroupLink, Next, payerOf, type QueueListProps, Work } from './queue-cells.tsx'
import { useVirtualRows } from './use-virtual-rows.ts'
import { When } from './when.tsx'
import { waited } from './words.ts'

const t = queueWords.overrides
const rowPx = 100

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
            <div className="panel p-3 focus-within:bg-raised">
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

/** Three lines on a phone; on a tablet the visit stands to the left and who has it in hand to the right. */
const card = 'grid gap-x-4 gap-y-0.5 sm:grid-cols-[7rem_minmax(0,1fr)_auto]'

function ItemCard({ item, onOpen, index }: { item: OverrideItem; onOpen(item: OverrideItem): void; index: number }) {
  const open = item.status === 'open'
  return (
    <div className={card}>
      <span>
        <span className="sm:sr-only">{t.visit}</span> <When iso={item.visitAt} />
      </span>
      <p className="min-w-0 wrap-anywhere">
        <Link href={`/overrides/${item.id}`} data-row={index} className="inline-block min-h-[24px] content-center font-medium" onClick={() => onOpen(item)}>
          {queueWords.causes[item.cause]}
        </Link>
        <Codes codes={item.codes} />
      </p>
      <span className="max-sm:empty:hidden">{open && (item.claim || item.decision) ? <Work item={item} /> : null}</span>
      <p className="min-w-0 wrap-anywhere sm:col-start-2">
        {payerOf(item)}. {open ? <Next item={item} /> : null}
      </p>
      <p className="text-quiet sm:col-start-3 sm:text-end">
        {open ? (
          <>
            {t.waited} {waited(item)}.
          </>
        ) : (
          <>
            {item.resolution ? queueWords.resolutions[item.resolution] : ''} {item.resolvedBy ? t.by(item.resolvedBy) : ''} <When iso={item.resolvedAt} />.
          </>
        )}{' '}
        <span className="select-all">{item.reference ?? ''}</span>
      </p>
    </div>
  )
}

function GroupCard({ group, href, onBulk, index }: { group: ItemGroup; href: string; onBulk: QueueListProps['onBulk']; index: number }) {
  return (
    <div className={card}>
      <span>
        <span className="sm:sr-only">{t.visit}</span> <When iso={group.soonestVisitAt} />
      </span>
      <p className="min-w-0 wrap-anywhere">
        <GroupLink group={group} href={href} index={index} />
      </p>
      <GroupBulk group={group} onBulk={onBulk} className="w-fit" />
    </div>
  )
}
