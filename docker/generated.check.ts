import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { generated } from './local/generated.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

describe('generated files', () => {
  it('are what `make gen` would write', async () => {
    const files = await generated()
    expect(Object.keys(files).length).to.be.greaterThan(8)
    const stale = Object.entries(files).filter(([path, content]) => !existsSync(root + path) || readFileSync(root + path, 'utf8') !== content)
    expect(stale.map(([path]) => path).join('\n'), 'run `make gen` and commit').to.equal('')
  }).timeout(60_000)
})
