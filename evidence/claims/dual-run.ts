import type { ClaimLine } from '../../docker/local/claim-line.ts'
import { countSides, slot, until, withOldScheduler } from './old-scheduler.ts'

const visits = 30
const secondsMax = 60

/**
 * Dual run, both ways round. The hub owns them: what the desk books is copied, also while the old scheduler drops every third call. The old
 * scheduler owns them: what its people book, move and call off comes in. What cannot come in stands in the report with since when, and goes away
 * once it was mended.
 */
export function claimDualRun(): Promise<ClaimLine> {
  return withOldScheduler(async (clinic, _stack, behind) => {
    const sides = async () => countSides(behind, await clinic.oldAll())
    const equal = (what: string) =>
      until(what, secondsMax, async () => {
        const now = await sides()
        return now.lost + now.differing === 0 ? now : undefined
      })
    await clinic.dualRun(true)
    const began = performance.now()
    for (let n = 0; n < visits; n += 1) {
      if (n % 3 === 0) await clinic.oldFault('accepts-then-drops', 1)
      await clinic.book(slot(n), `Dr. ${String.fromCharCode(65 + (n % 5))}`)
    }
    await clinic.oldFault('answers', null)
    const copied = await equal('every visit is copied')
    const copySeconds = (performance.now() - began) / 1000

    await clinic.handOver('legacy-scheduler')
    await clinic.handedOver('legacy-scheduler', secondsMax)
    const old = await clinic.oldAll()
    for (const [n, one] of old.entries()) {
      if (n % 3 === 0) await clinic.oldChange(one.id, { starts: slot(200 + n) })
      if (n % 3 === 1) await clinic.oldChange(one.id, { status: 'cancelled' })
    }
    for (let n = 0; n < visits; n += 1) await clinic.oldBook(slot(400 + n), 'Dr. Old', { ehrPatientId: `pat-${n}` })
    const taken = await equal('everything that people did there is here')

    // A day without a time cannot come in.
    const broken = await clinic.oldBook('2027-03-01', 'Dr. Old')
    const said = await until('the difference is reported', 3 * secondsMax, async () =>
      (await clinic.differences()).find(({ legacyId }) => legacyId === broken.id),
    )
    await clinic.oldChange(broken.id, { starts: slot(900) })
    await until('the difference is closed', 3 * secondsMax, async () => ((await clinic.differences()).length === 0 ? true : undefined))
    const last = await equal('both sides are the same')
    const figures = {
      ...{ copied: copied.there, copySeconds, taken: taken.here - copied.here, moved: Math.ceil(old.length / 3), calledOff: Math.ceil((old.length - 1) / 3) },
      ...{ reported: said.kind, lost: last.lost, double: last.double, differing: last.differing },
    }
    const ok = copied.there === visits && taken.here === 2 * visits && last.lost + last.double + last.differing === 0 && last.here === 2 * visits + 1
    return { name: 'partners.dual-run', figures, ok }
  })
}
