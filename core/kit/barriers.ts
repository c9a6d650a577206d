/**
 * The named steps between which a process can be killed in a test. Inert unless armed:
 * `HUB_BARRIER=partner-answered` stops with SIGKILL at the first hit, `HUB_BARRIER=partner-answered@eligibility`
 * only in that scope, `HUB_BARRIER=claim:pause` waits for SIGCONT in place of dying. A file arms
 * processes while they run (`HUB_BARRIER_FILE`). Armed where `hub/barrier` says.
 */
export const barriers = [
  'begin',
  'commit',
  'claim',
  'publish',
  'confirm',
  'mark',
  'consume',
  'ledger-start',
  'partner-call-sent',
  'partner-answered',
  'ledger-end',
  'apply',
  'ack',
  // Scope of these four: the receiver's name.
  'receive-collect',
  'receive-kept',
  'receive-items',
  'receive-recorded',
] as const
export type Barrier = (typeof barriers)[number]
/** `scope` is the flow's name where there is one; of the relay's four steps (claim to mark) the outbox's schema. */
export type Stop = (at: Barrier, scope?: string) => Promise<void>
export const neverStop: Stop = async () => undefined
