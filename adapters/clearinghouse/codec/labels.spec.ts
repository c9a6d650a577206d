import { expect } from 'chai'
import { coder, labelOf, optionalCoder, rowOf } from './coder.ts'
import { type LabelTable, labels } from './labels.ts'

describe('Words for codes', () => {
  for (const [name, rows] of Object.entries(labels) as [LabelTable, Record<string, string>][])
    it(`of ${name} are found by their code, are short, and are ours`, () => {
      const read = coder(name)
      for (const [code, label] of Object.entries(rows)) {
        expect(code, name).to.match(/^[0-9A-Z]{1,3}$/)
        expect(label, code).to.match(/^[A-Za-z0-9][^.;\n]{1,59}(; do not ask again)?$/)
        expect(read(code)).to.deep.equal({ code, label })
      }
    })
  it('are none for a code that is not known, which passes as it is', () => {
    for (const code of ['', 'Q9', 'zz', '~', '0', '00', '1 ', 'é', 'ÀÀ', '\u0000', 'constructor', '__proto__', '30x', '303', '!!', '3^'])
      expect(coder('serviceType')(code), code).to.deep.equal({ code })
  })
  it('are told apart by every character of the code', () => {
    expect(labelOf('serviceType', '1')).not.to.equal(labelOf('serviceType', '12'))
    expect(labelOf('level', 'EC')).to.equal(undefined)
    expect(labelOf('level', 'ECH')).to.equal('employee and children')
  })
  it('are absent for what is absent', () => {
    expect([optionalCoder('level')(undefined), optionalCoder('level')('')]).to.deep.equal([undefined, undefined])
  })
  it('are shared, so nobody can write to them', () => {
    expect(() => Object.assign(coder('eb01')('1'), { label: 'x' })).to.throw(TypeError)
  })
})

describe('A row of a table', () => {
  it('is never what an object has from its prototype', () => {
    for (const code of ['constructor', 'toString', '__proto__', undefined]) expect(rowOf({ A: 1 }, code), String(code)).to.equal(undefined)
    expect(rowOf({ A: 1 }, 'A')).to.equal(1)
  })
})
