import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefCallback, type RefObject, useEffect, useLayoutEffect, useState } from 'react'

const overscan = 12
/** How close to its end the list asks for more rows. */
const endRows = 60
/** What sticks to the top of the page must not cover the row that has the focus. */
const edgePx = 64

interface DrawnRow<Row> {
  row: Row
  index: number
  /** Room for the rows before this one that are not drawn. */
  gapPx: number
  measure: RefCallback<HTMLElement>
}

/**
 * Draws of many rows those in sight, in the page's own scroll bar and in the flow of a real table or list: gaps stand for the
 * rest. The row that a person is at stays drawn wherever they scroll, so that the focus is never lost to the page.
 */
export function useVirtualRows<Row extends { key: string }>({
  rows,
  rowPx,
  at,
  box,
  onEnd,
}: {
  rows: readonly Row[]
  /** A first guess of a row's height; each is measured. */
  rowPx: number
  /** Index of the row that must stay drawn and in sight; -1: none. */
  at: number
  /** The element that holds the rows. */
  box: RefObject<HTMLElement | null>
  onEnd(): void
}): { drawn: DrawnRow<Row>[]; tailPx: number } {
  const [marginPx, setMarginPx] = useState(0)
  // What stands above the list may grow or shrink: where the list begins is looked at after every change.
  useLayoutEffect(() => {
    const top = box.current ? Math.round(box.current.getBoundingClientRect().top + window.scrollY) : 0
    if (top !== marginPx) setMarginPx(top)
  })
  const virtual = useWindowVirtualizer<HTMLElement>({
    count: rows.length,
    estimateSize: () => rowPx,
    overscan,
    scrollMargin: marginPx,
    getItemKey: (index) => rows[index]?.key ?? index,
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range)
      return at < 0 || at >= rows.length || inSight.includes(at) ? inSight : [...inSight, at].sort((a, b) => a - b)
    },
    scrollPaddingStart: edgePx,
    scrollPaddingEnd: edgePx,
  })
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= rows.length - endRows) onEnd()
  }, [last, rows.length, onEnd])
  let filledPx = marginPx
  const drawn = items.flatMap(({ index, start, end }) => {
    const row = rows[index]
    const gapPx = Math.max(0, start - filledPx)
    filledPx = end
    return row ? [{ row, index, gapPx, measure: virtual.measureElement }] : []
  })
  return { drawn, tailPx: Math.max(0, virtual.getTotalSize() + marginPx - filledPx) }
}
