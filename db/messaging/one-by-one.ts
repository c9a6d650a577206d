import type { Skipped } from '@heliox/core/ports'
import type { Tx } from '../tenancy.ts'

/** SQLSTATE classes of a database that could not just now (connection, conflict of two, resources, shutdown): then nobody's turn is over. */
const notNow = /^(08|40|53|55|57|58)/
const isNotNow = (error: unknown): boolean => error instanceof Error && 'code' in error && typeof error.code === 'string' && notNow.test(error.code)

/**
 * One after the other in one transaction, each in a savepoint: what goes wrong with one is undone and told, and the others are done all the same. Rows of
 * many patients must not wait for one that nobody expected.
 */
export async function oneByOne<T>(tx: Tx, all: readonly T[], nameOf: (one: T) => string, run: (one: T) => Promise<void>): Promise<Skipped[]> {
  const skipped: Skipped[] = []
  for (const one of all) {
    await tx.query('SAVEPOINT one')
    try {
      await run(one)
      await tx.query('RELEASE SAVEPOINT one')
    } catch (error) {
      if (isNotNow(error)) throw error
      await tx.query('ROLLBACK TO SAVEPOINT one')
      skipped.push({ of: nameOf(one), error })
    }
  }
  return skipped
}
