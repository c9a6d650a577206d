/** Limits of the edge alone; those that other parts need too are in `core/kit/limits.ts`. */
export const edgeLimits = {
  /** Per address; a waiting room and a clinic's staff may share one. */
  requestsPerMinuteMax: 6_000,
  /** Per address and account. */
  signInsPerMinuteMax: 15,
  /** Per address: argon2id is made to be slow. */
  signInsPerAddressPerMinuteMax: 90,
  /** Of one link, at one process: a form that is typed saves itself every few seconds; a household shares no link. */
  linkCallsPerMinuteMax: 600,
  /** Of one link: each decodes a drawing and writes a PDF. */
  receiptsPerMinuteMax: 20,
  /** Of one address in a mail that stops mails. */
  stopCallsPerMinuteMax: 30,
  streamsPerIntakeMax: 4,
  streamsPerTenantMax: 60,
  streamsMax: 2_000,
  streamHeartbeatMs: 15_000,
  /** Then the browser connects again: a revoked link or an ended session does not stream on for long. */
  streamMsMax: 10 * 60_000,
  tenantFactsMs: 30_000,
  urlCharsMax: 300,
  requestMsMax: 30_000,
} as const
