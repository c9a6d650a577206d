import { createRoot } from 'react-dom/client'
import '../shared/theme.css'
import { sendWithEveryCall } from '../shared/http.ts'
import { IntakeApp } from './app.tsx'
import { CorrectionApp } from './correction/app.tsx'
import { firstWords } from './language.ts'
import { MethodApp } from './method/app.tsx'

document.body.className = 'patient'
// `/i/<token>`, `/correct/<token>`, `/method/<token>`: the token is the patient's key to this intake; it goes into a header, never into an api URL.
const token = decodeURIComponent(window.location.pathname.split('/').filter(Boolean).at(-1) ?? '')
sendWithEveryCall({ authorization: `Intake ${token}` })
const root = document.getElementById('root')
const first = await firstWords()
const { pathname } = window.location
const app = pathname.startsWith('/correct/') ? (
  <CorrectionApp first={first} />
) : pathname.startsWith('/method/') ? (
  <MethodApp first={first} />
) : (
  <IntakeApp first={first} />
)
if (root) createRoot(root).render(app)
