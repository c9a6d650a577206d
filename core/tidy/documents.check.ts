import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import { expect } from 'chai'
import { read, root, trackedFiles } from './scan.ts'

describe('documents', () => {
  const pages = trackedFiles(/\.md$/)

  it('give a reason for every dependency, and for nothing else', () => {
    const manifest = JSON.parse(read('package.json')) as Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>
    const installed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies), ...Object.keys(manifest.optionalDependencies)]
    const rows = [...read('evidence/decisions/0005-dependencies.md').matchAll(/^\| ([^|]+) \| [^|]+ \|$/gm)].flatMap((m) =>
      (m[1] ?? '').split(', ').map((name) => name.trim()),
    )
    expect(rows.filter((name) => !['package', '---'].includes(name)).sort()).to.deep.equal(installed.sort())
  })

  it('pin every version exactly', () => {
    const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      for (const [name, version] of Object.entries(manifest[kind] ?? {})) expect(version, name).to.match(/^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/)
    }
  })

  it('link only to files that exist', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)]*)?\)/g)]
        .map((m) => posix.normalize(posix.join(posix.dirname(page), m[1] ?? '')))
        .filter((target) => !existsSync(`${root}${target}`))
        .map((target) => `${page} -> ${target}`),
    )
    expect(broken.join('\n')).to.equal('')
  })

  it('name only make targets and scripts that exist', () => {
    const makefile = read('Makefile')
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts)
    const wrong = pages.flatMap((page) => [
      ...[...read(page).matchAll(/`(?:[A-Z_]+=\S+ )*make ([a-z]+)/g)]
        .filter((m) => !new RegExp(`^${m[1]}:`, 'm').test(makefile))
        .map((m) => `${page}: make ${m[1]}`),
      ...[...read(page).matchAll(/npm run (?:-s )?([a-z]+)/g)].filter((m) => !scripts.includes(m[1] ?? '')).map((m) => `${page}: npm run ${m[1]}`),
    ])
    expect(wrong.join('\n')).to.equal('')
  })

  it('have a BEHAVIOR.md for every partner', () => {
    const partners = [...new Set(trackedFiles(/^adapters\/[a-z-]+\/adapter\.ts$/).map((file) => posix.dirname(file)))]
    expect(partners.length).to.be.greaterThan(0)
    for (const partner of partners) expect(existsSync(`${root}${partner}/BEHAVIOR.md`), `${partner}/BEHAVIOR.md`).to.equal(true)
  })

  it('lead from the name of every incident, as people read it, to a page', () => {
    const names = [...read('ui/src/shared/messages/incident-words.ts').matchAll(/^ {4,6}name: '([^']+)',$/gm)].map((m) => m[1] ?? '')
    expect(names.length).to.be.greaterThan(15)
    const index = read('runbooks/README.md')
    expect(names.filter((name) => !index.includes(`*${name}*`)).join('\n')).to.equal('')
  })

  it('lead to every runbook from their index', () => {
    const index = read('runbooks/README.md')
    const pages = trackedFiles(/^runbooks\/(partners\/)?[^/]+\.md$/).map((page) => page.slice('runbooks/'.length))
    expect(pages.filter((page) => page !== 'README.md' && !index.includes(`(${page})`)).join('\n')).to.equal('')
  })
})
