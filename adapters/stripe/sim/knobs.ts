import type { SimClock } from '../../sim-clock.ts'
import { type Control, modes } from './control.ts'
import { type Endpoint, type Play, usualPlay, type Webhooks } from './events.ts'
import type { Keys } from './keys.ts'
import type { Store } from './records.ts'
import type { Refunds } from './refunds.ts'
import type { Reply } from './replies.ts'

/** What tests and demos set and read: README.md has the list. */
export interface Parts {
  store: Store
  clock: SimClock
  control: Control
  keys: Keys
  refunds: Refunds
  webhooks: Webhooks
  settle(): void
  reset(): void
}
const done: Reply = { status: 200, body: { ok: true } }
const answer = (body: unknown): Reply => ({ status: 200, body })
const bad = (code: string, more: Record<string, unknown> = {}): Reply => ({ status: 400, body: { error: { code, ...more } } })
type Asked = Record<string, unknown>

export async function knob(parts: Parts, what: string, asked: Asked): Promise<Reply> {
  const { store, clock, control, keys, refunds, webhooks } = parts
  const reading = () => answer({ now: new Date(clock.nowMs()).toISOString() })
  switch (what) {
    case 'GET /_sim/effects':
      return answer(control.counts())
    case 'GET /_sim/effects/each':
      return answer(control.each())
    case 'GET /_sim/objects':
      return answer(store.count())
    case 'GET /_sim/clock':
      return reading()
    case 'POST /_sim/clock/advance':
      if (!clock.advance(asked.ms)) return bad('BAD_MS')
      parts.settle()
      return reading()
    case 'POST /_sim/forget':
      keys.forget()
      return done
    case 'POST /_sim/reset':
      parts.reset()
      return done
    case 'POST /_sim/faults':
      return setFault(control, asked)
    case 'POST /_sim/declines':
      return setDecline(control, asked)
    case 'POST /_sim/balance':
      refunds.setShort(asked.short === true)
      parts.settle()
      return done
    case 'GET /_sim/webhooks':
      return answer(webhooks.report())
    case 'PUT /_sim/webhooks':
      return setEndpoint(webhooks, asked)
    case 'POST /_sim/webhooks/again': {
      const status = await webhooks.again(String(asked.id), asked.exact === true)
      return status === undefined ? bad('NO_SUCH_EVENT') : answer({ status })
    }
    default:
      return { status: 404, body: { error: { code: 'NOT_FOUND' } } }
  }
}

function setFault(control: Control, asked: Asked): Reply {
  const mode = modes.find((one) => one === asked.mode)
  if (!mode) return bad('UNKNOWN_MODE', { modes })
  control.set(mode, typeof asked.times === 'number' ? asked.times : null)
  return done
}
function setDecline(control: Control, { code, declineCode, adviceCode, times }: Asked): Reply {
  if (typeof code !== 'string') return bad('CODE_IS_MISSING')
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  control.declineNext({ decline: { code, declineCode: text(declineCode), adviceCode: text(adviceCode) }, times: typeof times === 'number' ? times : 1 })
  return done
}
function setEndpoint(webhooks: Webhooks, { url, secret, secretBefore, ...play }: Asked): Reply {
  if (url === null) {
    webhooks.register(null)
    return done
  }
  if (typeof url !== 'string' || typeof secret !== 'string') return bad('URL_OR_SECRET_IS_MISSING')
  // A simulator sends to this machine only: what it signs would be believed by whoever has the secret.
  if (!['127.0.0.1', 'localhost'].includes(new URL(url).hostname)) return bad('NOT_ON_THIS_MACHINE')
  const endpoint: Endpoint = {
    url,
    secret,
    secretBefore: typeof secretBefore === 'string' ? secretBefore : null,
    play: { ...usualPlay, ...(play as Partial<Play>) },
  }
  webhooks.register(endpoint)
  webhooks.pump()
  return done
}
