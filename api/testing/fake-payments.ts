import { randomUUID } from 'node:crypto'
import type { ApiDeps } from '../deps.ts'
import type { World } from './world.ts'

/** Whose a charge or a plan is. */
const known = new Map<string, string>()
/** A charge or a plan that a clinic has. */
export function aPayment(tenantId: string): string {
  const id = randomUUID()
  known.set(id, tenantId)
  return id
}

/** Every visit has a method on file, and each click is taken; what comes of it is tested against the real stores. */
export function fakePayments({ links }: Pick<World, 'links'>): ApiDeps['payments'] {
  const hasVisit = (tenantId: string, intakeId: string): boolean => [...links.values()].some((link) => link.tenantId === tenantId && link.intakeId === intakeId)
  return {
    view: async (tenantId, intakeId) =>
      hasVisit(tenantId, intakeId)
        ? {
            method: { status: 'stored', kind: 'card', code: null },
            unauthorised: null,
            copayMinor: null,
            currency: 'USD',
            charges: [],
            plans: [],
            askedAt: null,
            offer: null,
          }
        : undefined,
    charge: async (tenantId, wish) => (hasVisit(tenantId, wish.intakeId) ? 'begun' : 'not-found'),
    stopCharge: async (tenantId, chargeId) => (known.get(chargeId) === tenantId ? 'stopped' : 'not-found'),
    askForMethod: async (tenantId, wish) => (hasVisit(tenantId, wish.intakeId) ? 'asked' : 'not-found'),
    leaveMethod: async () => 'offered',
    refund: async (tenantId, wish) => (known.get(wish.chargeId) === tenantId ? 'begun' : 'not-found'),
    proposePlan: async (tenantId, wish) => (hasVisit(tenantId, wish.intakeId) ? 'proposed' : 'not-found'),
    endPlan: async (tenantId, planId) => (known.get(planId) === tenantId ? 'ended' : 'not-found'),
    ofPatient: async () => ({ confirm: false, plan: null, charge: null, asked: null, moves: [], nextPart: null, method: null }),
    agreePlan: async (link, { planId }) => (known.get(planId) === link.tenantId ? 'agreed' : 'not-found'),
    confirmationUrl: async () => undefined,
    chargeUrl: async () => undefined,
  }
}
export const fakeHooks: ApiDeps['hooks'] = {
  find: async () => undefined,
  open: async () => undefined,
  keep: async () => 'known',
}
