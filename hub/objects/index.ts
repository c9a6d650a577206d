export { makeObjects, type ObjectSettings, type Objects, objectSettings } from './objects.ts'
