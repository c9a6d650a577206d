import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { SimJournal } from './sim-journal.ts'

/** A memory of names, in order, and how often each was greeted. */
function greeter(path: string | undefined) {
  const journal = new SimJournal()
  const times = new Map<string, number>()
  const greet = journal.change('greet', (name: string) => {
    times.set(name, (times.get(name) ?? 0) + 1)
  })
  const forget = journal.change('forget', () => times.clear())
  const isOld = journal.open(path)
  return { journal, greet, forget, isOld, times: () => Object.fromEntries(times) }
}

describe('The journal of a simulator', () => {
  let folder = ''
  let path = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sim-journal-'))
    path = join(folder, 'a.journal')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('brings back every change, in its order', () => {
    const first = greeter(path)
    first.greet('Ada')
    first.forget()
    for (const name of ['Núñez', 'Ada', 'Ada']) first.greet(name)
    const second = greeter(path)
    expect([first.isOld, second.isOld, second.times()]).to.deep.equal([false, true, { Núñez: 1, Ada: 2 }])
    second.greet('Ada')
    expect(greeter(path).times()).to.deep.equal({ Núñez: 1, Ada: 3 })
  })
  it('keeps nothing without a path', () => {
    const one = greeter(undefined)
    one.greet('Ada')
    expect([one.times(), greeter(undefined).times()]).to.deep.equal([{ Ada: 1 }, {}])
  })
  it('writes what belongs together as one line, also when the work fails half way', () => {
    const { journal, greet } = greeter(path)
    journal.together(() => journal.together(() => greet('Ada')) ?? greet('Kit'))
    expect(() =>
      journal.together(() => {
        greet('Rosa')
        throw new Error('half way')
      }),
    ).to.throw('half way')
    expect(readFileSync(path, 'utf8')).to.equal('[["greet","Ada"],["greet","Kit"]]\n[["greet","Rosa"]]\n')
  })
  it('drops a last line that was cut off, wherever it was cut, and goes on behind the one before', () => {
    const { journal, greet } = greeter(path)
    greet('Ada')
    const before = readFileSync(path)
    journal.together(() => ['Núñez', 'Kit'].map(greet))
    const whole = readFileSync(path)
    for (let cut = before.length; cut < whole.length; cut += 1) {
      writeFileSync(path, whole.subarray(0, cut))
      const again = greeter(path)
      expect(again.times(), `cut at ${cut}`).to.deep.equal({ Ada: 1 })
      again.greet('Ada')
      expect(greeter(path).times(), `cut at ${cut}, and on`).to.deep.equal({ Ada: 2 })
    }
  })
  it('ends the process when a line cannot be written, also in the middle of it: what was said until then is there', () => {
    const script = `
      const { SimJournal } = await import(${JSON.stringify(new URL('./sim-journal.ts', import.meta.url).href)})
      const journal = new SimJournal()
      const greet = journal.change('greet', () => undefined)
      journal.open(${JSON.stringify(path)})
      for (let n = 0; ; n += 1) {
        greet('person-' + n)
        console.log(n)
      }`
    // A file may be 1,024 bytes long: the kernel writes that much of the line, then no more.
    const { stdout, status } = spawnSync('bash', ['-c', 'ulimit -f 1; exec "$0" --input-type=module -e "$1"', process.execPath, script], { encoding: 'utf8' })
    expect(status).not.to.equal(0)
    const torn = readFileSync(path, 'utf8')
    expect([torn.length, torn.endsWith('\n')]).to.deep.equal([1_024, false])
    const said = stdout.trim().split('\n')
    expect(said.length).to.be.greaterThan(10)
    expect(greeter(path).times()).to.deep.equal(Object.fromEntries(said.map((n) => [`person-${n}`, 1])))
  })
  it('refuses what it did not write: a guess would be an effect that never was', () => {
    greeter(path).greet('Ada')
    for (const line of ['{', '{}', '["greet"]', '[["wave","Ada"]]']) {
      const whole = readFileSync(path)
      appendFileSync(path, `${line}\n[["greet","Kit"]]\n`)
      expect(() => greeter(path), line).to.throw('is no journal of this simulator, or is damaged')
      writeFileSync(path, whole)
    }
  })
  it('does not let two parts use one name', () => {
    const { journal } = greeter(path)
    expect(() => journal.change('greet', () => undefined)).to.throw('two changes')
  })
})
