export { afterFault, type FaultDecision } from './after-fault.ts'
export { type Invoke, type InvokeDeps, type Invoked, makeInvoke } from './invoke.ts'
export { StepFailure } from './step-failure.ts'
