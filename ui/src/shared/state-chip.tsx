import type { StateTone } from '@heliox/core/messages'
import { CircleCheck, Clock, Contrast, Hand, type LucideIcon, OctagonX } from 'lucide-react'
import type { ReactNode } from 'react'

/** Each of the five states is an icon, a hue and a word; never a colour alone. */
export type Tone = StateTone

const looks = {
  checking: { icon: Clock, hue: 'text-checking', tint: 'bg-checking-tint' },
  provisional: { icon: Contrast, hue: 'text-provisional', tint: 'bg-provisional-tint' },
  confirmed: { icon: CircleCheck, hue: 'text-confirmed', tint: 'bg-confirmed-tint' },
  failed: { icon: OctagonX, hue: 'text-failed', tint: 'bg-failed-tint' },
  'needs-someone': { icon: Hand, hue: 'text-someone', tint: 'bg-someone-tint' },
} as const satisfies Record<Tone, { icon: LucideIcon; hue: string; tint: string }>

export function StateChip({ tone, children }: { tone: Tone; children: ReactNode }) {
  const { icon: Icon, hue, tint } = looks[tone]
  return (
    <span className={`inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 whitespace-nowrap ${hue} ${tint}`}>
      <Icon aria-hidden="true" className="size-[1.1em] flex-none" />
      {children}
    </span>
  )
}

/** Something happened that a person must read; `alert` speaks at once. */
export function Notice({ tone, title, children, alert = false }: { tone: Tone; title?: string; children?: ReactNode; alert?: boolean }) {
  const { icon: Icon, hue, tint } = looks[tone]
  return (
    <div role={alert ? 'alert' : undefined} className={`flex gap-3 rounded-lg p-4 ${tint}`}>
      <Icon aria-hidden="true" className={`mt-[0.15em] size-[1.3em] flex-none ${hue}`} />
      <div className="min-w-0 space-y-1">
        {title ? <p className={`font-semibold ${hue}`}>{title}</p> : null}
        {children}
      </div>
    </div>
  )
}
