import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { pack } from 'tar-stream'
import { loadInTerminal, packageLimits, readPackage } from './load.ts'
import { loadedPackage } from './packages.ts'

const base = 'http://hl7.org/fhir/us/core/StructureDefinition'
const element = (id: string, more: object = {}) => ({ id, path: id, min: 0, max: '1', definition: 'A long text that nobody validates with.', ...more })
const structure = (name: string, type: string, elements: object[]) =>
  JSON.stringify({
    resourceType: 'StructureDefinition',
    url: `${base}/${name}`,
    name,
    type,
    version: '6.1.0',
    text: { div: 'long' },
    snapshot: { element: elements },
  })
const race = { type: [{ code: 'Extension', profile: [`${base}/us-core-race`] }] }
const whole: Record<string, string> = {
  'package/package.json': JSON.stringify({ name: 'hl7.fhir.us.core', version: '6.1.0' }),
  'package/StructureDefinition-us-core-patient.json': structure('us-core-patient', 'Patient', [element('Patient'), element('Patient.extension:race', race)]),
  'package/StructureDefinition-us-core-coverage.json': structure('us-core-coverage', 'Coverage', [element('Coverage')]),
  'package/StructureDefinition-us-core-race.json': structure('us-core-race', 'Extension', [element('Extension')]),
  'package/StructureDefinition-us-core-goal.json': structure('us-core-goal', 'Goal', [element('Goal')]),
  'package/example/Patient-example.json': '{ not JSON, and nobody reads it',
  '../../evil.json': '{}',
}

describe('fhir load', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/us-core-`)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  async function packed(entries: Record<string, string>): Promise<string> {
    const tar = pack()
    for (const [name, content] of Object.entries(entries)) tar.entry({ name }, content)
    tar.finalize()
    const file = `${folder}/package.tgz`
    writeFileSync(file, gzipSync(await buffer(tar)))
    return file
  }
  async function load(file?: string) {
    let said = ''
    let complained = ''
    const code = await loadInTerminal(file === undefined ? [] : [file], `${folder}/kept`, {
      say: async (text) => {
        said += text
      },
      complain: (text) => {
        complained += text
      },
    })
    return { code, said, complained }
  }

  it('keeps the profiles of what is written and the extensions they name, without the prose', async () => {
    const { code, said, complained } = await load(await packed(whole))
    expect([code, complained]).to.deep.equal([0, ''])
    expect(said).to.contain('US Core 6.1.0: us-core-patient, us-core-race, us-core-coverage')
    expect(readdirSync(`${folder}/kept`)).to.deep.equal(['us-core-6.1.0.json'])
    expect(readFileSync(`${folder}/kept/us-core-6.1.0.json`, 'utf8')).to.not.match(/long|Goal/)
    expect(loadedPackage('6.1.0', `${folder}/kept`)?.structures.map((s) => s.name)).to.deep.equal(['us-core-patient', 'us-core-race', 'us-core-coverage'])
  })
  it('writes nothing where a name in the package points', async () => {
    await load(await packed(whole))
    expect(existsSync(`${folder}/../evil.json`) || existsSync(`${folder}/../../evil.json`)).to.equal(false)
  })
  it('replaces what was loaded before, and leaves it as it was when the new file is bad', async () => {
    await load(await packed(whole))
    const before = readFileSync(`${folder}/kept/us-core-6.1.0.json`, 'utf8')
    await load(await packed({ ...whole, 'package/StructureDefinition-us-core-coverage.json': '{ no' }))
    expect(readFileSync(`${folder}/kept/us-core-6.1.0.json`, 'utf8')).to.equal(before)
  })

  const { 'package/package.json': _, ...nameless } = whole
  const { 'package/StructureDefinition-us-core-coverage.json': __, ...partial } = whole
  const bad: [string, Record<string, string>, RegExp][] = [
    ['no package.json', nameless, /no FHIR package/],
    ['another package', { ...whole, 'package/package.json': '{"name":"hl7.fhir.r4.core","version":"4.0.1"}' }, /not of US Core/],
    [
      'a version that the hub does not know',
      { ...whole, 'package/package.json': '{"name":"hl7.fhir.us.core","version":"3.1.1"}' },
      /Known: 6\.1\.0, 7\.0\.0, 8\.0\.0/,
    ],
    ['a profile missing', partial, /no profile us-core-coverage/],
    [
      'a profile without a snapshot',
      { ...whole, 'package/StructureDefinition-us-core-coverage.json': '{"resourceType":"StructureDefinition"}' },
      /no profile us-core-coverage/,
    ],
    ['a definition that is not JSON', { ...whole, 'package/StructureDefinition-us-core-goal.json': '{ no' }, /not JSON/],
    [
      'a definition that is nothing',
      { ...whole, 'package/StructureDefinition-us-core-goal.json': 'null', 'package/StructureDefinition-us-core-patient.json': '[]' },
      /no profile us-core-patient/,
    ],
  ]
  for (const [what, entries, complaint] of bad)
    it(`refuses a package with ${what}`, async () => {
      const { code, said, complained } = await load(await packed(entries))
      expect([code, said]).to.deep.equal([1, ''])
      expect(complained).to.match(complaint)
      expect(existsSync(`${folder}/kept`)).to.equal(false)
    })

  it('refuses what is no package, half a package, and nothing', async () => {
    const file = await packed(whole)
    const bytes = readFileSync(file)
    for (const content of [Buffer.from('no gzip'), gzipSync('no tar at all'), bytes.subarray(0, bytes.length / 2), Buffer.alloc(0)]) {
      writeFileSync(file, content)
      expect(await load(file)).to.include({ code: 1, said: '' })
    }
    expect((await load(`${folder}/none.tgz`)).complained).to.contain('no such file')
    expect(await load()).to.include({ code: 2 })
  })
  const limits: [keyof typeof packageLimits, number, RegExp][] = [
    ['fileBytes', 100, /has more than/],
    ['unpackedBytes', 4096, /unpacks to more than/],
    ['entryBytes', 100, /definitions has more than/],
    ['entries', 3, /more than 3 files/],
  ]
  for (const [limit, value, complaint] of limits)
    it(`ends where ${limit} is more than it may be`, async () => {
      const file = await packed(whole)
      expect((await readPackage(file)).version).to.equal('6.1.0')
      const problem = await readPackage(file, { ...packageLimits, [limit]: value }).then(
        () => 'nothing',
        (error: Error) => error.message,
      )
      expect(problem).to.match(complaint)
    })
})
