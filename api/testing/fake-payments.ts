import type { ApiDeps } from '../deps.ts'

/** A clinic that takes no money yet: what the routes do with it is tested against the real stores. */
export const fakePayments: ApiDeps['payments'] = {
  view: async () => ({ method: null, copayMinor: null, currency: 'USD', charges: [], plans: [] }),
  charge: async () => 'no-method',
  refund: async () => 'not-found',
  proposePlan: async () => 'no-method',
  endPlan: async () => 'not-found',
  ofPatient: async () => ({ confirm: false, plan: null }),
  agreePlan: async () => 'not-found',
  confirmationUrl: async () => undefined,
}
export const fakeHooks: ApiDeps['hooks'] = {
  find: async () => undefined,
  open: async () => undefined,
  keep: async () => 'known',
}
