import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Staff } from '../../evidence/demo/hub-client.ts'
import { visitAt } from '../../evidence/demo/walk.ts'
import type { Stack } from './stack.ts'

/** A link to click, made through the API as the front desk would; the last one again while it is still open. */
export async function demoLink(stack: Stack): Promise<string> {
  const file = `${stack.folder}/patient-link.txt`
  if (existsSync(file)) {
    const link = readFileSync(file, 'utf8')
    // The page, not the form: asking for the form would say that the patient has opened it.
    const page = await fetch(link, { redirect: 'manual' })
    if (page.status === 200) return link
  }
  const desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
  const { patientUrl } = await desk.createVisit(visitAt(0), 'Dr Okafor')
  writeFileSync(file, patientUrl, { mode: 0o600 })
  return patientUrl
}
