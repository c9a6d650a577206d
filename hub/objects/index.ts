export { makeObjects, type ObjectSettings, type Objects, objectSettings } from './objects.ts'
export { makePass, type Pass, type PassFacts } from './pass.ts'
