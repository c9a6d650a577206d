/**
 * The one way from a screen to the api; `client.gen.ts` calls it with one entry per operation. Every failure, also a lost
 * connection or an answer that is no JSON, becomes an `ApiError`, so that a screen has one thing to handle.
 */
export interface FieldProblem {
  /** As the api writes it: `answers.birthDate`, `body/answers/birthDate`. */
  path: string
  message: string
}

export class ApiError extends Error {
  /** From the api's closed list; `offline` (nothing came back) and `unreadable` (no JSON came back) are ours. */
  readonly code: string
  /** HTTP status; 0 when nothing came back. */
  readonly status: number
  /** What a person tells support. Null when the api was not reached. */
  readonly correlationId: string | null
  readonly fields: readonly FieldProblem[]
  constructor(facts: { code: string; message: string; status: number; correlationId?: string | null; fields?: readonly FieldProblem[]; cause?: unknown }) {
    super(facts.message, { cause: facts.cause })
    this.name = 'ApiError'
    this.code = facts.code
    this.status = facts.status
    this.correlationId = facts.correlationId ?? null
    this.fields = facts.fields ?? []
  }
  /** Worth trying again unchanged: nothing came back, or the server's own trouble. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

/** As the generated calls type it: flat objects of text and numbers. */
interface CallInput {
  params?: object
  query?: object
  headers?: object
  body?: unknown
}
export interface CallOptions {
  signal?: AbortSignal
  timeoutMs?: number
}

const timeoutMsDefault = 20_000
let credentials: Readonly<Record<string, string>> = {}

/** Headers that go with every call of this page; the patient's link is one. Staff have a cookie and need none. */
export function sendWithEveryCall(headers: Readonly<Record<string, string>>): void {
  credentials = headers
}

/** `/api/x/{id}?a=1`; leaves out what is undefined, null or empty. */
export function urlOf(path: string, input: CallInput): string {
  const params = new Map<string, unknown>(Object.entries(input.params ?? {}))
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(params.get(name) ?? '')))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {})) if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  return query.size > 0 ? `${filled}?${query}` : filled
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    throw new ApiError({ code: 'unreadable', message: 'The answer could not be read.', status: response.status, correlationId: correlationOf(response), cause })
  }
}
const correlationOf = (response: Response): string | null => response.headers.get('x-correlation-id')

function errorOf(response: Response, body: unknown): ApiError {
  const error = (body as { error?: Partial<{ code: string; message: string; correlationId: string; fields: FieldProblem[] }> } | null)?.error
  return new ApiError({
    code: error?.code ?? 'unreadable',
    message: error?.message ?? 'The answer could not be read.',
    status: response.status,
    correlationId: error?.correlationId ?? correlationOf(response),
    fields: error?.fields ?? [],
  })
}

/**
 * `x-hub-request` is what another site's form or image cannot send: the api wants it with every staff call that changes
 * something.
 */
export async function call<Answer>(method: string, path: string, input: CallInput = {}, options: CallOptions = {}): Promise<Answer> {
  const deadline = AbortSignal.timeout(options.timeoutMs ?? timeoutMsDefault)
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  const hasBody = input.body !== undefined
  let response: Response
  try {
    response = await fetch(urlOf(path, input), {
      method,
      signal,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        'x-hub-request': '1',
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...credentials,
        ...input.headers,
      },
      body: hasBody ? JSON.stringify(input.body) : null,
    })
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    throw new ApiError({ code: 'offline', message: 'Nothing came back.', status: 0, cause })
  }
  if (response.status === 204) return undefined as Answer
  const body = await jsonOf(response)
  if (!response.ok) throw errorOf(response, body)
  return body as Answer
}
