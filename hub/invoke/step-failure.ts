/**
 * A step that cannot go on and has no effect in the ledger to hold it: the settlement wrapper turns it into an override item.
 * `message` is the text for staff; it never holds a value that was being handled.
 */
export class StepFailure extends Error {
  readonly holdCause: 'bug' | 'contract' | 'no-connection'
  constructor(holdCause: 'bug' | 'contract' | 'no-connection', staffText: string, options: { cause?: unknown } = {}) {
    super(staffText, options)
    this.name = 'StepFailure'
    this.holdCause = holdCause
  }
}

/** Where a value breaks its contract, as paths and codes: zod's own texts can repeat what was sent. */
export function issuesOf(error: { issues: readonly { path: readonly PropertyKey[]; code: string }[] }): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || '(all)'}: ${issue.code}`)
    .join(', ')
}
