import type { RouteSpec } from '../kit/route.ts'
import { adminRoutes } from './admin/schemas.ts'
import { bulkReleaseRoutes } from './bulk-releases/schemas.ts'
import { deskRoutes } from './clinic/desk-schemas.ts'
import { oneVisitRoutes } from './clinic/one-visit-schemas.ts'
import { clinicRoutes } from './clinic/schemas.ts'
import { consentTextRoutes } from './consent-texts/schemas.ts'
import { consentRoutes } from './consents/schemas.ts'
import { correctionRoutes } from './corrections/schemas.ts'
import { flowRoutes } from './flows/schemas.ts'
import { formRoutes } from './forms/schemas.ts'
import { healthRoutes } from './health/schemas.ts'
import { incidentRoutes } from './incidents/schemas.ts'
import { proofRoutes } from './intake/proof-schemas.ts'
import { intakeRoutes } from './intake/schemas.ts'
import { keyRoutes } from './keys/schemas.ts'
import { liveRoutes } from './live/schemas.ts'
import { lookRoutes } from './look/schemas.ts'
import { messageRoutes } from './messages/schemas.ts'
import { opsRoutes } from './ops/schemas.ts'
import { payerRoutes } from './payers/schemas.ts'
import { paymentRoutes } from './payments/schemas.ts'
import { schedulerRoutes } from './scheduler/schemas.ts'
import { serviceAccountRoutes } from './service-accounts/schemas.ts'
import { sessionRoutes } from './session/schemas.ts'
import { uploadRoutes } from './uploads/schemas.ts'

/** Every route under /api, once. The document, the client and the access tests read it here. */
export const apiRoutes: readonly RouteSpec[] = [
  ...intakeRoutes,
  ...proofRoutes,
  ...uploadRoutes,
  ...consentRoutes,
  ...consentTextRoutes,
  ...correctionRoutes,
  ...sessionRoutes,
  ...clinicRoutes,
  ...deskRoutes,
  ...oneVisitRoutes,
  ...opsRoutes,
  ...incidentRoutes,
  ...liveRoutes,
  ...serviceAccountRoutes,
  ...bulkReleaseRoutes,
  ...adminRoutes,
  ...lookRoutes,
  ...keyRoutes,
  ...payerRoutes,
  ...formRoutes,
  ...schedulerRoutes,
  ...paymentRoutes,
  ...messageRoutes,
  ...flowRoutes,
  ...healthRoutes,
]
