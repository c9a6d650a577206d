import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { editorHtml } from './editor-html.ts'
import { hubPalette, hubSets } from './specs.ts'

const root = join(import.meta.dirname, '..')

/**
 * Node-RED loads a set as one `.js` and the `.html` of the same name beside it, so the file must be `.js`; it only names its
 * set, and `nodes/index.ts` registers what the specs say.
 */
const shim = (set: string): string => `// Generated from the node specs, do not edit; make gen writes it.
import { registerAll } from '@heliox/nodes'

export default (RED) => registerAll(RED, '${set}')
`

/** Content by path from the root of the repository; `package.json` keeps all but its list of node sets. */
export function generate(): Record<string, string> {
  const files: Record<string, string> = {}
  for (const [set, specs] of hubSets) {
    files[`nodes/generated/${set}.js`] = shim(set)
    files[`nodes/generated/${set}.html`] = editorHtml(specs, hubPalette)
  }
  const manifest = JSON.parse(readFileSync(join(root, 'nodes/package.json'), 'utf8'))
  manifest['node-red'].nodes = Object.fromEntries([...hubSets.keys()].map((set) => [set, `generated/${set}.js`]))
  files['nodes/package.json'] = `${JSON.stringify(manifest, null, 2)}\n`
  return files
}

/** Files in the folder that nothing generates any more: a set whose adapter is gone. */
export function leftovers(): string[] {
  const wanted = Object.keys(generate())
  return readdirSync(join(root, 'nodes/generated'))
    .map((name) => `nodes/generated/${name}`)
    .filter((path) => !wanted.includes(path))
}

if (import.meta.main) {
  for (const [path, content] of Object.entries(generate())) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  for (const path of leftovers()) rmSync(join(root, path))
}
