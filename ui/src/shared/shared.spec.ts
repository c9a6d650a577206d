import { expect } from 'chai'
import { contrastWithWhite } from './brand.ts'
import { urlOf } from './http.ts'
import { blankOf, cleaned, type FormSchema, schemaProblems, shapeOf, switchedTo, Unparsed } from './schema.ts'
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

  describe('of objects that one of their values tells apart', () => {
    const access: FormSchema = {
      oneOf: [
        { type: 'object', title: 'Fixed token', required: ['kind'], properties: { kind: { const: 'bearer' } } },
        {
          ...{ type: 'object', title: 'Signed', required: ['kind', 'clientId', 'keys'] },
          properties: {
            kind: { const: 'signed' },
            clientId: { type: 'string' },
            tokenUrl: { type: 'string' },
            keys: { type: 'array', items: { type: 'string' } },
          },
        },
      ],
    }
    const whole: FormSchema = { type: 'object', required: [], properties: { access } }
    const { control } = shapeOf(access, whole)
    if (control.is !== 'variants') throw new Error(`a ${control.is}`)
    const [bearer, signed] = control.variants
    if (!bearer || !signed) throw new Error('two were given')

    it('is a choice, then the fields of what was chosen', () => {
      expect([control.tag, ...control.variants.map(({ value, label }) => [value, label])]).to.deep.equal([
        'kind',
        ['bearer', 'Fixed token'],
        ['signed', 'Signed'],
      ])
      expect(switchedTo('kind', signed, '', whole)).to.deep.equal({ kind: 'signed', clientId: '', tokenUrl: '', keys: [] })
      expect(blankOf(access, whole), 'nothing is chosen for anybody').to.equal('')
    })
    it('may be left open where the shape allows it, and not where it does not', () => {
      expect(schemaProblems(whole, whole, { access: '' }, 'v', 'v')).to.deep.equal([])
      expect(cleaned(whole, whole, { access: '' })).to.deep.equal({})
      expect(schemaProblems({ ...whole, required: ['access'] }, whole, { access: '' }, 'v', 'v').map(({ id }) => id)).to.deep.equal(['v.access'])
      expect(schemaProblems(whole, whole, { access: { kind: 'another' } }, 'v', 'v').map(({ id }) => id)).to.deep.equal(['v.access'])
    })
    it('checks and sends what was chosen, and keeps what was typed for the other', () => {
      const typed = { ...switchedTo('kind', signed, '', whole), clientId: 'hub' }
      const back = switchedTo('kind', bearer, typed, whole)
      expect(cleaned(whole, whole, { access: back })).to.deep.equal({ access: { kind: 'bearer' } })
      expect(schemaProblems(whole, whole, { access: back }, 'v', 'v')).to.deep.equal([])
      expect(cleaned(whole, whole, { access: switchedTo('kind', signed, back, whole) })).to.deep.equal({
        access: { kind: 'signed', clientId: 'hub', keys: [] },
      })
      expect(schemaProblems(whole, whole, { access: { ...typed, clientId: '' } }, 'v', 'v').map(({ id }) => id)).to.deep.equal(['v.access.clientId'])
    })
    it('is text where nothing tells them apart', () => {
      const same = [1, 2].map(() => ({ type: 'object', required: ['kind'], properties: { kind: { const: 'one' } } }))
      expect(shapeOf({ anyOf: same }, {}).control.is).to.equal('json')
      const open = ['a', 'b'].map((kind) => ({ type: 'object', properties: { kind: { const: kind } } }))
      expect(shapeOf({ anyOf: open }, {}).control.is, 'one may be without').to.equal('json')
    })
  })

  it('lets a shape it has no control for be edited as JSON, and refuses text that is none', () => {
    expect(shapeOf({}, {}).control.is).to.equal('json')
    expect(schemaProblems({}, {}, new Unparsed('{'), 'v', 'value')).to.have.length(1)
  })
})
