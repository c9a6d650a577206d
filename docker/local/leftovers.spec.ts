import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect } from 'chai'
import { startChild } from './child.ts'
import { endLeftovers, rememberProcesses } from './leftovers.ts'

describe('what a killed supervisor leaves behind', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/heliox-leftovers-`)
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const idle = () => spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' })

  it('is ended by the next one; who ended before is not remembered', async () => {
    const [lives, gone] = [idle(), idle()]
    gone.kill('SIGKILL')
    await once(gone, 'exit')
    rememberProcesses(folder, [lives.pid as number, gone.pid as number])
    expect((JSON.parse(readFileSync(`${folder}/processes.json`, 'utf8')) as { pid: number }[]).map(({ pid }) => pid)).to.deep.equal([lives.pid])
    const ended = once(lives, 'exit')
    await endLeftovers(folder)
    expect((await ended)[1]).to.equal('SIGINT')
    expect(existsSync(`${folder}/processes.json`)).to.equal(false)
  })

  it('is passed over where it was written down by halves', async () => {
    writeFileSync(`${folder}/processes.json`, JSON.stringify([{}, { pid: process.pid }]))
    await endLeftovers(folder)
    expect(existsSync(`${folder}/processes.json`)).to.equal(false)
  })

  it('holds nothing of a process whose program is not there: that is told', async () => {
    const node = process.execPath
    process.execPath = `${folder}/no-node`
    try {
      const spawned: number[] = []
      const error = await startChild({ name: 'api', file: 'x.ts', env: {}, logFile: `${folder}/log`, onSpawn: (pid) => spawned.push(pid) }).catch(
        (e: Error) => e,
      )
      expect(error)
        .to.be.instanceOf(Error)
        .and.have.property('message')
        .that.matches(/^api could not be started: .*ENOENT/)
      expect(spawned).to.deep.equal([])
    } finally {
      process.execPath = node
    }
  })
})
