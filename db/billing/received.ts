import { takeGroupAck, takeInterchangeAck } from './received-acks.ts'
import { takeAnswer } from './received-answer.ts'
import {
  heldAnswerKeys,
  heldKey,
  heldUnder,
  type Item,
  type Kept,
  keepItem,
  type Received,
  setFate,
  settleMatched,
  type Taking,
  tellUnmatched,
  tellUnreadable,
} from './received-items.ts'
import { existingRequests } from './requests.ts'

/** One thing out of a partner's file, in one commit: kept once, and joined to what we asked, in whatever order things come. */
export async function recordReceived(context: Taking, received: Received): Promise<void> {
  const kept = await keepItem(context.tx, received)
  if (kept) await take(context, kept, received.item)
}

/** Something of ours has appeared that held items may belong to. */
export async function takeHeld(context: Taking, keys: readonly string[]): Promise<void> {
  for (const { kept, item } of await heldUnder(context.tx, keys)) {
    await take(context, kept, item)
    await settleMatched(context.tx, kept.fileId, context.now)
  }
}

/**
 * Answers that wait for their request. A request is committed before anybody is asked, so this finds something only where rows came back another
 * way (a restore from backup): it is looked for now and then, and not in every commit.
 */
export async function takeHeldAnswers(context: Taking): Promise<void> {
  const there = await existingRequests(context.tx, await heldAnswerKeys(context.tx))
  if (there.size > 0) await takeHeld(context, [...there].map(heldKey.request))
}

async function take(context: Taking, kept: Kept, item: Item): Promise<void> {
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
