import type { Repeating } from '../rounds/index.ts'
import { watchBatches } from './batches.ts'
import type { ReceiveDeps } from './deps.ts'
import { watchDoors } from './doors.ts'

/**
 * What an engine does without being asked: it looks at partners' doors, reads what was kept, closes batches and watches for silence.
 * More engines are harmless: a turn, a file's count and a batch are each the store's to give. `close` ends running looks and waits.
 */
export function startReceiving(deps: ReceiveDeps): Repeating {
  const ending = new AbortController()
  const loops = [watchDoors(deps, ending.signal), watchBatches(deps)]
  return {
    async close() {
      ending.abort()
      await Promise.all(loops.map((loop) => loop.close()))
    },
  }
}
