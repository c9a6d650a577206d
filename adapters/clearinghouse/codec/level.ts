import type { EligibilityAnswerV2, ToldPerson } from '@heliox/core/billing'
import { tag } from './lines.ts'
import { addToParty, nameSaysMore, type Party, type Period, readParty, readPeriod, told } from './party.ts'
import { type Level, type Scan, segmentOf } from './patients.ts'
import { isoDate } from './periods.ts'

type Person = NonNullable<EligibilityAnswerV2['subscriber']>

/** Who stands at a level, with what is said of them before the first benefit. */
export interface LevelSays {
  party: Party | undefined
  birthDate: string | undefined
  /** DMG02, also where it is no date: it was told, and is not ours. */
  birthDateTold: boolean
  sex: string | undefined
  relationship: string | undefined
  /** INS03/04 `001/25`: the payer corrected who the patient is. */
  corrected: boolean
  dates: Period[]
  patientAccount: string | undefined
  other: string[][]
}

/** Once per level. */
export function saysOf(scan: Scan, level: Level): LevelSays {
  level.says ??= readLevel(scan, level)
  return level.says
}

function readLevel(scan: Scan, level: Level): LevelSays {
  const says: LevelSays = {
    party: undefined,
    birthDate: undefined,
    birthDateTold: false,
    corrected: false,
    sex: undefined,
    relationship: undefined,
    dates: [],
    patientAccount: undefined,
    other: [],
  }
  for (let i = level.from; i < level.benefitsFrom; i += 1) {
    const what = scan.tags[i]
    // Read for the verdict already.
    if (what === tag.TRN || what === tag.AAA) continue
    const segment = segmentOf(scan, i)
    if (!place(says, what, segment)) says.other.push(segment)
  }
  return says
}

/** False: the segment says more than the fields hold. */
function place(says: LevelSays, what: number | undefined, segment: string[]): boolean {
  switch (what) {
    case tag.NM1:
      if (says.party) return false
      says.party = readParty(segment)
      return !nameSaysMore(segment)
    case tag.DTP:
      says.dates.push(readPeriod(segment))
      return segment.length <= 4
    case tag.DMG:
      if (segment[1] === 'D8' && segment[2]) {
        says.birthDate = isoDate(segment[2])
        says.birthDateTold = true
      }
      says.sex = told(segment[3])
      return segment.length <= 4
    case tag.INS:
      says.relationship = told(segment[2])
      says.corrected = segment[3] === '001' && segment[4] === '25'
      return segment.length <= 5
    case tag.REF:
      if (segment[1] === 'EJ') says.patientAccount ??= told(segment[2])
      break
  }
  return says.party !== undefined && addToParty(says.party, segment)
}

/** A level's party as a person: an organisation's specialty is left out. Field by field: spreading costs several times as much. */
export function personOf({ party, birthDate, sex }: LevelSays): Person | undefined {
  if (!party) return undefined
  const { entity, type, name, givenName, middleName, suffix, idQualifier, id, address, references, contacts } = party
  return { entity, type, name, givenName, middleName, suffix, idQualifier, id, address, references, contacts, birthDate, sex }
}

/** Who is answered about, as far as it can be compared with whom we asked about. The subscriber's id where a dependent has none. */
export function toldPerson(says: LevelSays, subscriber: LevelSays | undefined): ToldPerson {
  const { party, birthDate, birthDateTold, corrected } = says
  return {
    memberId: filled(party?.id) ?? filled(subscriber?.party?.id),
    familyName: filled(party?.name),
    givenName: filled(party?.givenName),
    birthDate: birthDateTold ? (birthDate ?? 'unreadable') : null,
    corrected,
  }
}
const filled = (value: string | undefined): string | null => value?.trim() || null
