import type { ReadyLine } from './child.ts'

/** Engine, rule count and date, as the scanner's own ready line gives them. */
export function scannerText(ready: ReadyLine): string {
  return `${ready.engine} (embedded), ${ready.rules} rules of ${ready.rulesDate}`
}
