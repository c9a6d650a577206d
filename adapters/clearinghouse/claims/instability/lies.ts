import type { Behaviour } from '../../sim/scenario/behaviours.ts'
import type { Chance } from './chance.ts'

/** What answers in a closed payer's place. */
export const shapes = ['echo', 'empty', 'test-mark', 'canned', 'gateway-default', 'stale-replica'] as const
export type Shape = (typeof shapes)[number]

/** One lie with its parameters, by seed: as the simulator tells it. */
export function lieOf(shape: Shape, chance: Chance): Behaviour {
  switch (shape) {
    case 'echo':
      return { behaviour: chance.happens(0.7) ? 'echo-of-another' : 'other-patient' }
    case 'empty':
      return { behaviour: 'empty' }
    case 'test-mark':
      return { behaviour: 'test-marked', by: chance.pick(['interchange', 'header']) }
    case 'canned':
      return { behaviour: 'canned-answer', echoTrace: chance.happens(0.8) }
    case 'gateway-default':
      return { behaviour: 'gateway-default' }
    case 'stale-replica':
      // Half of them do not say for which day they answer: what they say is then what the payer would have said some weeks ago.
      return { behaviour: 'stale-replica', ageDays: chance.whole(20, 500), tellsDay: chance.happens(0.5) }
  }
}
