import base from '@bull-board/api/dist/queueAdapters/base.js'
import type {
  AppJobScheduler,
  JobCounts,
  JobState,
  JobStatus,
  QueueDefaultJobOptions,
  QueueJob,
  QueueJobJson,
  QueueMetrics,
  QueueWorker,
  Status,
} from '@bull-board/api/dist/types.js'
import { Refusal } from '../kit/errors.ts'

/** What stands in a queue, as the board shows it: ids and codes, never a patient's data. */
export interface Standing {
  id: string
  name: string
  status: JobStatus<'bull'>
  /** When it came to stand here, ISO; null: nobody knows. */
  at: string | null
  attempts: number
  /** Safe for staff. */
  reason: string | null
  data: Readonly<Record<string, unknown>>
  endedAt?: string | null
  /** Absent where nothing can be tried again. */
  retry?: () => Promise<void>
  /** Tried again with other data. Absent where nothing can be corrected. */
  correct?: (data: Readonly<Record<string, unknown>>) => Promise<void>
}

/** As much of a queue as ours are: they are looked at, and one thing in them at a time is tried again. */
export interface QueueView {
  /** As the board's address names it. */
  name: string
  title: string
  description: string
  statuses: readonly JobStatus<'bull'>[]
  counts(): Promise<Partial<Record<JobStatus<'bull'>, number>>>
  /** `to` is the last one wanted; both count from 0. */
  list(status: JobStatus<'bull'>, from: number, to: number): Promise<Standing[]>
  find(id: string): Promise<Standing | undefined>
}

/** More are never listed, on however many pages the board asks. */
export const listedMax = 1_000

/**
 * A queue of ours on bull-board. The board knows `bull` and `bullmq` and asks for what Redis queues can do; `bull` is the one it asks
 * less of. What ours do not do is refused here, and the routes to it are not mounted (`board.ts`): a queue cannot be paused, emptied or
 * added to from a screen, since what stands in it is somebody's visit.
 */
export class HubQueue extends base.BaseAdapter {
  readonly #view: QueueView

  constructor(view: QueueView, options: { mayRetry: boolean }) {
    super('bull', {
      readOnlyMode: !options.mayRetry,
      allowRetries: options.mayRetry,
      allowCompletedRetries: false,
      description: view.description,
      displayName: view.title,
    })
    this.#view = view
  }

  override getName(): string {
    return this.#view.name
  }
  override getStatuses(): Status[] {
    return ['latest', ...this.#view.statuses]
  }
  override getJobStatuses(): JobStatus[] {
    return [...this.#view.statuses]
  }
  override async getJobCounts(): Promise<JobCounts> {
    const counts = await this.#view.counts()
    return Object.fromEntries(this.#view.statuses.map((status) => [status, counts[status] ?? 0]))
  }
  override async getJobs(statuses: JobStatus[], start = 0, end = listedMax - 1): Promise<QueueJob[]> {
    const last = Math.min(end, listedMax - 1)
    if (start > last) return []
    const lists = await Promise.all(this.#view.statuses.filter((status) => statuses.includes(status)).map((status) => this.#view.list(status, start, last)))
    return lists.flat().map(toJob)
  }
  override async getJob(id: string): Promise<QueueJob | undefined> {
    const found = await this.#view.find(id)
    return found && toJob(found)
  }
  override async getJobLogs(): Promise<string[]> {
    return []
  }
  override async getMetrics(): Promise<QueueMetrics> {
    return { meta: { count: 0, prevTS: 0, prevCount: 0 }, data: [], count: 0 }
  }
  override async getWorkers(): Promise<QueueWorker[] | null> {
    return null
  }
  override async getRedisInfo(): Promise<null> {
    return null
  }
  override getQueueDefaultJobOptions(): QueueDefaultJobOptions {
    return {}
  }
  override async getJobSchedulers(): Promise<Omit<AppJobScheduler, 'queueName'>[]> {
    return []
  }
  override async getJobSchedulersCount(): Promise<number> {
    return 0
  }
  override async isPaused(): Promise<boolean> {
    return false
  }
  override async getGlobalConcurrency(): Promise<null> {
    return null
  }
  override clean = refused
  override addJob = refused
  override pause = refused
  override resume = refused
  override empty = refused
  override obliterate = refused
  override promoteAll = refused
  override removeJobScheduler = refused
  override updateJobScheduler = refused
  override runJobSchedulerNow = refused
  override setGlobalConcurrency = refused
}

async function refused(): Promise<never> {
  throw new Refusal('not-allowed')
}

function toJob(standing: Standing): QueueJob {
  const { id, name, status, at, attempts, reason, data, endedAt, retry, correct } = standing
  const json: QueueJobJson = {
    ...{
      id,
      name,
      data,
      progress: 0,
      attemptsMade: attempts,
      timestamp: at === null ? 0 : Date.parse(at),
      failedReason: status === 'failed' ? (reason ?? 'unknown') : '',
    },
    ...{ stacktrace: [], returnvalue: status === 'completed' ? reason : null, opts: {}, finishedOn: endedAt ? Date.parse(endedAt) : null },
  }
  return {
    opts: {},
    promote: refused,
    remove: refused,
    retry: retry ?? refused,
    updateData: correct ?? refused,
    toJSON: () => json,
    getState: async (): Promise<JobState> => status,
  }
}
