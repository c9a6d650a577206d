// Node-RED loads .js and derives the .html beside it from its name; the node itself is TypeScript.
import { registerFigures } from '../node.ts'

export default (RED) => registerFigures(RED)
