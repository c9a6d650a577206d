import type { SimClock } from '../../sim-clock.ts'
import type { SimJournal } from '../../sim-journal.ts'
import type { Effects } from './effects.ts'
import { type Faults, modes } from './faults.ts'
import type { Knobs } from './knobs.ts'
import { Refusal } from './refusal.ts'
import { resourceTypes } from './resource.ts'
import { parse, type Reply } from './rest.ts'
import { isSmartClient, type SmartServer } from './smart.ts'
import { staff } from './staff.ts'
import type { FhirStore } from './store.ts'

interface Controlled {
  journal: SimJournal
  store: FhirStore
  effects: Effects
  faults: Faults
  knobs: Knobs
  clock: SimClock
  smart: SmartServer
}
const ok = (body: unknown): Reply => ({ status: 200, body })
const bad = (error: string): Reply => ({ status: 400, body: { error } })
const done = ok({ ok: true })

/** The control port (`/_sim/`, README.md): for tests and demos, without a token. */
export function control(parts: Controlled, method: string, url: URL, body: string): Reply {
  const { store, effects, knobs, clock, smart } = parts
  const what = `${method} ${url.pathname}`
  try {
    switch (what) {
      case 'GET /_sim/effects':
        return ok(effects.counts())
      case 'GET /_sim/effects/each':
        return ok(effects.each())
      case 'GET /_sim/people':
        return ok(store.people())
      case 'GET /_sim/resources': {
        const type = url.searchParams.get('type')
        return ok({ resources: (type === null ? resourceTypes : [type]).flatMap((one) => store.all(one)) })
      }
      case 'GET /_sim/knobs':
        return ok(knobs.values)
      case 'GET /_sim/clock':
        return ok({ now: clock.now() })
      case 'GET /_sim/smart':
        return ok(smart.seen())
    }
    return change(parts, what, body === '' ? {} : parse(body))
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: { error: error.message } }
    throw error
  }
}

function change(parts: Controlled, what: string, body: unknown): Reply {
  const { journal, store, faults, knobs, clock, smart } = parts
  const wanted = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  switch (what) {
    case 'POST /_sim/faults':
      return faults.set(wanted.mode, wanted.times) ? done : bad(`mode is one of ${modes.join(', ')}; times a number or null`)
    case 'PUT /_sim/knobs':
      return knobs.turn(wanted) ? ok(knobs.values) : bad('no such knob, or not such a value')
    case 'POST /_sim/clock/advance':
      return clock.advance(wanted.ms) ? ok({ now: clock.now() }) : bad('ms is a number, forward only')
    case 'PUT /_sim/smart': {
      if (!isSmartClient(wanted)) return bad('clientId, scope, tokenSeconds, and jwksUrl or jwks')
      smart.register(wanted)
      return done
    }
    case 'POST /_sim/smart/forget-tokens':
      smart.forgetTokens()
      return done
    case 'POST /_sim/reset':
      journal.together(() => {
        store.reset()
        faults.set('answers', null)
        knobs.reset()
        smart.reset()
      })
      return done
  }
  const told = staff(store, what, body)
  return told ? ok(told) : { status: 404, body: { error: 'no such control' } }
}
