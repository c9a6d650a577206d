import { type ReactNode, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { CheckField } from '../shared/fields.tsx'
import { opsWords } from '../shared/messages/ops-words.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { useMay } from '../shared/staff/shell.tsx'
import { useKeys, useLetterKeys } from '../shared/staff/use-keys.ts'

const t = opsWords.nav
const linkLook = 'inline-flex min-h-[28px] items-center border-b-2 border-transparent text-text no-underline hover:border-edge aria-[current=page]:border-link'

/** What every operations page has: its own menu, and the list of keys. */
export function OpsFrame({ children }: { children: ReactNode }) {
  const [path] = useLocation()
  const [help, setHelp] = useState(false)
  useKeys({ '?': () => setHelp(true) })
  const here = (href: string): boolean => (href === '/' ? path === '/' || path.startsWith('/overrides') : path.startsWith(href))
  const inside = [
    { href: '/', label: t.queue, may: useMay('override.list') },
    { href: '/waiting', label: t.waiting, may: useMay('override.list') },
    { href: '/incidents', label: t.incidents, may: useMay('incident.list') },
    { href: '/bulk', label: t.bulk, may: useMay('bulk-release.read') },
    { href: '/dead-letters', label: t.deadLetters, may: useMay('dead-letter.list') },
  ]
  // These two are not pages of this bundle: the api serves them.
  const outside = [
    { href: '/ops/queues', label: t.board, may: useMay('queue.read') },
    { href: '/ops/live', label: t.live, may: useMay('live.read') },
  ]
  return (
    <>
      <nav aria-label={t.label} className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line pb-2">
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {inside.map(({ href, label, may }) =>
            may ? (
              <li key={href}>
                <Link href={href} className={linkLook} aria-current={here(href) ? 'page' : undefined}>
                  {label}
                </Link>
              </li>
            ) : null,
          )}
          {outside.map(({ href, label, may }) =>
            may ? (
              <li key={href}>
                <a href={href} className={linkLook}>
                  {label}
                </a>
              </li>
            ) : null,
          )}
        </ul>
        <button type="button" className="link-button ms-auto" onClick={() => setHelp(true)}>
          {opsWords.keys.open} <kbd className="key">?</kbd>
        </button>
      </nav>
      {children}
      <KeyHelp open={help} onClose={() => setHelp(false)} />
    </>
  )
}

function KeyHelp({ open, onClose }: { open: boolean; onClose(): void }) {
  const [on, setOn] = useLetterKeys()
  const k = opsWords.keys
  return (
    <StaffDialog open={open} title={k.title} lead={k.lead} onClose={onClose}>
      <dl className="mb-4 grid grid-cols-[4rem_1fr] items-center gap-x-4 gap-y-1.5">
        {k.list.map(([key, does]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="key">{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <CheckField id="letter-keys" label={k.on} note={k.onNote} checked={on} onChange={setOn} />
    </StaffDialog>
  )
}
