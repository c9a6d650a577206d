import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import '../theme.css'

export function mountStaff(page: ReactNode): void {
  document.documentElement.lang = 'en'
  document.body.className = 'staff'
  const root = document.getElementById('root')
  if (root) createRoot(root).render(page)
}
