/** What is wrong with our own database: it does not answer, has no room left, or takes no writes (a standby, a safety stop). */
type StorageFault = 'away' | 'full' | 'read-only'

/**
 * SQLSTATE classes: connection (08), out of resources (53), a transaction or a statement that the server ended because it took too long
 * (25P03, 25P04, 57014), shutdown, crash and start (57P), the disk under it (58).
 */
const awayStates = /^(08...|53...|25P03|25P04|57014|57P0[1-5]|580[03]0)$/
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])
/** The driver and its pool say these without a code. */
const texts =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout|Knex: Timeout acquiring a connection)/

/**
 * Told from the error, or from what caused it. What was asked may have been done when the answer says `away`: the connection can end
 * between a commit and its answer. The other two were refused, whole.
 */
export function storageFaultOf(error: unknown): StorageFault | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = (at as { code?: unknown }).code
    if (code === '53100') return 'full'
    if (code === '25006') return 'read-only'
    if (typeof code === 'string' && (awayStates.test(code) || socketCodes.has(code))) return 'away'
    if (texts.test(at.message)) return 'away'
    const inner = at instanceof AggregateError ? at.errors.map(storageFaultOf).find((fault) => fault !== undefined) : undefined
    if (inner) return inner
  }
  return undefined
}
