import { useMutation } from '@tanstack/react-query'
import { Hand } from 'lucide-react'
import { useState } from 'react'
import { ApiError, claimOverride, type OverrideItem, releaseOverride } from '../client.gen.ts'
import { itemWords } from '../shared/messages/item-words.ts'
import { wordsFor } from '../shared/staff/problem.tsx'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { clockTime, nowMs } from '../shared/time.ts'

const t = itemWords.claim

export interface ClaimState {
  may: boolean
  /** Whose it is now; an old claim is nobody's. */
  by: 'you' | 'other' | null
  name: string
  until: string | null
  busy: boolean
  said: string
  /** Takes it, or gives one's own back. */
  toggle(): void
  /** Takes it before something is decided; false: somebody else has it. */
  take(): Promise<boolean>
}

/** Two people never work on one item: it is taken for fifteen minutes, by hand or with the first step of a decision. */
export function useClaim(item: OverrideItem, refresh: () => Promise<void>): ClaimState {
  const { userId } = useSession()
  const may = useMay('override.claim')
  const [said, setSaid] = useState('')
  const params = { overrideId: item.id }
  const live = item.claim && Date.parse(item.claim.until) > nowMs() ? item.claim : null
  const by = live ? (live.userId === userId ? 'you' : 'other') : null
  const failed = (error: unknown): void =>
    setSaid(error instanceof ApiError && error.code === 'claimed' ? t.takenNow(error.fields[0]?.message ?? '') : wordsFor(error))
  const take = useMutation({ mutationFn: () => claimOverride({ params }), onError: failed, onSettled: refresh })
  const give = useMutation({ mutationFn: () => releaseOverride({ params }), onSuccess: () => setSaid(t.gave), onError: failed, onSettled: refresh })
  const busy = take.isPending || give.isPending
  return {
    may,
    by,
    name: live?.name ?? '',
    until: live?.until ?? null,
    busy,
    said,
    toggle: () => {
      if (busy) return
      if (by === 'you') give.mutate()
      else take.mutate(undefined, { onSuccess: () => setSaid(t.took) })
    },
    take: () =>
      take.mutateAsync().then(
        () => {
          setSaid('')
          return true
        },
        () => false,
      ),
  }
}

/** Whose it is, until when, and the button for it. */
export function ClaimBar({ claim }: { claim: ClaimState }) {
  const { tenant } = useSession()
  const { by, name, until, may, said } = claim
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {by ? (
        <span className="inline-flex items-center gap-1.5">
          <Hand aria-hidden="true" className="size-[1.1em] text-someone" />
          {by === 'you' ? t.yours : t.theirs(name)}
          {until ? <span className="text-quiet">{t.until(clockTime(until, tenant.timeZone))}</span> : null}
        </span>
      ) : null}
      {may && by !== 'other' ? (
        <button type="button" className="button" aria-disabled={claim.busy} onClick={claim.toggle}>
          {by === 'you' ? t.giveBack : t.take}
        </button>
      ) : null}
      <span role="status" className="text-quiet">
        {said}
      </span>
    </div>
  )
}
