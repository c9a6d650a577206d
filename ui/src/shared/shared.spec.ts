import { expect } from 'chai'
import { contrastWithWhite } from './brand.ts'
import { urlOf } from './http.ts'
import { blankOf, cleaned, type FormSchema, schemaProblems, shapeOf, Unparsed } from './schema.ts'
import { addDays, instantIn, span } from './time.ts'

describe('a clinic’s colour', () => {
  it('is measured against white, and nonsense has no contrast', () => {
    expect(contrastWithWhite('#000000')).to.equal(21)
    expect(contrastWithWhite('#0f5c78')).to.be.greaterThan(4.5)
    expect(contrastWithWhite('#ffd700')).to.be.lessThan(4.5)
    expect(contrastWithWhite('red; background: url(x)')).to.equal(0)
  })
})

describe('time on a screen', () => {
  it('finds the instant of a clinic’s wall clock on both sides of a clock change', () => {
    expect(instantIn('America/Chicago', '2027-03-13', '09:20')).to.equal('2027-03-13T15:20:00.000Z')
    expect(instantIn('America/Chicago', '2027-03-14', '09:20')).to.equal('2027-03-14T14:20:00.000Z')
    expect(instantIn('Europe/Berlin', '2026-10-25', '09:20')).to.equal('2026-10-25T08:20:00.000Z')
    expect(instantIn('America/Chicago', 'soon', '09:20')).to.equal(undefined)
  })
  it('knows no instant for the hour that is left out when clocks go forward', () => {
    expect(instantIn('America/Chicago', '2027-03-14', '02:30')).to.equal(undefined)
    expect(instantIn('America/Chicago', '2027-03-14', '03:00')).to.equal('2027-03-14T08:00:00.000Z')
    expect(instantIn('America/Chicago', '2027-11-07', '01:30')).to.match(/T0[67]:30/)
  })
  it('says spans the way people do', () => {
    expect([45_000, 12 * 60_000, 185 * 60_000, 52 * 3_600_000].map(span)).to.deep.equal(['45 s', '12 min', '3 h 05', '2 d 4 h'])
  })
  it('counts days over months', () => {
    expect(addDays('2026-12-31', 1)).to.equal('2027-01-01')
    expect(addDays('2026-03-01', -1)).to.equal('2026-02-28')
  })
})

describe('the address of a call', () => {
  it('fills in parts, leaves out what is empty, and escapes both', () => {
    expect(urlOf('/a/{id}/b', { params: { id: 'x/y' }, query: { cause: '', cursor: undefined, limit: 5, q: 'a b' } })).to.equal('/a/x%2Fy/b?limit=5&q=a+b')
  })
})

describe('a form from a schema', () => {
  const schema: FormSchema = {
    type: 'object',
    required: ['name', 'count', 'tags', 'place'],
    properties: {
      name: { type: 'string', minLength: 2, maxLength: 5 },
      count: { type: 'integer', minimum: 1 },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      extra: { type: 'string' },
      kind: { const: 'fixed' },
      tags: { type: 'array', items: { type: 'string' } },
      place: { $ref: '#/$defs/Place' },
    },
    $defs: { Place: { type: 'object', required: ['city'], properties: { city: { type: 'string' } } } },
  }
  it('starts from defaults, nulls and fixed values', () => {
    expect(blankOf(schema, schema)).to.deep.equal({ name: '', count: '', note: null, extra: '', kind: 'fixed', tags: [], place: { city: '' } })
  })
  it('names each control that is missing or wrong, also inside references and lists', () => {
    const value = { name: 'abcdef', count: 0.5, note: null, tags: ['a', ''], place: { city: '' } }
    expect(schemaProblems(schema, schema, value, 'v', 'v').map(({ id }) => id)).to.deep.equal(['v.name', 'v.count', 'v.tags.1', 'v.place.city'])
  })
  it('sends empty optional values as absent, and empty nullable ones as null', () => {
    expect(cleaned(schema, schema, { name: 'abc', count: 2, note: '', extra: '', kind: 'fixed', tags: [], place: { city: 'Austin' } })).to.deep.equal({
      name: 'abc',
      count: 2,
      note: null,
      kind: 'fixed',
      tags: [],
      place: { city: 'Austin' },
    })
  })
  it('gives long words several lines, and one line to what has a form of its own', () => {
    const long = (schema: FormSchema) => {
      const { control } = shapeOf({ type: 'string', maxLength: 500, ...schema }, {})
      return control.is === 'text' && control.long
    }
    expect([long({}), long({ pattern: '^[a-z.]+$' }), long({ format: 'uri' }), long({ maxLength: 40 })]).to.deep.equal([true, false, false, false])
  })

  it('lets a shape it has no control for be edited as JSON, and refuses text that is none', () => {
    expect(shapeOf({}, {}).control.is).to.equal('json')
    expect(schemaProblems({}, {}, new Unparsed('{'), 'v', 'value')).to.have.length(1)
  })
})
