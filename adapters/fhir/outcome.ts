import { PartnerFault } from '@heliox/core/kit'
import { z } from 'zod'
import type { FhirResponse } from './http.ts'
import type { Refused } from './types.ts'

/**
 * What a status other than 2xx means. A refusal is told by codes and paths only: `diagnostics`, `details.text` and often
 * `expression` quote the patient's data, so nothing of an OperationOutcome passes that is not from a closed list or of a
 * shape that cannot hold a value.
 */

/** R4 issue-type. Anything else is shown as `other`. */
// biome-ignore format: a table
const refusing = [
  'invalid', 'structure', 'required', 'value', 'invariant', 'processing', 'not-supported', 'duplicate', 'multiple-matches', 'not-found',
  'deleted', 'too-long', 'code-invalid', 'extension', 'too-costly', 'business-rule', 'conflict', 'informational',
] as const
const access = ['security', 'login', 'unknown', 'expired', 'forbidden', 'suppressed'] as const
const passing = ['transient', 'lock-error', 'no-store', 'exception', 'timeout', 'incomplete', 'throttled'] as const

const OperationOutcome = z.looseObject({
  resourceType: z.literal('OperationOutcome'),
  issue: z
    .array(
      z.looseObject({
        severity: z.string().optional(),
        code: z.string().optional(),
        expression: z.array(z.string()).optional(),
        location: z.array(z.string()).optional(),
      }),
    )
    .min(1)
    .max(500),
})
type Issue = z.output<typeof OperationOutcome>['issue'][number]

const includes = (list: readonly string[], code: string | undefined): boolean => code !== undefined && list.includes(code)

export function issuesOf(json: unknown): Issue[] | undefined {
  const parsed = OperationOutcome.safeParse(json)
  if (!parsed.success) return undefined
  const errors = parsed.data.issue.filter((i) => i.severity === 'error' || i.severity === 'fatal')
  return errors.length > 0 ? errors : parsed.data.issue
}

/**
 * `Bundle.entry[1].resource.ofType(Coverage).status`: a path into what we sent, cut where it stops to name elements (a
 * FHIRPath filter quotes values). A text that does not begin with one of our types is no path.
 */
export function safePath(expression: string): string | undefined {
  // HAPI writes the resource's id into a comment.
  const plain = expression.replace(/\/\*.*?\*\//g, '').trim()
  const type = '(?:Bundle|Patient|CoverageEligibilityRe(?:quest|sponse)|Coverage|Appointment)'
  return new RegExp(`^${type}(?![A-Za-z0-9])(?:\\.ofType\\(${type}\\)|\\.[a-z][A-Za-z]{0,29}(?![A-Za-z0-9])|\\[\\d{1,3}\\])*`).exec(plain)?.[0].slice(0, 120)
}

function refusedOf(issues: Issue[]): Refused {
  const codes = issues.map((i) => (includes(refusing, i.code) || includes(passing, i.code) || includes(access, i.code) ? (i.code as string) : 'other'))
  const paths = issues.flatMap((i) => i.expression ?? i.location ?? []).map(safePath)
  return { codes: [...new Set(codes)].slice(0, 20), paths: [...new Set(paths.filter((p) => p !== undefined))].slice(0, 20) }
}

/** A refusal is returned; everything else is thrown. `lost` as in `FhirRequest`: a read cannot leave anything in doubt. */
export function refusalOf(response: Pick<FhirResponse, 'status' | 'retryAfterMs' | 'json'>, lost: 'unavailable' | 'uncertain'): Refused {
  const { status, retryAfterMs } = response
  const detail = `status ${status}`
  if (status === 401 || status === 403) throw new PartnerFault('credentials', 'The EHR refused our access.', { detail })
  if (status === 429) throw new PartnerFault('throttled', 'The EHR asked us to slow down.', { detail, retryAfterMs })
  // A transaction that collided with another one was rolled back as a whole: the same bytes may go again.
  if (status === 409) throw new PartnerFault('unavailable', 'The EHR was writing the same record at that moment.', { detail, retryAfterMs })
  // 503 is said before the work; the others may come from a gateway whose back end went on and committed.
  if (status === 503) throw new PartnerFault('unavailable', 'The EHR is not available at the moment.', { detail, retryAfterMs })
  if (status === 408 || (status >= 500 && status !== 501)) throw new PartnerFault(lost, 'The EHR failed while it was working on it.', { detail, retryAfterMs })
  // Two charts with one identifier of ours: the EHR has to be cleaned up by a person, sending again cannot help.
  if (status === 412) return { codes: ['multiple-matches'], paths: refusedOf(issuesOf(response.json) ?? []).paths }

  const issues = status >= 400 && status < 500 ? issuesOf(response.json) : undefined
  if (!issues) throw new PartnerFault('contract', 'The EHR answered in a way the hub does not know.', { detail })
  if (issues.every((i) => includes(passing, i.code))) throw new PartnerFault('unavailable', 'The EHR could not do it at the moment.', { detail, retryAfterMs })
  if (issues.every((i) => includes(access, i.code))) throw new PartnerFault('credentials', 'The EHR refused our access.', { detail })
  return refusedOf(issues)
}
