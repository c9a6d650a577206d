/** SQLSTATE classes: connection (08), out of resources (53), operator intervention and shutdown (57P), serialization and deadlock (40). */
const sqlStates = /^(08...|53...|57P0[1-5]|40001|40P01|55P03)$/
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])
/** node-postgres and the pool say these without a code. */
const texts = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Knex: Timeout acquiring a connection)/

/** Whether our own storage was out of reach for a moment, so that the same delivery may well succeed later. */
export function isTransient(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = (at as { code?: unknown }).code
    if (typeof code === 'string' && (sqlStates.test(code) || socketCodes.has(code))) return true
    if (texts.test(at.message)) return true
    if (at instanceof AggregateError && at.errors.some((inner) => isTransient(inner))) return true
  }
  return false
}
