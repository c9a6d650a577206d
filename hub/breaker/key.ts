import type { BreakerRef } from '@heliox/core/ports'

/** Ids and codes: it may be logged. `*` is the whole partner. */
export const keyOf = ({ tenantId, partner, payerId, operation }: BreakerRef): string => `${tenantId}/${partner}/${payerId ?? '*'}/${operation}`
