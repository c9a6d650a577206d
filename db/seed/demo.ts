import type { EligibilityRouteName } from '@heliox/core/billing'
import type { BatchRule, Canary, PayerCalendar } from '@heliox/core/catalog'
import type { Role } from '@heliox/core/identity'
import type { LanguageTag } from '@heliox/core/kit'
import type { z } from 'zod'

/** The demo's people and ids: fixed, so that a link or a screenshot means the same on every machine. Development only. */
export const demoPassword = 'lakeside-demo-1'

interface DemoUser {
  id: string
  email: string
  displayName: string
  roles: Role[]
}
export interface DemoTenant {
  id: string
  slug: string
  name: string
  region: 'us-east' | 'eu-west'
  timeZone: string
  npi: string
  brandColour: string
  contactPhone: string
  languages: LanguageTag[]
  users: DemoUser[]
}

const lakeside: DemoTenant = {
  id: '018f3c00-0000-7000-8000-000000000001',
  slug: 'lakeside',
  name: 'Lakeside Clinic',
  region: 'us-east',
  timeZone: 'America/Chicago',
  npi: '1234567893',
  brandColour: '#0f5f6b',
  contactPhone: '+1 312 555 0142',
  languages: ['en', 'es'],
  users: [
    { id: '018f3c00-0000-7000-8000-000000000011', email: 'desk@lakeside.example', displayName: 'Dana Desk', roles: ['front-desk'] },
    { id: '018f3c00-0000-7000-8000-000000000012', email: 'ops@lakeside.example', displayName: 'Omar Ops', roles: ['ops'] },
    // What one of operations proposes, the other approves.
    { id: '018f3c00-0000-7000-8000-000000000015', email: 'ops2@lakeside.example', displayName: 'Olga Ops', roles: ['ops'] },
    { id: '018f3c00-0000-7000-8000-000000000013', email: 'admin@lakeside.example', displayName: 'Ada Admin', roles: ['admin'] },
    { id: '018f3c00-0000-7000-8000-000000000014', email: 'analyst@lakeside.example', displayName: 'Anna Lyst', roles: ['analyst'] },
  ],
}
/** Of another region: a cell of the other’s refuses it. */
const rhein: DemoTenant = {
  id: '018f3c00-0000-7000-8000-000000000002',
  slug: 'rhein',
  name: 'Rheinpraxis',
  region: 'eu-west',
  timeZone: 'Europe/Berlin',
  npi: '1245319599',
  brandColour: '#1d4f91',
  contactPhone: '+49 221 555 0142',
  languages: ['de', 'en', 'fr'],
  users: [{ id: '018f3c00-0000-7000-8000-000000000021', email: 'ops@rhein.example', displayName: 'Rita Rhein', roles: ['ops', 'admin', 'front-desk'] }],
}
export const demo = { lakeside, rhein, tenants: [lakeside, rhein], password: demoPassword } as const
/** The demo clinic that a cell of this region serves. */
export function demoClinicOf(region: string): DemoTenant {
  const found = demo.tenants.find((tenant) => tenant.region === region)
  if (!found) throw new Error(`no demo clinic is in the region ${region}`)
  return found
}

interface DemoPayer {
  id: string
  name: string
  timeZone: string
  route?: EligibilityRouteName
  calendar?: Omit<z.input<typeof PayerCalendar>, 'timeZone'>
  batchRule?: z.input<typeof BatchRule>
  canaries?: readonly Canary[]
  aliases?: readonly string[]
  cardPayerIds?: readonly string[]
  supported?: boolean
}
export const demoPayers: readonly DemoPayer[] = [
  { id: 'HELIO1', name: 'Helio Health Plan', timeZone: 'America/New_York', aliases: ['Helio', 'HHP', 'Sunrise Health'], cardPayerIds: ['60054'] },
  {
    id: 'NORTH2',
    name: 'Northwind Mutual',
    timeZone: 'America/Chicago',
    aliases: ['Northwind', 'NWM'],
    cardPayerIds: ['87726'],
    calendar: { usFederalHolidays: true },
    // Nobody has this number: a payer that knows it knows everybody.
    canaries: [{ known: 'inactive', memberId: 'UNKNOWN9001', givenName: 'Nobody', familyName: 'Canary', birthDate: '1970-01-01', payerSex: 'F' }],
  },
  { id: 'QUIET3', name: 'Quiet Valley Insurance', timeZone: 'America/Denver' },
  {
    id: 'SLOWB4',
    name: 'Slow River Benefits',
    timeZone: 'America/New_York',
    route: 'batch',
    // Sunday from ten in the evening, and on over midnight.
    calendar: {
      usFederalHolidays: true,
      closed: [
        { day: 0, from: '22:00', to: '24:00' },
        { day: 1, from: '00:00', to: '04:00' },
      ],
    },
  },
  { id: 'DUALS5', name: 'Dual Summit Health', timeZone: 'America/Los_Angeles', route: 'real-time-or-batch', calendar: { usFederalHolidays: true } },
  // Nobody can ask it by computer.
  { id: 'RURAL6', name: 'Rural Care Cooperative', timeZone: 'America/Denver', aliases: ['Rural Coop'], supported: false },
]

/** What each demo clinic runs. Earlier versions stay activated for what they still have under way. */
export const demoFlows: readonly { flow: string; version: number }[] = [
  { flow: 'intake', version: 1 },
  { flow: 'eligibility', version: 1 },
  { flow: 'eligibility', version: 2 },
  { flow: 'eligibility', version: 3 },
  { flow: 'eligibility', version: 4 },
  { flow: 'clearinghouse-batch', version: 1 },
  { flow: 'clearinghouse-batch', version: 2 },
  { flow: 'clearinghouse-batch', version: 3 },
  { flow: 'payer-canary', version: 1 },
  { flow: 'eligibility-case', version: 1 },
  { flow: 'case-decision', version: 1 },
  { flow: 'intake-corrected', version: 1 },
  { flow: 'ehr-writeback', version: 1 },
  { flow: 'ehr-writeback', version: 2 },
  { flow: 'ehr-writeback', version: 3 },
  { flow: 'visit-change', version: 1 },
  { flow: 'visit-cover', version: 1 },
  { flow: 'visit-told', version: 1 },
  { flow: 'ehr-appointment', version: 1 },
  { flow: 'ehr-booking', version: 1 },
  { flow: 'payment', version: 1 },
  { flow: 'payment', version: 2 },
  { flow: 'payment-fact', version: 1 },
  { flow: 'payment-check', version: 1 },
  { flow: 'charge', version: 1 },
  { flow: 'charge-confirm', version: 1 },
  { flow: 'charge-check', version: 1 },
  { flow: 'refund', version: 1 },
  { flow: 'document-scan', version: 1 },
  { flow: 'document-scan', version: 2 },
  { flow: 'notify', version: 1 },
  { flow: 'notify', version: 2 },
  { flow: 'notify', version: 3 },
  { flow: 'message', version: 1 },
  { flow: 'message-fact', version: 1 },
  { flow: 'message-code', version: 1 },
  { flow: 'legacy-appointment', version: 1 },
  { flow: 'legacy-mirror', version: 1 },
  { flow: 'legacy-handover', version: 1 },
]

/** Where a simulator of a demo clinic calls us: fixed, so that it can be told before anything runs. Development only. */
export const demoHookKey = (tenant: Pick<DemoTenant, 'slug'>, adapterId: string): string => `demo-${tenant.slug}-${adapterId}`.padEnd(32, '0')
