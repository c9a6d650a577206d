import { z } from 'zod'

/** A total is counted up to here: whoever has more needs a filter, and the page must not read a tenant's whole history. */
export const totalMax = 10_000

/** Where a page ended: the sort time and the id. Opaque to clients; a broken one starts at the beginning. */
const Cursor = z.tuple([z.iso.datetime(), z.uuid()])

export function readCursor(text: string | undefined): { at: Date; id: string } | undefined {
  if (!text || text.length > 200) return undefined
  try {
    const [at, id] = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return { at: new Date(at), id }
  } catch {
    return undefined
  }
}

/** `rows` has one row more than the page when there is a next one. */
export function pageAfter<R>(rows: readonly R[], limit: number, key: (row: R) => { at: Date; id: string }): { items: R[]; nextCursor: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  if (rows.length <= limit || last === undefined) return { items, nextCursor: null }
  const { at, id } = key(last)
  return { items, nextCursor: Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url') }
}
