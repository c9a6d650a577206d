import { createRoot } from 'react-dom/client'
import '../shared/theme.css'
import { sendWithEveryCall } from '../shared/http.ts'
import { IntakeApp } from './app.tsx'
import { CorrectionApp } from './correction/app.tsx'
import { firstWords } from './language.ts'

document.body.className = 'patient'
// `/i/<token>`, `/correct/<token>`: the token is the patient's key to this intake; it goes into a header, never into an api URL.
const token = decodeURIComponent(window.location.pathname.split('/').filter(Boolean).at(-1) ?? '')
sendWithEveryCall({ authorization: `Intake ${token}` })
const root = document.getElementById('root')
const first = await firstWords()
if (root) createRoot(root).render(window.location.pathname.startsWith('/correct/') ? <CorrectionApp first={first} /> : <IntakeApp first={first} />)
