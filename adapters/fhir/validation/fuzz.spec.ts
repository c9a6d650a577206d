import { expect } from 'chai'
import fc from 'fast-check'
import { config } from '../fixtures/visit.ts'
import { refs } from '../fixtures/visit-v2.ts'
import { visitV3 } from '../fixtures/visit-v3.ts'
import { ours } from '../mapping/index.ts'
import { checkOutgoing } from './index.ts'

type Json = Record<string, unknown>
const marker = 'Zyxwvut'
const made = Object.values(ours).map((make) => make(visitV3(), refs, config)) as unknown as Json[]
const pathsOf = (value: unknown, path: (string | number)[] = []): (string | number)[][] => {
  const own = path.length === 0 ? [] : [path]
  if (typeof value !== 'object' || value === null) return own
  return [...own, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, Array.isArray(value) ? Number(key) : key]))]
}
const put = (value: unknown, [step, ...rest]: (string | number)[], into: unknown): unknown => {
  if (step === undefined) return into
  const child = put((value as Json)[step], rest, into)
  return Array.isArray(value) ? value.with(Number(step), child) : { ...(value as Json), [step]: child }
}
/** Everything that can stand where something else belongs; what could be somebody's data is marked. */
const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    0,
    -1.5,
    '',
    ' ',
    [],
    {},
    [null],
    [[]],
    [{}],
    { [marker]: marker },
    marker,
    [marker],
    { reference: marker },
    { coding: marker },
  ),
  fc.string({ maxLength: 20 }).map((text) => `${marker}${text}`),
  fc.jsonValue({ maxDepth: 3 }).map((value) => ({ [marker]: value })),
)

describe('whatever is handed to the check', () => {
  it('is judged without a fault of ours and without a word of what it holds', async () => {
    const broken = fc.constantFrom(...made).chain((resource) => fc.tuple(fc.constant(resource), fc.constantFrom(...pathsOf(resource)), junk))
    await fc.assert(
      fc.asyncProperty(broken, async ([resource, path, value]) => {
        const found = await checkOutgoing(put(resource, path, value), { usCore: '6.1.0' })
        expect(JSON.stringify(found)).to.not.contain(marker)
        for (const { path: at } of found) expect(at.length).to.be.within(1, 120)
      }),
      { numRuns: 300 },
    )
  }).timeout(60_000)

  it('is held where anything at all stands in place of a mandatory element', async () => {
    const mandatory = fc.constantFrom<[Json, string]>(
      [made[1] as Json, 'status'],
      [made[1] as Json, 'beneficiary'],
      [made[1] as Json, 'payor'],
      [made[2] as Json, 'status'],
      [made[2] as Json, 'participant'],
      [made[3] as Json, 'insurer'],
      [made[4] as Json, 'outcome'],
    )
    await fc.assert(
      fc.asyncProperty(mandatory, junk, async ([resource, element], value) => {
        expect(await checkOutgoing({ ...resource, [element]: value }, { usCore: 'none' })).to.not.deep.equal([])
      }),
      { numRuns: 100 },
    )
  }).timeout(60_000)
})
