import { issuesOf } from '../invoke/index.ts'
import type { Door, ReceiveDeps } from './deps.ts'

/** One commit. The events of a batch leave together; a crash repeats the reading of so many, never their events. */
const itemsPerCommit = 100

/**
 * Reads one kept file on from where the last reader stopped: the same bytes give the same items, so those that are events already
 * are counted past. `elsewhere`: another engine was here meanwhile. `later`: our time is up; the next turn goes on.
 */
export async function readFile(
  deps: ReceiveDeps,
  door: Door,
  config: unknown,
  file: { fileId: string; items: number },
  timeIsUp: () => boolean,
): Promise<'read' | 'later' | 'elsewhere'> {
  const { tenantId, receiver, name } = door
  const now = deps.clock.now()
  const bytes = await deps.files.openFile(tenantId, file.fileId, `service:${deps.process}`, now)
  let first = file.items
  let seen = 0
  let batch: unknown[] = []

  async function record(last: boolean): Promise<boolean> {
    await deps.stop('receive-items', name)
    const about = { process: deps.process, now: deps.clock.now() }
    const recorded = await deps.files.recordItems(tenantId, file.fileId, { first, eventType: receiver.event, items: batch, last }, about)
    await deps.stop('receive-recorded', name)
    first += batch.length
    batch = []
    return recorded === 'recorded'
  }

  for await (const item of receiver.read(bytes, config, { keyOf: (parts) => deps.locks.keyOf(tenantId, parts) })) {
    seen += 1
    if (seen <= file.items) continue
    batch.push(itemOf(door, item))
    if (batch.length < itemsPerCommit) continue
    if (!(await record(false))) return 'elsewhere'
    if (timeIsUp()) return 'later'
  }
  // Fewer than it gave before: its reader has changed, and what follows would be counted wrongly.
  if (seen < file.items) throw new Error('this file gives fewer items than before')
  return (await record(true)) ? 'read' : 'elsewhere'
}

/** Parsed once more by its contract: what travels on the bus holds no value that nobody has looked at. */
function itemOf({ receiver, id }: Door, item: unknown): unknown {
  const parsed = receiver.item.schema.safeParse(item)
  if (!parsed.success) throw new Error(`${id} read an item that is not ${receiver.item.id} (${issuesOf(parsed.error)})`)
  return parsed.data
}
