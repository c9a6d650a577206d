import { Fragment, useRef } from 'react'
import { Link } from 'wouter'
import type { ItemGroup, OverrideItem } from '../client.gen.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { TableHead } from '../shared/staff/table-head.tsx'
import { Codes, GroupBulk, GroupLink, Next, payerOf, type QueueListProps, Work } from './queue-cells.tsx'
import { useVirtualRows } from './use-virtual-rows.ts'
import { When } from './when.tsx'
import { waited } from './words.ts'

const t = queueWords.overrides
const rowPx = 37
/** Share of the width: words wide, times narrow. Fixed, so that a column does not change with the rows in sight. */
const shares = ['w-[8%]', 'w-[25%]', 'w-[16%]', 'w-[21%]', 'w-[12%]', 'w-[8%]', 'w-[10%]']
const cell = 'px-3 py-1 wrap-anywhere'

/** The queue where there is room. */
export function QueueTable({ rows, status, at, onAt, onOpen, onEnd, groupHref, onBulk }: QueueListProps) {
  const body = useRef<HTMLTableSectionElement>(null)
  const { drawn, tailPx } = useVirtualRows({ rows, rowPx, at, box: body, onEnd })
  const open = status === 'open'
  const heads = [t.visit, t.what, t.payer, open ? t.next : t.resolvedHow, open ? t.work : t.resolvedBy, open ? t.waited : t.resolvedWhen, t.reference]
  return (
    <div className="panel">
      <table className="w-full table-fixed border-collapse" aria-label={t.rows} aria-rowcount={rows.length + 1}>
        <colgroup>
          {shares.map((share, index) => (
            // As many as there are columns, always.
            <col key={index} className={share} />
          ))}
        </colgroup>
        <TableHead heads={heads} />
        <tbody ref={body}>
          {drawn.map(({ row, index, gapPx, measure }) => (
            <Fragment key={row.key}>
              <Gap px={gapPx} />
              <tr
                ref={measure}
                data-index={index}
                aria-rowindex={index + 2}
                className="h-9 border-t border-line focus-within:bg-raised hover:bg-raised"
                onFocus={() => onAt(index)}
              >
                {row.is === 'group' ? (
                  <GroupCells group={row.group} href={groupHref(row.group)} onBulk={onBulk} index={index} />
                ) : (
                  <ItemCells item={row.item} onOpen={onOpen} index={index} />
                )}
              </tr>
            </Fragment>
          ))}
          <Gap px={tailPx} />
        </tbody>
      </table>
    </div>
  )
}

/** Room, and nothing to be read. */
const unheard = { 'aria-hidden': true } as const
const Gap = ({ px }: { px: number }) => (px > 0 ? <tr {...unheard} style={{ height: px }} /> : null)

function ItemCells({ item, onOpen, index }: { item: OverrideItem; onOpen(item: OverrideItem): void; index: number }) {
  const open = item.status === 'open'
  return (
    <>
      <td className={cell}>
        <When iso={item.visitAt} />
      </td>
      <td className={cell}>
        <Link href={`/overrides/${item.id}`} data-row={index} className="inline-block min-h-[24px] content-center" onClick={() => onOpen(item)}>
          {queueWords.causes[item.cause]}
        </Link>
        <Codes codes={item.codes} />
      </td>
      <td className={cell}>{payerOf(item)}</td>
      <td className={cell}>{open ? <Next item={item} /> : item.resolution ? queueWords.resolutions[item.resolution] : staff.none}</td>
      <td className={cell}>{open ? <Work item={item} /> : (item.resolvedBy ?? staff.none)}</td>
      <td className={cell}>{open ? waited(item) : <When iso={item.resolvedAt} />}</td>
      <td className={`${cell} select-all`}>{item.reference ?? staff.none}</td>
    </>
  )
}

function GroupCells({ group, href, onBulk, index }: { group: ItemGroup; href: string; onBulk: QueueListProps['onBulk']; index: number }) {
  return (
    <>
      <td className={cell}>
        <When iso={group.soonestVisitAt} />
      </td>
      <td className={cell} colSpan={2}>
        <GroupLink group={group} href={href} index={index} />
      </td>
      <td className={cell} colSpan={4}>
        <GroupBulk group={group} onBulk={onBulk} className="min-h-[28px] py-0" />
      </td>
    </>
  )
}
