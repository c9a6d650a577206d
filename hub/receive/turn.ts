import { limits, machineMs, PartnerFault } from '@heliox/core/kit'
import { abortGraceMs } from '../invoke/index.ts'
import { errorFields } from '../log/index.ts'
import { isTransient } from '../rounds/index.ts'
import { collect } from './collect.ts'
import { aboutDoor, type Door, type ReceiveDeps } from './deps.ts'
import { readFile } from './read-file.ts'

/** Reading is ours alone, and goes on in the next turn: it must not keep the door closed for long. */
const readMsMax = 30_000
/** Files of one query; what lies behind them comes in the next. */
const filesPerQuery = 50

/**
 * One turn at one door: look, keep, read; at one where the partner calls us, read. Nothing that goes wrong leaves it: it is logged as a code, the turn ends, and the next
 * look comes in its time. What was kept is read even when the look itself failed. `false`: it was not our turn.
 */
export async function takeTurn(deps: ReceiveDeps, door: Door, ending: AbortSignal): Promise<boolean> {
  const { receiver, tenantId, id } = door
  const leaseMs = machineMs(deps.clock, receiver.timeoutMs + abortGraceMs + readMsMax + limits.leaseMarginMs)
  const turn = await deps.files.takeTurn(tenantId, id, deps.process, { everyMs: receiver.everyMs, leaseMs }, deps.clock.now())
  if (!turn) return false
  try {
    if (receiver.webhook) await readCalled(deps, door, ending)
    else {
      const connection = await openConnection(deps, door)
      if (connection) {
        await look(deps, door, connection, ending)
        await readKept(deps, door, connection.config, ending)
      }
    }
  } finally {
    await turn.giveBack(deps.clock.now())
  }
  return true
}

/** Where the partner calls us there is nothing to fetch, so the secrets stay closed. */
async function readCalled(deps: ReceiveDeps, door: Door, ending: AbortSignal): Promise<void> {
  const config = door.adapter.config.safeParse(await deps.connections.settings(door.tenantId, door.adapter.id))
  if (config.success) await readKept(deps, door, config.data, ending)
}

async function openConnection(deps: ReceiveDeps, door: Door): Promise<{ config: unknown; secrets: unknown } | undefined> {
  const { adapter, tenantId } = door
  const stored = await deps.connections.connection(tenantId, adapter.id)
  const config = adapter.config.safeParse(stored?.config)
  const secrets = adapter.secrets.safeParse(stored?.secrets)
  if (config.success && secrets.success) return { config: config.data, secrets: secrets.data }
  deps.log.warn(aboutDoor(door), 'the connection is incomplete; nothing is collected')
  return undefined
}

async function look(deps: ReceiveDeps, door: Door, connection: { config: unknown; secrets: unknown }, ending: AbortSignal): Promise<void> {
  try {
    const collected = await collect(deps, door, connection, ending)
    if (collected.kept + collected.known > 0) deps.log.info({ ...aboutDoor(door), ...collected }, 'files were collected')
  } catch (error) {
    if (ending.aborted) return
    if (error instanceof PartnerFault) deps.log.warn({ ...aboutDoor(door), fault: error.kind, detail: error.detail }, error.message)
    else deps.log.error({ ...aboutDoor(door), ...errorFields(error) }, 'collecting failed on our side')
  }
}

/** Oldest first, each once a turn: one that our reader fails at holds up none of the others. */
async function readKept(deps: ReceiveDeps, door: Door, config: unknown, ending: AbortSignal): Promise<void> {
  const { tenantId, id } = door
  const endMs = performance.now() + readMsMax
  const timeIsUp = () => ending.aborted || performance.now() > endMs
  const tried = new Set<string>()
  while (!timeIsUp()) {
    const unread = (await deps.files.unread(tenantId, id, filesPerQuery)).filter(({ fileId }) => !tried.has(fileId))
    if (unread.length === 0) return
    for (const file of unread) {
      if (timeIsUp()) return
      tried.add(file.fileId)
      await readOne(deps, door, config, file, timeIsUp)
    }
  }
}

async function readOne(deps: ReceiveDeps, door: Door, config: unknown, file: { fileId: string; items: number }, timeIsUp: () => boolean): Promise<void> {
  const about = { ...aboutDoor(door), fileId: file.fileId }
  try {
    const how = await readFile(deps, door, config, file, timeIsUp)
    if (how === 'read') deps.log.info(about, 'a file was read')
  } catch (error) {
    if (isTransient(error)) throw error
    deps.log.error({ ...about, ...errorFields(error) }, 'our reader failed at a kept file; it waits, and an incident is open')
    await deps.files.readFailed(door.tenantId, door.id, file.fileId, deps.clock.now())
  }
}
