import { z } from 'zod'

const when = z.iso.datetime().nullable()
const count = z.int().min(0)
/** What the view needs of the API's answer; more may be in it. */
export const Answer = z.object({
  clinic: z.string().max(200),
  timeZone: z.string().max(60),
  asOf: z.iso.datetime(),
  breakers: z
    .array(
      z.object({
        ...{ partner: z.string(), payerId: z.string().nullable(), payerName: z.string().nullable(), operation: z.string(), state: z.string() },
        ...{ since: when, next: when, cause: z.string().nullable() },
      }),
    )
    .max(1_000),
  queues: z.array(z.object({ queue: z.string(), active: count, retrying: count, held: count, dead: count.nullable() })).max(1_000),
  throughput: z.array(z.object({ minute: z.iso.datetime(), answered: count, failed: count })).max(120),
  partners: z.array(z.object({ partner: z.string(), calls: count, failed: count, failedPercent: z.number().min(0).max(100) })).max(100),
  weather: z
    .array(
      z.object({
        ...{ payerName: z.string(), state: z.string(), since: when, next: when, cause: z.string().nullable(), waiting: count, held: count },
      }),
    )
    .max(2_000),
})

export type Figures = z.output<typeof Answer>

/** Why there are no new figures, in words for whoever stands before the view. */
export type Pulled = { is: 'figures'; figures: Figures } | { is: 'none'; why: string }

const answerBytesMax = 2_000_000

/** One look at the API as the clinic's service account. Never throws: a view that stands still must say why. */
export async function pull(apiUrl: string, token: string, timeoutMs: number): Promise<Pulled> {
  try {
    const answer = await fetch(new URL('/api/ops/live', apiUrl), {
      headers: { authorization: `Service ${token}` },
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    })
    if (answer.status === 401 || answer.status === 403)
      return { is: 'none', why: 'The view’s service account does not open this clinic any more: make a new one.' }
    if (!answer.ok) return { is: 'none', why: 'The hub does not tell its figures now.' }
    const text = await answer.text()
    const parsed = text.length > answerBytesMax ? undefined : Answer.safeParse(JSON.parse(text))
    return parsed?.success ? { is: 'figures', figures: parsed.data } : { is: 'none', why: 'The hub’s figures are not in the form that this view knows.' }
  } catch {
    return { is: 'none', why: 'The hub does not answer.' }
  }
}
