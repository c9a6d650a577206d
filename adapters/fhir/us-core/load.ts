import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { extract } from 'tar-stream'
import { type Structure, trimStructure } from '../validation/trim.ts'
import { type LoadedPackage, packageFile } from './packages.ts'
import { type UsCoreVersion, usCoreVersions } from './versions.ts'

/**
 * A US Core package in the FHIR package format: a gzipped tar with everything below `package/`. The file comes from outside, so
 * there is a limit on each thing it can be too much of, and nothing of it is ever written under a name of its own.
 */
export const packageLimits = { fileBytes: 64 * 1024 * 1024, unpackedBytes: 256 * 1024 * 1024, entryBytes: 16 * 1024 * 1024, entries: 20_000 }
const inMb = (bytes: number): string => `${bytes / 1024 / 1024} MB`

/** What is wrong with the file, in words for the operator. */
class PackageError extends Error {}

const wanted = /^package\/(?:package|StructureDefinition-[A-Za-z0-9.-]{1,64})\.json$/
export async function readPackage(file: string, limits = packageLimits): Promise<LoadedPackage> {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size
  if (bytes === undefined) throw new PackageError('There is no such file.')
  if (bytes > limits.fileBytes) throw new PackageError(`It has more than ${inMb(limits.fileBytes)}.`)
  const entries = await unpack(file, limits)
  const about = entries.get('package/package.json') as { name?: unknown; version?: unknown } | undefined
  if (!about) throw new PackageError('It holds no package/package.json: this is no FHIR package.')
  if (about.name !== 'hl7.fhir.us.core') throw new PackageError('It is a FHIR package, but not of US Core (hl7.fhir.us.core).')
  const version = usCoreVersions.find((v): v is UsCoreVersion => v !== 'none' && v === about.version)
  if (!version)
    throw new PackageError(`It is US Core of a version that the hub does not know. Known: ${usCoreVersions.filter((v) => v !== 'none').join(', ')}.`)
  entries.delete('package/package.json')
  const structures = needed([...entries.values()] as Structure[])
  return { name: 'hl7.fhir.us.core', version, structures: structures.map(trimStructure) }
}

const damaged = () => new PackageError('It cannot be unpacked: it is damaged, or not a gzipped tar.')
async function unpack(file: string, limits: typeof packageLimits): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>()
  const tar = extract()
  // What goes wrong is thrown out of the loop below as well; an event that nobody hears would end the process.
  tar.on('error', () => undefined)
  tar.end(inflate(readFileSync(file), limits))
  let entries = 0
  try {
    for await (const entry of tar) {
      entries += 1
      if (entries > limits.entries) throw new PackageError(`It holds more than ${limits.entries} files.`)
      const { name, type, size = 0 } = entry.header
      if (type !== 'file' || !wanted.test(name)) {
        entry.resume()
        continue
      }
      if (size > limits.entryBytes) throw new PackageError(`One of its definitions has more than ${inMb(limits.entryBytes)}.`)
      found.set(name, parsed(await text(entry)))
    }
  } catch (error) {
    throw error instanceof PackageError ? error : damaged()
  }
  return found
}
function inflate(bytes: Buffer, { unpackedBytes }: typeof packageLimits): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: unpackedBytes })
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? new PackageError(`It unpacks to more than ${inMb(unpackedBytes)}.`) : damaged()
  }
}
function parsed(definition: string): unknown {
  try {
    return JSON.parse(definition)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new PackageError('One of its definitions is not JSON.')
  }
}

const profiles = ['us-core-patient', 'us-core-coverage'].map((name) => `http://hl7.org/fhir/us/core/StructureDefinition/${name}`)
/** The profiles of what is written, and the extensions that they name. */
function needed(all: Structure[]): Structure[] {
  const byUrl = new Map(all.filter((s) => s?.resourceType === 'StructureDefinition' && Array.isArray(s.snapshot?.element)).map((s) => [s.url, s]))
  const taken = new Map<string, Structure>()
  const take = (url: string) => {
    const structure = byUrl.get(url)
    if (!structure || taken.has(url)) return
    taken.set(url, structure)
    for (const element of structure.snapshot.element)
      for (const type of element.type ?? []) if (type.code === 'Extension') for (const p of type.profile ?? []) take(p)
  }
  for (const url of profiles) {
    if (!byUrl.has(url)) throw new PackageError(`It holds no profile ${url.split('/').at(-1)} with a snapshot.`)
    take(url)
  }
  return [...taken.values()]
}

/** `fhir load FILE`: 0 when it was kept. A package of the same version that was there is replaced, whole or not at all. */
export async function loadInTerminal(
  [file]: string[],
  folder: string,
  terminal: { say(text: string): Promise<void>; complain(text: string): void },
): Promise<number> {
  if (!file) {
    terminal.complain('fhir load needs a file: a US Core package (.tgz)\n')
    return 2
  }
  try {
    const loaded = await readPackage(file)
    mkdirSync(folder, { recursive: true })
    const target = packageFile(folder, loaded.version)
    writeFileSync(`${target}.new`, JSON.stringify(loaded))
    renameSync(`${target}.new`, target)
    await terminal.say(`US Core ${loaded.version}: ${loaded.structures.map((s) => s.name).join(', ')}\nkept in ${target}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof PackageError)) throw error
    terminal.complain(`${file}: ${error.message}\n`)
    return 1
  }
}
