import { posix } from 'node:path'
import { expect } from 'chai'
import { barriers } from '../kit/barriers.ts'
import { type ImportRule, importTable } from './imports.ts'
import { type ImportLine, importsOf, read, trackedFiles } from './scan.ts'

const isTest = (file: string) =>
  /\.(spec|check|bench|claims)\.ts$|\/contract-suite\.ts$/.test(file) || /(^|\/)(test|testing|fixtures|bench|claims|fuzz)(\/|\.ts$)/.test(file)
const isMain = (file: string) => /(^|\/)main\.ts$/.test(file)
const isGenerated = (file: string) => /\.gen\.ts$|(^|\/)generated\//.test(file)
const workspaceNames = ['core', 'db', 'hub', 'adapters', 'nodes', 'flows', 'api', 'ui', 'docker', 'evidence']

/** `./x.ts` in hub/bus/a.ts -> `@heliox/hub/bus/x.ts`; so that a relative path cannot dodge the table. */
function resolved(file: string, from: string): string {
  if (!from.startsWith('.')) return from
  return `@heliox/${posix.normalize(posix.join(posix.dirname(file), from))}`
}

function ruleFor(file: string): ImportRule | undefined {
  return [...importTable].filter((r) => file.startsWith(`${r.folder}/`)).sort((a, b) => b.folder.length - a.folder.length)[0]
}

/** Undefined when the import is fine, else why not. */
export function breach(file: string, line: ImportLine): string | undefined {
  const rule = ruleFor(file)
  if (!rule) return `${file}: no row in the import table for this folder`
  const target = resolved(file, line.from)
  const wrong = `${file} imports '${line.from}': ${rule.instead}`
  if (target.startsWith('node:')) return rule.node === 'any' || rule.node.includes(target) ? undefined : wrong
  if (!target.startsWith('@heliox/')) {
    const name = target
      .split('/')
      .slice(0, target.startsWith('@') ? 2 : 1)
      .join('/')
    return line.typeOnly || rule.packages.includes(name) ? undefined : wrong
  }
  const path = target.slice('@heliox/'.length)
  if (path.startsWith(`${rule.folder}/`)) return partnerBreach(file, path)
  const folder = path.split('/')[0] ?? ''
  const own = file.split('/')[0]
  const allowed = rule.workspace.some((w) => target === w || target.startsWith(`${w}/`))
  if (allowed) return partnerBreach(file, path)
  if (rule.folder === 'ui/src' && line.typeOnly && folder === 'core') return undefined
  // The adapter registry is data: its types may be named anywhere in hub.
  if (line.typeOnly && (own === 'hub' || own === 'nodes') && folder === 'adapters') return undefined
  return wrong
}

/** One partner never imports another; an adapter never a simulator's code (`sim/`, `sim-*.ts`); a simulator never an adapter's. */
function partnerBreach(file: string, path: string): string | undefined {
  const [here, partner, area] = file.split('/')
  const [there, otherPartner, otherArea] = path.split('/')
  if (here !== 'adapters' || there !== 'adapters' || !partner || partner.endsWith('.ts') || !otherPartner) return undefined
  if (otherPartner.endsWith('.ts')) {
    if (area !== 'sim' && otherPartner.startsWith('sim-')) return `${file} imports ${path}: an adapter never imports its simulator`
    if (area === 'sim' && !otherPartner.startsWith('sim-'))
      return `${file} imports ${path}: a simulator shares no code with its adapter, it would share the bug`
    return undefined
  }
  if (partner !== otherPartner) return `${file} imports ${path}: a partner is a folder, and folders do not know each other`
  if (area !== 'sim' && otherArea === 'sim') return `${file} imports ${path}: an adapter never imports its simulator`
  if (area === 'sim' && otherArea !== 'sim') return `${file} imports ${path}: a simulator shares no code with its adapter, it would share the bug`
  return undefined
}

describe('tidy', () => {
  const sources = trackedFiles(/^(core|db|hub|adapters|nodes|flows|api|ui|docker|evidence)\/.*\.(ts|tsx)$/)

  it('reads the tree it is meant to read', () => {
    expect(sources.length).to.be.greaterThan(60)
    for (const name of workspaceNames)
      expect(
        importTable.some((r) => r.folder === name),
        name,
      ).to.equal(true)
  })

  it('imports only what the table allows', () => {
    const breaches = sources
      .filter((file) => !isTest(file) && !isMain(file) && !isGenerated(file))
      .flatMap((file) => importsOf(read(file)).map((line) => breach(file, line)))
      .filter((text) => text !== undefined)
    expect(breaches.join('\n')).to.equal('')
  })

  it('refuses what the table does not name', () => {
    expect(breach('core/billing/model.ts', { from: 'pg', typeOnly: false })).to.include('core holds meaning only')
    expect(breach('core/billing/model.ts', { from: '../../db/index.ts', typeOnly: false })).to.include('core holds meaning only')
    expect(breach('api/app.ts', { from: 'amqplib', typeOnly: false })).to.include('never calls a partner or the bus')
    expect(breach('adapters/stripe/adapter.ts', { from: './sim/server.ts', typeOnly: false })).to.include('never imports its simulator')
    expect(breach('adapters/stripe/adapter.ts', { from: '../sim-page.ts', typeOnly: false })).to.include('never imports its simulator')
    expect(breach('adapters/stripe/sim/main.ts', { from: '../adapter.ts', typeOnly: false })).to.include('would share the bug')
    expect(breach('adapters/stripe/sim/main.ts', { from: '../../registry.ts', typeOnly: false })).to.include('would share the bug')
    expect(breach('adapters/stripe/sim/control.ts', { from: '../../sim-faults.ts', typeOnly: false })).to.equal(undefined)
    expect(breach('adapters/stripe/adapter.ts', { from: '../fhir/adapter.ts', typeOnly: false })).to.include('do not know each other')
    expect(breach('ui/src/ops/list.tsx', { from: '@heliox/core/kit', typeOnly: false })).to.include('types (only)')
    expect(breach('ui/src/ops/list.tsx', { from: '@heliox/core/kit', typeOnly: true })).to.equal(undefined)
  })

  it('keeps node-x12 to tests', () => {
    const users = sources.filter((file) => importsOf(read(file)).some((line) => line.from === 'node-x12'))
    expect(users.filter((file) => !isTest(file)).join()).to.equal('')
  })

  it('takes the time from the clock that was handed in', () => {
    // The clock itself, the supervisor, the evidence and the simulators have their own time.
    const free = /^(hub\/clock|docker|evidence|core\/tidy)\/|^adapters\/sim-clock\.ts$|\/(sim|embedded)\//
    const offenders = sources
      .filter((file) => !free.test(file) && !isTest(file) && !isGenerated(file) && !file.startsWith('ui/'))
      .flatMap((file) =>
        read(file)
          .split('\n')
          .map((text, index) => ({ text: text.replace(/\/\/.*$|^\s*\*.*$/, ''), at: `${file}:${index + 1}` }))
          .filter(
            ({ text }) =>
              /\bDate\.now\(\)|\bnew Date\(\)/.test(text) ||
              (/\b(now\(\)|current_timestamp|clock_timestamp\(\))/i.test(text) && !/recorded_at|clock\.now\(\)|\.now\(\)|now\(\): Date/i.test(text)),
          )
          .map(({ text, at }) => `${at} ${text.trim()}`),
      )
    expect(offenders.join('\n'), 'use the Clock that main.ts hands in, or a `now` parameter').to.equal('')
  })

  it('has no file that nothing reaches', () => {
    const reached = new Set<string>()
    for (const file of trackedFiles(/\.(ts|tsx|js|html)$/)) {
      const text = read(file)
      for (const { from } of importsOf(text)) {
        if (from.startsWith('.')) reached.add(posix.normalize(posix.join(posix.dirname(file), from)))
        if (from.startsWith('@heliox/')) reached.add(`${from.slice('@heliox/'.length)}.ts`)
      }
      for (const match of text.matchAll(/['"(`]\.{0,2}\/?((?:[\w.-]+\/)*[\w.-]+\.tsx?)['")`]/g)) {
        const name = match[1] ?? ''
        reached.add(name)
        reached.add(posix.normalize(posix.join(posix.dirname(file), name)))
        reached.add(posix.normalize(posix.join(posix.dirname(file), '..', name)))
      }
    }
    const named = [read('Makefile'), read('package.json')].join('\n')
    const entry = (file: string) =>
      isTest(file) ||
      isMain(file) ||
      isGenerated(file) ||
      /(^|\/)index\.ts$/.test(file) ||
      /\.d\.ts$/.test(file) ||
      /^db\/migrations\//.test(file) ||
      named.includes(file) ||
      /vite\.config\.ts$/.test(file)
    const exported = workspaceNames.flatMap((name) =>
      Object.values((JSON.parse(read(`${name}/package.json`)) as { exports?: Record<string, string> }).exports ?? {}).map((path) => posix.join(name, path)),
    )
    const dead = sources.filter((file) => !entry(file) && !reached.has(file) && !exported.includes(file))
    expect(dead.join('\n'), 'delete it, or use it').to.equal('')
  })

  it('can stop a process at every barrier of the list, and at no other', () => {
    const stops = sources.filter((file) => !isTest(file)).flatMap((file) => [...read(file).matchAll(/\bstop\('([a-z-]+)'/g)].map((m) => m[1]))
    expect([...new Set(stops)].sort()).to.deep.equal([...barriers].sort())
  })

  it('holds no secret and no path of one machine', () => {
    const texts = trackedFiles(/\.(ts|tsx|js|json|md|yml|yaml|html|css|sh)$|^Makefile$|^\.ci\/run$/).filter((file) => file !== 'package-lock.json')
    const patterns = [
      /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
      /\bsk_live_[A-Za-z0-9]{8,}/,
      /\bAKIA[0-9A-Z]{16}\b/,
      /\bgh[pousr]_[A-Za-z0-9]{30,}/,
      /\bxox[abp]-[0-9A-Za-z-]{10,}/,
      /(^|[^A-Za-z0-9._-])\/(work|home|farm)\/[a-z]/,
      /\/root\/[a-z.]/,
    ]
    const hits = texts
      .filter((file) => file !== 'core/tidy/tidy.check.ts')
      .flatMap((file) => patterns.filter((p) => p.test(read(file))).map((p) => `${file}: ${p}`))
    expect(hits.join('\n')).to.equal('')
  })
})
