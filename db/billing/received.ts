import type { ApplyContext } from '../applies/context.ts'
import { takeGroupAck, takeInterchangeAck } from './received-acks.ts'
import { takeAnswer } from './received-answer.ts'
import { heldUnder, type Item, type Kept, keepItem, type Received, setFate, settleMatched, tellUnmatched, tellUnreadable } from './received-items.ts'

/** One thing out of a partner's file, in one commit: kept once, and joined to what we asked, in whatever order things come. */
export async function recordReceived(context: ApplyContext, received: Received): Promise<void> {
  const kept = await keepItem(context.tx, received)
  if (kept) await take(context, kept, received.item)
}

/** Something of ours has appeared that held items may belong to. */
export async function takeHeld(context: ApplyContext, keys: readonly string[]): Promise<void> {
  for (const { kept, item } of await heldUnder(context.tx, keys)) {
    await take(context, kept, item)
    await settleMatched(context.tx, kept.fileId, context.now)
  }
}

async function take(context: ApplyContext, kept: Kept, item: Item): Promise<void> {
  const { tx, now } = context
  switch (item.kind) {
    case 'answer':
      return takeAnswer(context, kept, item)
    case 'interchange-ack':
      return takeInterchangeAck(context, kept, item)
    case 'group-ack':
      return takeGroupAck(context, kept, item)
    case 'claim-ack':
      // We send no claims: whoever's it is, it is not ours.
      await setFate(tx, kept.id, 'kept', {}, now)
      await tellUnmatched(tx, kept.fileId, now)
      return
    case 'unreadable':
      await tellUnreadable(tx, kept.fileId, now)
      return
  }
}
