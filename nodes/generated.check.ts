import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { generate, leftovers } from './gen.ts'

describe('generated nodes', () => {
  for (const [path, content] of Object.entries(generate())) {
    it(`${path} is what make gen writes`, () => {
      expect(readFileSync(join(import.meta.dirname, '..', path), 'utf8'), `run make gen and commit ${path}`).to.equal(content)
    })
  }
  it('leaves no file of a set that is gone', () => {
    expect(leftovers(), 'run make gen').to.deep.equal([])
  })
})
