import type { Receiver } from '@heliox/core/kit'
import { guarded, makePlaces, ownTenants, type Repeating, repeat } from '../rounds/index.ts'
import type { Door, ReceiveDeps } from './deps.ts'
import { takeTurn } from './turn.ts'

/** How often we ask whose look is due; the looks themselves are each receiver's `everyMs` apart, on the hub's clock. */
const roundMs = 1_000
/** Looks at the same time in one engine: a partner that keeps one waiting keeps nobody else. */
const placesMax = 16
/** Somebody else's turn, or one that died: asked for again after this. */
const notOursMs = 5_000

/** Looks at every door of every clinic when it is due. */
export function watchDoors(deps: ReceiveDeps, ending: AbortSignal): Repeating {
  const places = makePlaces(placesMax)
  const own = ownTenants(deps.connections, deps.region)
  /** On the hub's clock, per door; a hint only: who looks is decided by `takeTurn` of the store. */
  const due = new Map<string, { atMs: number; setAtMs: number }>()
  const keyOf = ({ tenantId, id }: Door): string => `${tenantId}/${id}`
  const waitsMs = (door: Door, nowMs: number): number => {
    const hint = due.get(keyOf(door))
    // A clock that was set back would make an old hint last for ever.
    return !hint || nowMs < hint.setAtMs ? 0 : hint.atMs - nowMs
  }

  const rounds = repeat('looking for files', roundMs, ending, deps.log, async () => {
    const nowMs = deps.clock.now().getTime()
    const doors = await allDoors(deps, own)
    const waiting = doors.map((door) => ({ door, waitMs: waitsMs(door, nowMs) })).filter(({ waitMs }) => waitMs <= 0)
    forget(due, new Set(doors.map(keyOf)))
    // The longest overdue first, so that those who found no place do not stand behind the same ones again.
    for (const { door } of waiting.toSorted((a, b) => (due.get(keyOf(a.door))?.atMs ?? 0) - (due.get(keyOf(b.door))?.atMs ?? 0))) {
      places.enter(keyOf(door), () => guarded('a look for files', { tenantId: door.tenantId, receiver: door.id }, deps.log, () => visit(door)))
    }
  })

  async function visit(door: Door): Promise<void> {
    const hint = (inMs: number): void => {
      const setAtMs = deps.clock.now().getTime()
      due.set(keyOf(door), { setAtMs, atMs: setAtMs + inMs })
    }
    hint(notOursMs)
    const config = door.adapter.config.safeParse(await deps.connections.settings(door.tenantId, door.adapter.id))
    if (!config.success || !door.receiver.enabled(config.data)) hint(door.receiver.everyMs)
    else if (await takeTurn(deps, door, ending)) hint(door.receiver.everyMs)
  }

  return {
    async close() {
      await rounds.close()
      await places.empty()
    },
  }
}

async function allDoors({ adapters, files }: ReceiveDeps, own: (tenantIds: readonly string[]) => Promise<string[]>): Promise<Door[]> {
  const doors: Door[] = []
  for (const adapter of adapters) {
    const receivers = Object.entries(adapter.receive)
    if (receivers.length === 0) continue
    for (const tenantId of await own(await files.tenants(adapter.id))) {
      for (const [name, receiver] of receivers) {
        doors.push({ tenantId, adapter, name, id: `${adapter.id}.${name}`, receiver: receiver as unknown as Receiver<unknown, unknown> })
      }
    }
  }
  return doors
}

function forget(due: Map<string, unknown>, known: ReadonlySet<string>): void {
  for (const key of due.keys()) if (!known.has(key)) due.delete(key)
}
