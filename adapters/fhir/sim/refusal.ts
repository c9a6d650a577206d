/** Becomes an OperationOutcome with this status. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly expression: string | undefined
  constructor(status: number, code: string, message: string, expression?: string) {
    super(message)
    this.status = status
    this.code = code
    this.expression = expression
  }
}
