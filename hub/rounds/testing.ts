import type { Log } from '@heliox/core/kit'
import type { TenantFacts } from '@heliox/core/ports'
import type { RoundDeps } from './every-tenant.ts'
import type { Repeating } from './repeat.ts'

/** What the specs of rounds share: a moment, clinics of two regions, and a log to look into. */
export const now = new Date('2026-02-02T15:00:00Z')
export const tenant = (id: string): TenantFacts => ({
  ...{ id, slug: id, name: id, timeZone: 'UTC', npi: '1234567893' },
  region: id.startsWith('eu') ? 'eu-west' : 'us-east',
})

export interface Line {
  level: 'debug' | 'info' | 'warn' | 'error'
  text: string
  about: object
}
export const logTo = (tell: (line: Line) => void): Log => {
  const at = (level: Line['level']) => (about: object, text: string) => tell({ level, text, about })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } as Log
}
export const said = ({ level, text }: Line): string => `${level} ${text}`

export async function until(good: () => boolean): Promise<void> {
  const endMs = performance.now() + 5_000
  while (!good() && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Rounds of `us-east` until it is enough; what they logged, in its order. */
export async function run(start: (around: RoundDeps & { process: string }) => Repeating, enough: () => boolean): Promise<Line[]> {
  const lines: Line[] = []
  const loop = start({
    ...{ region: 'us-east', process: 'engine-1', clock: { now: () => now }, connections: { tenant: async (id) => tenant(id) } },
    log: logTo((line) => lines.push(line)),
  })
  await until(enough)
  await loop.close()
  return lines
}
