import pg from 'pg'
import { silent } from '../../docker/local/progress.ts'
import { type Stack, startStack } from '../../docker/local/stack.ts'

/** A hub over the embedded bus, and its database as the owner sees it; both ended afterwards, whatever happens. */
export async function withStack<T>(play: (stack: Stack, behind: pg.Client) => Promise<T>): Promise<T> {
  const stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent })
  const behind = new pg.Client({ connectionString: stack.ownerUrl })
  try {
    await behind.connect()
    return await play(stack, behind)
  } finally {
    await behind.end()
    await stack.stop()
  }
}
