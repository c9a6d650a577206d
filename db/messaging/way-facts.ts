import { type ChannelFacts, channelPartner, channelState, type MessageChannel, type MessageKind, stops } from '@heliox/core/messaging'
import { isConnected } from '../identity/connected.ts'
import type { Tx } from '../tenancy.ts'
import { optOutOf } from './opt-outs.ts'

/** What is so of an address before anything is put together for it. `key`: its keyed hash; null: there is none. */
export async function wayFacts(
  tx: Tx,
  channel: MessageChannel,
  key: string | null,
  kind: MessageKind,
): Promise<Pick<ChannelFacts, 'address' | 'optedOut' | 'connected'>> {
  const connected = await isConnected(tx, channelPartner[channel])
  const out = key === null ? undefined : await optOutOf(tx, channel, key)
  return { address: key !== null, optedOut: out !== undefined && stops(out.cause, channel, kind), connected }
}

/** Whether a code that is asked for now would leave: who waits for one that cannot come is locked out without a word. A code needs no consent and counts against no limit. */
export async function takesCode(tx: Tx, channel: MessageChannel, key: string | null): Promise<boolean> {
  const facts = { ...(await wayFacts(tx, channel, key, 'code')), textsWanted: false, atLimit: false }
  return channelState(channel, 'code', facts) === 'ready'
}
