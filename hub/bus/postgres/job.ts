/** What a job holds. The library's own id is another one: a message that comes back later is a new job with the same message. */
export interface JobData {
  id: string
  key: string
  body: unknown
  /** Only on a dead letter that a handler made. */
  reason?: string
}
