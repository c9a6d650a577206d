import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import '../shared/theme.css'
import { sendWithEveryCall } from '../shared/http.ts'
import { IntakeApp } from './app.tsx'
import { firstWords } from './language.ts'

document.body.className = 'patient'
// `/i/<token>`, `/correct/<token>`, `/method/<token>`: the token is the patient's key to this intake; it goes into a header, never into an api URL.
const [page = '', ...rest] = window.location.pathname.split('/').filter(Boolean)
sendWithEveryCall({ authorization: `Intake ${decodeURIComponent(rest.at(-1) ?? page)}` })

/** The form is what most links open; the others travel when they are asked for. */
const apps: Record<string, (first: Awaited<ReturnType<typeof firstWords>>) => Promise<ReactNode>> = {
  correct: async (first) => {
    const { CorrectionApp } = await import('./correction/app.tsx')
    return <CorrectionApp first={first} />
  },
  method: async (first) => {
    const { MethodApp } = await import('./method/app.tsx')
    return <MethodApp first={first} />
  },
}
const root = document.getElementById('root')
const first = await firstWords()
if (root) createRoot(root).render((await apps[page]?.(first)) ?? <IntakeApp first={first} />)
