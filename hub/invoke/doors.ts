import { nextOpen } from '@heliox/core/catalog'
import type { FaultScope } from '@heliox/core/kit'
import type { BreakerCause } from '@heliox/core/messaging'
import type { BreakerRef } from '@heliox/core/ports'
import type { Outcome } from '../breaker/index.ts'
import { errorFields } from '../log/index.ts'
import type { ShutDoor } from './after-fault.ts'
import type { InvokeDeps, Target } from './deps.ts'

/** After a payer opens, those who waited for it come over so long, not all in the first second. */
export const openingSpreadMs = 10 * 60_000

type Passed =
  | { is: 'shut'; scope: FaultScope; door: ShutDoor; cause: BreakerCause }
  | { is: 'passed'; report(outcome: { partner: Outcome; payer: Outcome }): Promise<void> }

/**
 * A question to a payer goes through two doors: the partner's, which everybody uses, and the payer's behind it. What shuts one payer's
 * leaves the partner's open for all others.
 */
export async function passDoors(deps: InvokeDeps, { adapter, name, op }: Target, tenantId: string, payerId: string | undefined): Promise<Passed> {
  const { breakers, clock } = deps
  const partnerRef: BreakerRef = { tenantId, partner: adapter.id, payerId: null, operation: name }
  const payerRef: BreakerRef | undefined = payerId === undefined ? undefined : { ...partnerRef, payerId }
  // While it is closed anyway, a try would tell nothing: what it says then is not believed.
  if (payerRef && breakers.state(payerRef) !== 'closed') {
    const door = await closedHours(deps, tenantId, payerRef.payerId as string)
    if (door) return { is: 'shut', scope: 'payer', door, cause: 'unavailable' }
  }
  const shut = (scope: FaultScope, { until, spreadMs, cause }: { until: Date; spreadMs: number; cause: BreakerCause }): Passed => ({
    is: 'shut',
    scope,
    door: { is: 'breaker', opensInMs: Math.max(0, until.getTime() - clock.now().getTime()), spreadMs },
    cause,
  })
  const partner = await breakers.admit(partnerRef, op.breaker)
  if (partner.is === 'open') return shut('partner', partner)
  const payer = payerRef && (await breakers.admit(payerRef, op.breaker))
  if (payer?.is === 'open') {
    await partner.report({ is: 'ignored' })
    return shut('payer', payer)
  }
  return {
    is: 'passed',
    async report(outcome) {
      await partner.report(outcome.partner)
      await payer?.report(outcome.payer)
    },
  }
}

/** When the payer's calendar says that it is closed now. One that nobody knows is open always. */
export async function closedHours(deps: InvokeDeps, tenantId: string, payerId: string): Promise<ShutDoor | undefined> {
  const now = deps.clock.now()
  try {
    const opensAt = nextOpen(await deps.payers.hours(tenantId, payerId), now)
    return opensAt > now ? { is: 'hours', opensInMs: opensAt.getTime() - now.getTime(), spreadMs: openingSpreadMs } : undefined
  } catch (error) {
    deps.log.warn({ tenantId, payerId, ...errorFields(error) }, 'the hours of a payer could not be read')
    return undefined
  }
}
