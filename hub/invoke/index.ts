export { afterFault, type FaultDecision } from './after-fault.ts'
export { type InvokeDeps, makeInvoke } from './invoke.ts'
export { issuesOf, StepFailure } from './step-failure.ts'
