import type { ApplySpec } from '@heliox/core/kit'
import type { NodeServices, StepHandler } from '@heliox/core/ports'
import { parsed } from './parsed.ts'

/** One commit into one context. A redelivery finds its key in the inbox and changes nothing; either way the flow goes on. */
export function applyHandler(apply: ApplySpec, services: NodeServices): StepHandler {
  return async (input, step) => {
    const value = parsed(apply.input, input, `input of ${apply.name}`)
    const { flow, version, step: name } = step.ref
    await services.applies.apply(apply.name, value, {
      envelope: step.envelope,
      flow,
      version,
      step: name,
      process: services.process,
      now: services.clock.now(),
      // A person is believed.
      suspicions: step.manual ? [] : step.suspicions,
    })
    await services.stop('apply', flow)
    return { is: 'pass' }
  }
}
