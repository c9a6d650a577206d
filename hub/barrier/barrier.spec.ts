import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { neverStop } from '@heliox/core/kit'
import { isPaused } from '@heliox/docker/local/process-tree'
import { expect } from 'chai'
import { armedStop, parseBarrier } from './index.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const program = `
  import { armedStop } from './index.ts'
  const stop = armedStop(process.env)
  await stop('confirm', 'intake'); await stop('mark', 'payment'); await stop('mark', 'intake'); await stop('mark', 'intake')
  console.log('lived')
`
function run(env: Record<string, string>, text = program) {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', text], { cwd: here, env: { PATH: process.env.PATH, ...env } })
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output.text += chunk
    })
  }
  return { child, output }
}

describe('barrier', () => {
  it('kills the process at the n-th hit of that barrier and flow, and says where', async () => {
    const { child, output } = run({ HUB_ENV: 'test', HUB_BARRIER: 'mark@intake#2' })
    const [, signal] = await once(child, 'close')
    expect(signal).to.equal('SIGKILL')
    expect(output.text).to.equal('barrier mark@intake#2 kill\n')
  })

  it('pauses the process until it is continued', async () => {
    const { child, output } = run({ HUB_ENV: 'development', HUB_BARRIER: 'confirm:pause' })
    const closed = once(child, 'close')
    // It says so first and stops then: a signal to go on that comes in between is lost.
    while (!(output.text.includes('barrier') && isPaused(child.pid as number))) await sleep(10)
    expect(output.text).to.equal('barrier confirm@intake#1 pause\n')
    child.kill('SIGCONT')
    const [code] = await closed
    expect(code).to.equal(0)
    expect(output.text).to.contain('lived')
  })

  it('is armed by a file while it runs, and one process of several takes it', async () => {
    const folder = mkdtempSync(`${tmpdir()}/hub-barrier-`)
    const file = `${folder}/armed`
    const long = `
      import { armedStop } from './index.ts'
      const stop = armedStop(process.env)
      console.log('runs')
      for (;;) { await stop('mark', 'intake'); await new Promise((resolve) => setTimeout(resolve, 5)) }
    `
    const children = [1, 2].map(() => run({ HUB_ENV: 'test', HUB_BARRIER_FILE: file }, long))
    const begun = 'runs\n'
    const line = 'barrier mark@intake#3 pause\n'
    const stops = (text: string): number => text.split(line).length - 1
    while (children.some(({ output }) => output.text !== begun)) await sleep(10)
    /** Resolves when so many stand still and have said so, so often in all. */
    const arm = async (standing: number, said: number) => {
      writeFileSync(`${file}.new`, 'mark@intake#3:pause')
      renameSync(`${file}.new`, file)
      while (existsSync(file)) await sleep(10)
      while (children.filter(({ child }) => isPaused(child.pid as number)).length < standing) await sleep(10)
      while (children.reduce((sum, { output }) => sum + stops(output.text), 0) < said) await sleep(10)
    }
    await arm(1, 1)
    const stopped = children.filter(({ output }) => output.text === begun + line)
    expect(stopped).to.have.length(1)
    expect(readdirSync(folder)).to.deep.equal([`armed.${stopped[0]?.child.pid}`])
    // The other one is left, and then both have stopped; continued, they can be stopped by the same words.
    await arm(2, 2)
    expect(children.map(({ output }) => output.text)).to.deep.equal([begun + line, begun + line])
    stopped[0]?.child.kill('SIGCONT')
    await arm(2, 3)
    expect(stopped[0]?.output.text).to.equal(begun + line + line)
    for (const { child } of children) {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    rmSync(folder, { recursive: true })
  })

  it('is inert in production, where the environment is not said, and where nothing is armed', () => {
    for (const env of [
      { HUB_ENV: 'production', HUB_BARRIER: 'mark' },
      { HUB_ENV: 'production', HUB_BARRIER_FILE: '/nowhere' },
      { HUB_BARRIER: 'mark' },
      { HUB_ENV: 'test' },
    ]) {
      expect(armedStop(env), JSON.stringify(env)).to.equal(neverStop)
    }
  })

  it('refuses a barrier that does not exist', () => {
    expect(() => parseBarrier('marked')).to.throw('a barrier is name')
    expect(() => armedStop({ HUB_ENV: 'test', HUB_BARRIER: 'mark@' })).to.throw('a barrier is name')
  })
})
