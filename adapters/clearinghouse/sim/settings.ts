import { readFileSync } from 'node:fs'
import type { ClockSetting } from './clock.ts'
import { clockOf } from './control-port.ts'
import { ClockChange, checked, Scenario } from './scenario/scenario.ts'

/** A person can mend it: shown without a stack trace. */
export class CannotStart extends Error {}

interface ClockWords {
  now: string | undefined
  speed: string | undefined
  freeze: boolean
}
/** As flags and environment say it: texts. */
export function clockSetting({ now, speed, freeze }: ClockWords): ClockSetting {
  const result = checked(ClockChange, { ...(now ? { now } : {}), ...(speed ? { speed: Number(speed) } : {}), ...(freeze ? { frozen: true } : {}) })
  if ('problems' in result) throw new CannotStart(`the clock: ${result.problems.join('; ')}`)
  return clockOf(result.ok)
}
export function scenarioFrom(file: string | undefined): Scenario | undefined {
  if (!file) return undefined
  const result = checked(Scenario, parsed(file))
  if ('problems' in result) throw new CannotStart(`the scenario ${file} is not valid:\n${result.problems.map((problem) => `  ${problem}`).join('\n')}`)
  return result.ok
}
function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new CannotStart(`the scenario ${file} cannot be read: ${error instanceof SyntaxError ? 'it is no JSON' : (error as NodeJS.ErrnoException).code}`)
  }
}
export function portFrom(text: string | undefined, name: string): number {
  const port = Number(text ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new CannotStart(`${name} must be 0 to 65535`)
  return port
}
