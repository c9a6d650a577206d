import type { StepHandler } from '@heliox/core/ports'

/** Where the dispatcher puts an event in: it owns no consumer and passes on what it is handed. */
export const consumeHandler: StepHandler = async () => ({ is: 'pass' })

/** The override item was written in the commit that ended the effect; this node shows in the flow where things wait. */
export const holdHandler: StepHandler = async () => ({ is: 'settle', outcome: 'held' })
