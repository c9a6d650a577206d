/** The clearinghouse's simulator from its control port: its clock, its script, what it saw. */

export type Scenario = Record<string, unknown>

async function control<T>(url: string, method: 'GET' | 'PUT' | 'POST' | 'DELETE', body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    signal: AbortSignal.timeout(20_000),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 200)}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

export class Clearinghouse {
  private readonly url: string
  constructor(url: string) {
    this.url = url
  }
  /** Its time, which is the hub's. */
  now = async () => new Date((await control<{ now: string }>(`${this.url}/_sim/clock`, 'GET')).now)
  speed = (speed: number) => control<unknown>(`${this.url}/_sim/clock`, 'PUT', { speed })
  /** So much time passes at once, and everything that was due on the way has happened when this answers. */
  pass = (seconds: number) => control<unknown>(`${this.url}/_sim/clock/advance`, 'POST', { ms: seconds * 1000 })
  play = (scenario: Scenario) => control<unknown>(`${this.url}/_sim/scenario`, 'PUT', scenario)
  stopPlaying = () => control<unknown>(`${this.url}/_sim/scenario`, 'DELETE')
  /** A fault of its doors, until `answers`. */
  fault = (mode: 'refuses-key' | 'answers') => control<unknown>(`${this.url}/_sim/faults`, 'POST', { mode })
}
