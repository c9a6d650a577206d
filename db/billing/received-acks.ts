import { worseAck } from '@heliox/core/billing'
import { raiseIncident, settleIncident } from '../messaging/incidents.ts'
import { lockBatch } from './batches.ts'
import { changeInquiries, type InquiryRow } from './inquiries.ts'
import { heldKey, hold, type ItemOf, type Kept, lockKeys, partner, setFate, type Taking, tellUnmatched, tellUnreadable } from './received-items.ts'

/** TA1 note 025: the partner has these numbers already. */
const isCopy = (note: string): boolean => note === '025'

/** TA1: what became of an interchange of ours. */
export async function takeInterchangeAck(context: Taking, kept: Kept, item: ItemOf<'interchange-ack'>): Promise<void> {
  await joinInterchangeAck(context, kept, item)
  await tellRivals(context, kept)
}
async function joinInterchangeAck(context: Taking, kept: Kept, item: ItemOf<'interchange-ack'>): Promise<void> {
  const { tx, now } = context
  const batchId = await batchOf(context, kept, 'isa13', item.isa13)
  if (batchId === undefined) return
  await setFate(tx, kept.id, 'applied', { batchId }, now)
  if (item.outcome === 'unreadable') {
    await tellUnreadable(tx, kept.fileId, now)
    return
  }
  if (item.outcome !== 'rejected') {
    await changeInquiries(tx, { is: 'batch', id: batchId }, (row) => ({ interchangeAck: worseAck(row.interchangeAck, 'accepted') }))
    return
  }
  await tx.query(
    'UPDATE billing.batches SET acknowledged_at = coalesce(acknowledged_at, $3), refused_as_duplicate = refused_as_duplicate OR $4 WHERE tenant_id = $1 AND id = $2',
    [tx.tenantId, batchId, now, isCopy(item.note)],
  )
  // "You sent that before" tells that it had arrived: what was sent first goes on, and only a person can tell that it never was ours.
  const rows = await changeInquiries(tx, { is: 'batch', id: batchId }, () => (isCopy(item.note) ? {} : { interchangeAck: 'rejected' }))
  await tellRefused(context, 'batch-refused', batchId, rows.filter((row) => row.state !== 'answered').length)
}

/** 999 or 997: what became of a group of ours, and of the sets in it. */
export async function takeGroupAck(context: Taking, kept: Kept, item: ItemOf<'group-ack'>): Promise<void> {
  await joinGroupAck(context, kept, item)
  await tellRivals(context, kept)
}
async function joinGroupAck(context: Taking, kept: Kept, item: ItemOf<'group-ack'>): Promise<void> {
  const { tx, now } = context
  if (item.functionalId !== 'HS') {
    await setFate(tx, kept.id, 'ambiguous', {}, now)
    await tellUnmatched(tx, kept.fileId, now)
    return
  }
  const batchId = await batchOf(context, kept, 'gs06', item.gs06)
  if (batchId === undefined) return
  await setFate(tx, kept.id, 'applied', { batchId }, now)
  if (item.outcome === 'unreadable') {
    await tellUnreadable(tx, kept.fileId, now)
    return
  }
  await tx.query('UPDATE billing.batches SET acknowledged_at = $3 WHERE tenant_id = $1 AND id = $2 AND acknowledged_at IS NULL', [tx.tenantId, batchId, now])
  const named = new Map(item.sets.map((set) => [setNumber(set.st02), set.outcome === 'rejected' ? ('rejected' as const) : ('accepted' as const)]))
  const unnamed = item.unnamed === 'unknown' ? null : item.unnamed
  const outcomeOf = (row: InquiryRow) => (row.st02 === null ? null : (named.get(setNumber(row.st02)) ?? unnamed))
  const rows = await changeInquiries(tx, { is: 'batch', id: batchId }, (row) => ({ setAck: worseAck(row.setAck, outcomeOf(row)) }))
  await settleIncident(tx, { kind: 'silence', partner, about: { is: 'batch', id: batchId } }, now)
  await tellRefused(context, 'set-rejected', batchId, rows.filter((row) => row.state === 'set-rejected' || (row.leftOut && row.state === 'not-sent')).length)
}

/** `0001` and `1` are the same set: partners give it back with and without its zeros. */
const setNumber = (st02: string): string => st02.replace(/^0+(?=.)/, '')

/** Nothing for a batch whose answers all came: they outweigh what is said of the asking. */
async function tellRefused({ tx, now }: Taking, kind: 'batch-refused' | 'set-rejected', batchId: string, count: number): Promise<void> {
  if (count > 0) await raiseIncident(tx, { kind, partner, payerId: null, about: { is: 'batch', id: batchId }, count, counts: 'now' }, now)
}
async function tellRivals({ tx, now }: Taking, kept: Kept): Promise<void> {
  if (!kept.rivals) return
  await raiseIncident(tx, { kind: 'conflicting-answer', partner, payerId: null, about: { is: 'file', id: kept.fileId }, count: 1 }, now)
}

/**
 * The batch that was sent under this number, locked. None: it may be on its way to us while our own record of the sending is not there yet, so it is held
 * quietly, and `watchSilence` tells of it when that lasts. Several (another usage or receiver has its own counter): a person decides.
 */
async function batchOf({ tx, now }: Taking, kept: Kept, column: 'isa13' | 'gs06', number: number | null): Promise<string | undefined> {
  if (number !== null) {
    await lockKeys(tx, [heldKey[column](number)])
    const found = await tx.query<{ id: string }>(`SELECT id FROM billing.batches WHERE tenant_id = $1 AND ${column} = $2 LIMIT 2`, [tx.tenantId, number])
    const [first, second] = found.rows
    if (first && !second) {
      await lockBatch(tx, first.id)
      return first.id
    }
    if (!first) {
      await hold(tx, kept, [heldKey[column](number)], now)
      return undefined
    }
  }
  await setFate(tx, kept.id, 'ambiguous', {}, now)
  await tellUnmatched(tx, kept.fileId, now)
  return undefined
}
