import { setTimeout as sleep } from 'node:timers/promises'
import { PartnerFault } from '@heliox/core/kit'
import type { Appointment } from '@medplum/fhirtypes'
import { merge } from '../mapping/index.ts'
import type { Read } from '../search.ts'
import type { FhirContext } from '../types.ts'
import { expectValid } from '../write/expect-valid.ts'
import { type Sent, sendAlone } from '../write/send.ts'

/** Writing an appointment that others write too: only the version that was read is written over, and who was too late looks again. */

const looksMax = 6
const againMs = { least: 40, most: 160 }

/** `look` reads, and writes what is to be written; undefined: somebody else wrote in between. */
export async function untilNobodyElseWrites<T>(ctx: FhirContext, look: () => Promise<T | undefined>): Promise<T> {
  for (let looks = 1; looks <= looksMax; looks += 1) {
    const answer = await look()
    if (answer !== undefined) return answer
    ctx.log.info({ looks }, 'somebody else wrote the same appointment meanwhile')
    await sleep(againMs.least + looks * Math.random() * (againMs.most - againMs.least), undefined, { signal: ctx.signal }).catch(() => undefined)
  }
  throw new PartnerFault('unavailable', 'Others kept changing the same appointment in the EHR.', { detail: `${looksMax} times` })
}

/** Ours merged into what was read. */
export async function putAppointment(before: Read<Appointment>, ours: Partial<Appointment>, ctx: FhirContext): Promise<{ sent: Sent; resource: Appointment }> {
  const { resource } = merge<Appointment>(before.resource, ours)
  const step = { type: 'Appointment' as const, resource, before, fullUrl: `${ctx.config.baseUrl.replace(/\/+$/, '')}/${before.ref}`, ifNoneExist: '' }
  await expectValid([step], ctx)
  return { sent: await sendAlone(step, { conditionalCreate: false }, ctx), resource }
}
