import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Stack } from '../docker/local/stack.ts'
import { type Clinic, slot, until, withOldScheduler } from './claims/old-scheduler.ts'

interface Ended {
  code: number
  lines: string[]
}
const root = join(import.meta.dirname, '..')

/** As an administrator types it, in a process of its own. */
function hub(stack: Stack, words: readonly string[], password = 'lakeside-demo-1'): Promise<Ended> {
  const env = { ...process.env, HUB_PUBLIC_URL: stack.urls.public, HUB_CLINIC: 'lakeside', HUB_EMAIL: 'admin@lakeside.example', HUB_PASSWORD: password }
  return new Promise((resolve) => {
    execFile(process.execPath, ['hub/cli/main.ts', 'scheduler', ...words], { cwd: root, env, timeout: 120_000 }, (error, out, complaints) => {
      resolve({ code: error ? Number(error.code) : 0, lines: `${out}${complaints}`.trimEnd().split('\n') })
    })
  })
}

/** `npm run -s hub -- scheduler …` against a whole hub with an old scheduler beside it. */
describe('the old scheduler from the command line', function () {
  this.timeout(600_000)

  it('reports, hands over and back, gives up, and decides what a person changed there', () =>
    withOldScheduler(async (clinic, stack) => {
      expect(await hub(stack, ['report'], 'wrong')).to.deep.equal({ code: 1, lines: ['sign-in was refused: 401'] })
      const first = await hub(stack, ['report'])
      expect([first.code, first.lines[1]]).to.deep.equal([0, '0 differences'])
      expect(first.lines[0]).to.match(/^kept by hub since .*; dual run off; compared never$/)
      expect(await hub(stack, ['cut-over'])).to.deep.equal({ code: 0, lines: ['the appointments are kept by hub already'] })
      expect((await hub(stack, ['give-up'])).lines).to.deep.equal(['no handover is running'])

      const visit = await clinic.book(slot(1), 'Dr. A')
      const back = await hub(stack, ['back'])
      expect([back.code, back.lines.at(-1)]).to.deep.equal([0, 'the appointments are kept by legacy-scheduler'])
      expect(back.lines.at(-2)).to.match(/^done: \d+ comparisons, 0 differences$/)
      expect((await clinic.oldAll()).map(({ externalRef }) => externalRef)).to.deep.equal([visit.visitId])

      // One that nobody can read holds the cut-over back, which is given up, and then is not.
      const broken = await clinic.oldBook('2027-03-01', 'Dr. Old')
      const waiting = hub(stack, ['cut-over'])
      await until('the handover waits for one', 60, async () => {
        const { handover } = await clinic.state()
        return (handover?.to === 'hub' && handover.comparisons > 1) || undefined
      })
      expect((await hub(stack, ['report'])).lines.join('\n')).to.contain(`there ${broken.id}`)
      expect((await hub(stack, ['give-up'])).code).to.equal(0)
      expect((await waiting).lines.at(-1)).to.equal('the appointments are kept by legacy-scheduler')
      expect((await waiting).code).to.equal(1)
      await clinic.oldChange(broken.id, { starts: slot(3) })
      const over = await hub(stack, ['cut-over'])
      expect([over.code, over.lines.at(-1)]).to.deep.equal([0, 'the appointments are kept by hub'])

      await clinic.dualRun(true)
      await decides(clinic, stack)
    }))

  async function decides(clinic: Clinic, stack: Stack): Promise<void> {
    const [ours, theirs] = await clinic.oldAll()
    if (!ours || !theirs) throw new Error('two appointments are there')
    // Past the mark that closes it for people.
    for (const [n, { id }] of [ours, theirs].entries()) await clinic.oldPastTheMark(id, { starts: slot(50 + n) })
    const open = await until('both are in the report', 120, async () => {
      // Dual run off and on compares at once: one run finds that they differ, the next one that the copies were refused.
      await clinic.dualRun(false)
      await clinic.dualRun(true)
      await sleep(4_000)
      const { lines } = await hub(stack, ['report'])
      const ids = lines.flatMap((line, n) => {
        const id = /^ {2}decide (\S+)$/.exec(line)?.[1]
        return id ? [{ id, legacyId: /there (\S+)/.exec(lines[n - 1] ?? '')?.[1], said: lines.slice(n + 1, n + 3) }] : []
      })
      return ids.length === 2 ? ids : undefined
    })
    const of = (legacyId: string) => open.find((one) => one.legacyId === legacyId) ?? { id: '', said: [] }
    expect(of(ours.id).said.join('\n')).to.match(/ {2}ours {3}booked .*\(revision \d+\)\n {2}theirs booked .*\(revision \d+\)/)
    expect((await hub(stack, ['decide', of(ours.id).id, 'ours'])).code, 'without a reason').to.equal(2)
    expect((await hub(stack, ['decide', of(ours.id).id, 'ours', 'done-by-mistake'])).lines.at(-1)).to.equal('decided: ours counts')
    expect((await hub(stack, ['decide', of(theirs.id).id, 'theirs', 'patient-says-so'])).lines.at(-1)).to.equal('decided: theirs counts')
    expect(await hub(stack, ['decide', of(ours.id).id, 'theirs', 'other'])).to.deep.equal({
      code: 1,
      lines: ['there is no such open difference: look at the report'],
    })
    const same = await until('both sides say the same', 150, async () => {
      const report = await hub(stack, ['report'])
      return report.code === 0 ? report : undefined
    })
    expect(same.lines.at(-1)).to.equal('0 differences')
    const after = new Map((await clinic.oldAll()).map((one) => [one.id, Date.parse(one.starts)]))
    expect(after.get(ours.id), 'written over').to.equal(Date.parse(ours.starts))
    expect(after.get(theirs.id), 'left as people there made it').to.equal(Date.parse(slot(51)))
  }
})
