import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/**
 * Builds the screens into `ui/dist`. Promise: a second call with the same sources does nothing, and a build that is running
 * never leaves a half-written `dist` for an api that serves it (it is written aside and renamed into place).
 */
const here = fileURLToPath(new URL('.', import.meta.url))
const dist = join(here, 'dist')
const stampFile = join(dist, 'stamp.txt')

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Hash of everything that decides the output: sources, pages, build files, and the versions of what is bundled. */
function stamp(): string {
  const top = readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(here, entry.name))
  const files = [...top, ...filesUnder(join(here, 'src')), ...filesUnder(join(here, 'public')), join(here, '..', 'package.json')].sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(file.slice(here.length)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

/** Beside each file what it is when it is packed: the api sends that to a browser that takes it, and packs nothing itself. */
function pack(folder: string): void {
  for (const file of filesUnder(folder).filter((name) => /\.(js|css|svg)$/.test(name))) {
    const bytes = readFileSync(file)
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }))
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  }
}

/** Returns `fresh` when there was nothing to do. */
export async function buildUi(): Promise<'built' | 'fresh'> {
  const wanted = stamp()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return 'fresh'
  const { build } = await import('vite')
  const aside = join(here, '.state', `dist-${process.pid}`)
  const old = join(here, '.state', `old-${process.pid}`)
  try {
    await build({ configFile: join(here, 'vite.config.ts'), logLevel: 'warn', build: { outDir: aside } })
    pack(aside)
    writeFileSync(join(aside, 'stamp.txt'), wanted)
    mkdirSync(join(here, '.state'), { recursive: true })
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(aside, dist)
  } finally {
    rmSync(aside, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
  return 'built'
}

if (import.meta.main) {
  const startedAt = performance.now()
  const outcome = await buildUi()
  process.stdout.write(`ui ${outcome} in ${Math.round(performance.now() - startedAt)} ms\n`)
}
