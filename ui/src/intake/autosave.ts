import { ApiError, type DraftToSave } from '../client.gen.ts'
import { sameData, type Theirs } from './server-draft.ts'

/** What the quiet line says. `refused`: the clinic does not keep this, and the form goes on without. `not-cleared`: it still has what was to be cleared. */
export type Saving = { is: 'idle' | 'saving' | 'offline' | 'refused' | 'not-cleared' } | { is: 'saved'; savedAt: string }

export interface AutosaveDeps {
  save(version: number, body: DraftToSave): Promise<{ version: number; savedAt: string }>
  /** What the clinic has now. */
  read(): Promise<Theirs>
  onState(state: Saving): void
  /** Arrived: the draft goes on from this version. */
  onKept(version: number, data: DraftToSave['data']): void
  onConflict(theirs: Theirs): void
  /** The link is over, or wants its proof again. */
  onEnded(): void
}
export interface Autosave {
  /** There is something newer; it travels a moment after the last change. */
  changed(body: DraftToSave): void
  /** Now; ends when it arrived or could not, or, on a pause, when what travels has. */
  flush(): Promise<void>
  /** What the next save goes on from; what waited to be saved is given up. */
  from(version: number): void
  /** Nothing is saved from here on: the form is being sent, or is gone. */
  pause(): void
  resume(): void
}

export const quietMs = 1_200
const againFirstMs = 4_000
const againMaxMs = 60_000
const endedCodes = ['intake-closed', 'link-ended', 'link-unknown', 'proof-needed']

/**
 * One save at a time, each over the version that the last one gave. A lost connection keeps what is to be saved and tries
 * again, ever more slowly, and at once when the browser says it is back; a version of somebody else's is never written over.
 */
export function makeAutosave(deps: AutosaveDeps, firstVersion: number): Autosave {
  let version = firstVersion
  let wanted: DraftToSave | null = null
  let running: Promise<void> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let paused = false
  let againMs = againFirstMs

  const later = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void run(), ms)
  }
  const kept = (body: DraftToSave, at: number, savedAt: string): void => {
    version = at
    againMs = againFirstMs
    if (wanted === body) wanted = null
    deps.onKept(at, body.data)
    deps.onState({ is: 'saved', savedAt })
    if (wanted) later(quietMs)
  }

  const conflict = async (body: DraftToSave): Promise<void> => {
    const theirs = await deps.read()
    // Our own, whose answer was lost on the way.
    if (theirs.draft && sameData(theirs.draft.data, body.data)) return kept(body, theirs.version, theirs.draft.savedAt)
    paused = true
    deps.onState({ is: 'idle' })
    deps.onConflict(theirs)
  }

  const failed = (error: unknown, body: DraftToSave): void => {
    if (error instanceof ApiError && !error.passing) {
      if (endedCodes.includes(error.code) || error.status === 410) {
        paused = true
        deps.onEnded()
        return
      }
      // Not taken as it is: what is typed next may be.
      if (wanted === body) wanted = null
      deps.onState({ is: 'refused' })
      return
    }
    deps.onState({ is: 'offline' })
    later(againMs)
    againMs = Math.min(againMs * 2, againMaxMs)
  }

  const save = async (body: DraftToSave): Promise<void> => {
    deps.onState({ is: 'saving' })
    try {
      const answer = await deps.save(version, body)
      kept(body, answer.version, answer.savedAt)
    } catch (error) {
      try {
        if (error instanceof ApiError && error.code === 'draft-changed') await conflict(body)
        else failed(error, body)
      } catch (other) {
        failed(other, body)
      }
    }
  }
  const run = async (): Promise<void> => {
    clearTimeout(timer)
    if (running) return running
    if (paused || !wanted) return
    running = save(wanted).finally(() => {
      running = null
    })
    await running
  }

  return {
    changed: (body) => {
      wanted = body
      if (!paused) later(quietMs)
    },
    flush: run,
    from: (at) => {
      version = at
      wanted = null
    },
    pause: () => {
      paused = true
      clearTimeout(timer)
    },
    resume: () => {
      paused = false
      if (wanted) later(quietMs)
    },
  }
}
