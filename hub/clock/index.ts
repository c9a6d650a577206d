export { followedClock } from './followed.ts'
export { openClock } from './open-clock.ts'
export { systemClock } from './system.ts'
