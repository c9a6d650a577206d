import { type ResourceType, resourceTypes } from './resource.ts'

/** What a server does and does not do; its CapabilityStatement is made of the same values. */
export interface Rules {
  transaction: boolean
  batch: boolean
  conditionalCreate: boolean
  conditionalUpdate: boolean
  /** Versions are told (ETag) and asked for (If-Match). A server without takes every update. */
  versioned: boolean
  writes: Readonly<Record<ResourceType, readonly ('create' | 'update')[]>>
  /** All that there are, where not named. */
  searchParams?: Partial<Record<ResourceType, readonly string[]>>
  /** A search of Appointments names one of these, and a date with it; or an `_id`. */
  appointmentsOf?: readonly string[]
  /** Which status may follow which; where not named, every one. */
  statusSteps?: Readonly<Record<string, readonly string[]>>
}

const both = ['create', 'update'] as const
const all = Object.fromEntries(resourceTypes.map((type) => [type, both])) as unknown as Rules['writes']
const plain: Rules = { transaction: true, batch: true, conditionalCreate: true, conditionalUpdate: true, versioned: true, writes: all }
/** Where nobody told us that a server can do it, its stand-in cannot. */
const least: Rules = { ...plain, transaction: false, conditionalCreate: false, conditionalUpdate: false }

/**
 * Our reading of what is published, none of it tried with the vendor, and every site is set up in its own way. Only what we have read
 * is here; where we know nothing, the stand-in does the least that a server of FHIR R4 may do.
 */
export const vendors = {
  plain,
  // Appointments are read as R4 and booked by operations of an older FHIR ($find, $book), which this stand-in does not have.
  epic: { ...least, writes: { ...all, Appointment: [] } },
  // Appointments are created, and change their status in fixed sequences; a search of them wants a date with whose they are.
  cerner: {
    ...least,
    searchParams: { Appointment: ['_id', 'patient', 'practitioner', 'location', 'date', 'status'] },
    appointmentsOf: ['patient', 'practitioner', 'location'],
    statusSteps: {
      proposed: ['booked', 'cancelled'],
      booked: ['arrived', 'checked-in', 'cancelled'],
      arrived: ['checked-in', 'cancelled'],
      'checked-in': ['fulfilled', 'cancelled'],
    },
  },
  allscripts: least,
} as const satisfies Record<string, Rules>
export type Vendor = keyof typeof vendors
export const isVendor = (name: unknown): name is Vendor => typeof name === 'string' && Object.hasOwn(vendors, name)
