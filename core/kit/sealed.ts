/**
 * A handle on a PHI value that lives in a per-delivery store outside `msg`. Node-RED may clone, serialise or print it:
 * all anyone ever sees is the contract's name. Only `hub/` opens it, by `id`, while the delivery is open.
 */
export class Sealed {
  readonly id: string
  readonly contract: string
  constructor(id: string, contract: string) {
    this.id = id
    this.contract = contract
  }
  toJSON(): { sealed: string; contract: string } {
    return { sealed: this.id, contract: this.contract }
  }
  toString(): string {
    return `Sealed<${this.contract}>`
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** A clone (Node-RED clones on fan-out) loses its class: recognise it by shape. */
export function isSealed(value: unknown): value is { id: string; contract: string } {
  return typeof value === 'object' && value !== null && typeof (value as Sealed).id === 'string' && typeof (value as Sealed).contract === 'string'
}
