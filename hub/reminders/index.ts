import type { ReminderPlaces, ReminderStore } from '@heliox/core/ports'
import { errorFields } from '../log/index.ts'
import { everyTenant, type Repeating, type RoundDeps } from '../rounds/index.ts'

/** How often we ask who is due; when something is due is on the hub's clock. A reminder of tomorrow may be some seconds late. */
const roundMs = 5_000
const placesMax = 4
const toldMax = 1_000

interface ReminderDeps extends RoundDeps {
  reminders: ReminderStore
  process: string
}

/**
 * Messages whose time has come: what waited for the end of quiet hours, and reminders of forms that are not sent. It sends nothing: what is due
 * becomes an event in one commit, and a flow sends. More engines are harmless: rows are locked, and one key stands for one reminder.
 */
export function startReminders({ region, reminders, connections, clock, log, process }: ReminderDeps): Repeating {
  const told = new Set<string>()
  /** Lives as long as the process: another one begins with the first, which harms nobody. */
  const places = new Map<string, ReminderPlaces>()
  /** An odd one comes again in each round: it is told once by a process, and by one that starts. */
  const tell = (about: { tenantId: string; of: string }): void => {
    if (told.has(about.of) || told.size >= toldMax) return
    told.add(about.of)
    log.error(about, 'a message that is due cannot be asked for; the others were')
  }
  return everyTenant({
    ...{ what: 'asking for messages that are due', region, connections, log, roundMs, placesMax },
    due: () => reminders.tenants(clock.now()),
    async run(tenantId) {
      const after = places.get(tenantId)
      const { skipped, readTo, ...begun } = await reminders.begin(tenantId, { process, now: clock.now(), ...(after ? { after } : {}) })
      if (Object.values(readTo).some((place) => place !== null)) places.set(tenantId, readTo)
      else places.delete(tenantId)
      for (const { of, error } of skipped) tell({ tenantId, of, ...errorFields(error) })
      if (begun.waited + begun.reminders > 0) log.info({ tenantId, ...begun }, 'messages that are due were asked for')
    },
  })
}
