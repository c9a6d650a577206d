export { afterFault, type FaultDecision } from './after-fault.ts'
export type { InvokeDeps } from './deps.ts'
export { makeInvoke } from './invoke.ts'
export { issuesOf, StepFailure } from './step-failure.ts'
