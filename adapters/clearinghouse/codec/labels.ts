/**
 * Short words of our own for the codes that a person reads most. The standard's descriptions belong to X12; its lists are open, and
 * a code without a row here passes without a label.
 */
type Labels = Readonly<Record<string, string>>
export interface Coded {
  code: string
  label?: string
}

export const labels = {
  /** What a benefit says. */
  eb01: {
    '1': 'active',
    '2': 'active, the plan pays in full',
    '3': 'active, services pay in full',
    '4': 'active, the plan pays part',
    '5': 'active while the payer looks into it',
    '6': 'inactive',
    '7': 'inactive until the payer updates it',
    '8': 'inactive while the payer looks into it',
    A: 'patient pays a share',
    B: 'patient pays per visit',
    C: 'patient pays first',
    CB: 'basis of coverage',
    D: 'description of a benefit',
    E: 'excluded',
    F: 'limited',
    G: 'most the patient pays',
    H: 'no limit',
    I: 'not covered',
    J: 'cost control',
    K: 'reserve',
    L: 'doctor of first contact',
    M: 'condition existed before',
    MC: 'care is managed by',
    N: 'only at named providers',
    O: 'not deemed necessary',
    P: 'disclaimer',
    Q: 'second opinion needed',
    R: 'another payer',
    S: 'earlier coverage ended',
    T: 'card details',
    U: 'ask this contact',
    V: 'the payer cannot tell',
    W: 'other source of data',
    X: 'health care facility',
    Y: 'spend-down',
  },
  /** Whom a benefit holds for. */
  level: {
    CHD: 'children',
    DEP: 'dependents',
    ECH: 'employee and children',
    EMP: 'employee',
    ESP: 'employee and spouse',
    FAM: 'family',
    IND: 'one person',
    SPC: 'spouse and children',
    SPO: 'spouse',
  },
  serviceType: {
    '1': 'medical care',
    '2': 'surgery',
    '3': 'consultation',
    '4': 'X-ray',
    '5': 'laboratory',
    '6': 'radiation treatment',
    '7': 'anaesthesia',
    '12': 'equipment, bought',
    '18': 'equipment, rented',
    '20': 'second opinion on surgery',
    '23': 'dental check',
    '30': 'the plan as a whole',
    '33': 'chiropractic',
    '35': 'dental',
    '36': 'dental crowns',
    '37': 'dental accident',
    '38': 'orthodontics',
    '41': 'dental, preventive',
    '42': 'home health',
    '45': 'hospice',
    '47': 'hospital',
    '48': 'hospital, staying in',
    '49': 'hospital, room and board',
    '50': 'hospital, as an outpatient',
    '51': 'hospital, emergency accident',
    '52': 'hospital, emergency medical',
    '53': 'hospital, outpatient surgery',
    '54': 'long-term care',
    '56': 'transport by taxi',
    '59': 'transport by ambulance',
    '60': 'general benefits',
    '62': 'MRI or CT',
    '68': 'well-baby care',
    '69': 'maternity',
    '73': 'diagnostic medical',
    '76': 'dialysis',
    '78': 'chemotherapy',
    '80': 'immunisation',
    '81': 'routine check-up',
    '82': 'family planning',
    '83': 'infertility',
    '84': 'abortion',
    '86': 'emergency',
    '88': 'pharmacy',
    '92': 'prescriptions by mail',
    '93': 'podiatry',
    '96': 'physician',
    '98': 'physician, office visit',
    '99': 'physician, hospital visit',
    A0: 'physician, outpatient hospital visit',
    A3: 'physician, home visit',
    A4: 'psychiatry',
    A5: 'psychiatry, room and board',
    A6: 'psychotherapy',
    A7: 'psychiatry, staying in',
    A8: 'psychiatry, outpatient',
    AD: 'occupational therapy',
    AE: 'physical medicine',
    AF: 'speech therapy',
    AG: 'skilled nursing',
    AI: 'substance abuse',
    AJ: 'alcoholism',
    AL: 'vision',
    AM: 'frames',
    AO: 'lenses',
    BB: 'partial hospital, psychiatric',
    BG: 'cardiac rehabilitation',
    BH: 'paediatric',
    BT: 'gynaecology',
    BU: 'obstetrics',
    BV: 'obstetrics and gynaecology',
    BY: 'physician, sick visit in the office',
    BZ: 'physician, well visit in the office',
    CA: 'private nursing, at home',
    CE: 'mental health provider, staying in',
    CF: 'mental health provider, outpatient',
    DM: 'durable equipment',
    MH: 'mental health',
    PT: 'physical therapy',
    UC: 'urgent care',
  },
  insuranceType: {
    C1: 'commercial',
    CO: 'COBRA',
    EP: 'exclusive providers (EPO)',
    GP: 'group policy',
    HM: 'HMO',
    HN: 'HMO, Medicare risk',
    IN: 'indemnity',
    IP: 'individual policy',
    MA: 'Medicare Part A',
    MB: 'Medicare Part B',
    MC: 'Medicaid',
    MP: 'Medicare first',
    OT: 'other',
    PR: 'preferred providers (PPO)',
    PS: 'point of service (POS)',
    QM: 'Medicare beneficiary, qualified',
    SP: 'supplemental policy',
    WC: "workers' compensation",
  },
  /** The time that an amount is for. */
  period: {
    '6': 'an hour',
    '7': 'a day',
    '13': '24 hours',
    '21': 'years',
    '22': 'the benefit year',
    '23': 'the calendar year',
    '24': 'the year so far',
    '25': 'the contract',
    '26': 'a stay or episode',
    '27': 'a visit',
    '28': 'an outlier',
    '29': 'what is left',
    '30': 'over the limit',
    '31': 'not over the limit',
    '32': 'a lifetime',
    '33': 'what is left of a lifetime',
    '34': 'a month',
    '35': 'a week',
    '36': 'an admission',
  },
  quantity: {
    '8H': 'minimum',
    '99': 'quantity used',
    CA: 'covered, actual',
    CE: 'covered, estimated',
    D3: 'age, highest',
    DB: 'deductible blood units',
    DY: 'days',
    HS: 'hours',
    LA: 'lifetime reserve, actual',
    LE: 'lifetime reserve, estimated',
    M2: 'maximum',
    MN: 'months',
    P6: 'services or procedures',
    QA: 'approved',
    S7: 'age, high value',
    S8: 'age, low value',
    VS: 'visits',
    YY: 'years',
  },
  /** EB11: leave of the payer beforehand. */
  authorization: { Y: 'leave needed beforehand', N: 'no leave needed', U: 'unknown whether leave is needed' },
  network: { Y: 'in network', N: 'out of network', W: 'either network', U: 'unknown network' },
  date: {
    '096': 'discharge',
    '152': 'effective from',
    '193': 'period begins',
    '194': 'period ends',
    '198': 'completed',
    '290': 'coordination of benefits',
    '291': 'plan',
    '292': 'benefit',
    '295': 'doctor of first contact',
    '304': 'last visit',
    '307': 'eligibility',
    '318': 'added',
    '340': 'COBRA begins',
    '341': 'COBRA ends',
    '342': 'premium paid from',
    '343': 'premium paid to',
    '346': 'plan begins',
    '347': 'plan ends',
    '348': 'benefit begins',
    '349': 'benefit ends',
    '356': 'eligibility begins',
    '357': 'eligibility ends',
    '382': 'enrolled',
    '435': 'admission',
    '442': 'death',
    '458': 'certified',
    '472': 'service',
    '539': 'policy begins',
    '540': 'policy ends',
    '636': 'last updated',
    '771': 'status',
  },
  reference: {
    '0F': 'subscriber number',
    '18': 'plan number',
    '1L': 'group or policy number',
    '1W': 'member number',
    '3H': 'case number',
    '49': 'family unit number',
    '6P': 'group number',
    '9F': 'referral number',
    ALS: 'list of drugs, other',
    CE: 'class of contract',
    CLI: 'coverage list',
    CT: 'contract number',
    EA: 'medical record number',
    EJ: 'patient account number',
    F6: 'Medicare number',
    FO: 'drug list',
    G1: 'leave number',
    GH: 'number on an id card',
    HJ: 'identity card number',
    IF: 'issue number',
    IG: 'policy number',
    M7: 'medical assistance category',
    MRC: 'eligibility category',
    N6: 'plan network number',
    NQ: 'Medicaid number',
    Q4: 'earlier number',
    SY: 'social security number',
    TPV: 'National Provider Identifier assigned by',
  },
  entity: {
    '03': 'dependent',
    '13': 'contracted provider',
    '1I': 'preferred providers',
    '1P': 'provider',
    '2B': 'administrator',
    '36': 'employer',
    '73': 'other physician',
    FA: 'facility',
    GP: 'gateway',
    GW: 'group',
    I3: 'independent physicians',
    IL: 'insured',
    LR: 'legal representative',
    OC: 'origin carrier',
    P3: 'doctor of first contact',
    P4: 'earlier insurer',
    P5: 'plan sponsor',
    PR: 'payer',
    PRP: 'first payer',
    SEP: 'second payer',
    TTP: 'third payer',
    VN: 'vendor',
    VY: 'organisation',
    X3: 'utilisation management',
    Y2: 'managed care organisation',
  },
  relationship: {
    '01': 'spouse',
    '18': 'self',
    '19': 'child',
    '20': 'employee',
    '21': 'unknown',
    '34': 'other adult',
    '39': 'organ donor',
    '53': 'partner',
    G8: 'other',
  },
  followUp: {
    C: 'correct and ask again',
    N: 'must not be asked again',
    P: 'ask the same again',
    R: 'may be asked again',
    S: 'sent on to someone else; do not ask again',
    W: 'wait 30 days',
    X: 'wait 10 days',
    Y: 'the answer will follow; do not ask again',
  },
  /** TA105. */
  interchangeNote: {
    '000': 'no error',
    '001': 'numbers of header and trailer differ',
    '002': 'unsupported standard',
    '003': 'unsupported version',
    '004': 'terminator cannot be used',
    '005': 'kind of sender id is wrong',
    '006': 'sender id is wrong',
    '007': 'kind of receiver id is wrong',
    '008': 'receiver id is wrong',
    '009': 'unknown receiver',
    '010': 'kind of authorisation is wrong',
    '011': 'authorisation is wrong',
    '012': 'kind of security data is wrong',
    '013': 'security data is wrong',
    '014': 'date is wrong',
    '015': 'time is wrong',
    '016': 'standard is wrong',
    '017': 'version is wrong',
    '018': 'control number is wrong',
    '019': 'acknowledgement wish is wrong',
    '020': 'test mark is wrong',
    '021': 'number of groups is wrong',
    '022': 'control structure is wrong',
    '023': 'the file ends too soon',
    '024': 'content is wrong',
    '025': 'control number was used before',
    '026': 'element separator is wrong',
    '027': 'component separator is wrong',
    '028': 'delivery date is wrong',
    '029': 'delivery time is wrong',
    '030': 'delivery code is wrong',
    '031': 'grade of service is wrong',
  },
  /** IK502, AK502. */
  setNote: {
    '1': 'kind of set is not supported',
    '2': 'trailer is missing',
    '3': 'numbers of header and trailer differ',
    '4': 'count of segments is wrong',
    '5': 'a segment is wrong',
    '6': 'set id is missing or wrong',
    '7': 'set number is missing or wrong',
    '23': 'set number is not unique',
    I5: 'a segment breaks the guide',
    I6: 'the guide named is not supported',
  },
  /** AK905. */
  groupNote: {
    '1': 'kind of group is not supported',
    '2': 'group version is not supported',
    '3': 'trailer is missing',
    '4': 'numbers of header and trailer differ',
    '5': 'count of sets is wrong',
    '6': 'group number breaks the rules',
    '19': 'group number was used before',
  },
  /** IK304, AK304. */
  segmentNote: {
    '1': 'unknown segment',
    '2': 'segment is not expected here',
    '3': 'a required segment is missing',
    '4': 'loop occurs too often',
    '5': 'segment occurs too often',
    '6': 'segment does not belong to the set',
    '7': 'segment is out of order',
    '8': 'segment has wrong elements',
    I4: 'segment is not used by the guide',
    I6: 'a segment depends on another one',
    I7: 'loop occurs too seldom',
    I8: 'segment is below its minimum',
    I9: 'segment is marked as not used',
  },
  /** IK403, AK403. */
  elementNote: {
    '1': 'a required element is missing',
    '2': 'a conditional element is missing',
    '3': 'too many elements',
    '4': 'too short',
    '5': 'too long',
    '6': 'wrong character',
    '7': 'wrong code',
    '8': 'wrong date',
    '9': 'wrong time',
    '10': 'elements exclude each other',
    '12': 'too many repetitions',
    '13': 'too many components',
    I6: 'a code breaks the guide',
    I9: 'depends on another element',
    I10: 'not used by the guide',
    I11: 'differs from what the guide requires',
    I12: 'breaks a pattern of the guide',
    I13: 'a value breaks the guide',
  },
} as const satisfies Record<string, Labels>
export type LabelTable = keyof typeof labels

// One object per known code, shared by all answers: an answer holds hundreds of codes of a few dozen kinds. Nearly all codes are one or
// two capitals or digits, and stand in a row by these: hashing a freshly cut string costs more than reading the rest of its EB.
const [first, range] = [0x30, 0x5a - 0x30 + 1]
const width = range + 1
interface Table {
  short: readonly (Coded | undefined)[]
  /** Codes of three ASCII characters, by `keyOf`: qualifiers of dates. */
  three: ReadonlyMap<number, Coded>
  long: ReadonlyMap<string, Coded>
}
const keyOf = (code: string): number => (code.charCodeAt(0) << 14) | (code.charCodeAt(1) << 7) | code.charCodeAt(2)
/** The place of a short code; -1 for any other. */
function placeOf(code: string): number {
  const a = code.charCodeAt(0) - first
  if (a < 0 || a >= range) return -1
  if (code.length === 1) return a * width
  const b = code.charCodeAt(1) - first
  return code.length === 2 && b >= 0 && b < range ? a * width + b + 1 : -1
}
function tableOf(rows: Labels): Table {
  const short = new Array<Coded | undefined>(range * width).fill(undefined)
  const three = new Map<number, Coded>()
  const long = new Map<string, Coded>()
  for (const [code, label] of Object.entries(rows)) {
    const coded = Object.freeze({ code, label })
    const place = placeOf(code)
    if (place !== -1) short[place] = coded
    else if (code.length === 3) three.set(keyOf(code), coded)
    else long.set(code, coded)
  }
  return { short, three, long }
}
const tables = new Map<LabelTable, Table>()
for (const [name, rows] of Object.entries(labels) as [LabelTable, Labels][]) tables.set(name, tableOf(rows))
const noTable: Table = { short: [], three: new Map(), long: new Map() }

/** A reader of one table; keep it, and call it per code. */
export function coder(name: LabelTable): (code: string) => Coded {
  const { short, three, long } = tables.get(name) ?? noTable
  return (code) => {
    const place = placeOf(code)
    const known = place !== -1 ? short[place] : code.length === 3 ? three.get(keyOf(code)) : long.get(code)
    // A key stands for one code only where all three characters are ASCII.
    return known?.code === code ? known : { code }
  }
}
/** As `coder`, for an element that may be absent. */
export function optionalCoder(name: LabelTable): (code: string | undefined) => Coded | undefined {
  const read = coder(name)
  return (code) => (code === undefined || code === '' ? undefined : read(code))
}
export const labelOf = (name: LabelTable, code: string): string | undefined => coder(name)(code).label

/** A row of a table by a code that came from outside: never what an object has from its prototype. */
export const rowOf = <T>(table: Readonly<Record<string, T>>, code: string | undefined): T | undefined =>
  code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined
