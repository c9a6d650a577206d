/** The half of the oracle that knows what a 271 means; the other half knows which ones verify. */
export interface Marks {
  element: string
  repetition: string | null
  component: string
  terminator: string
}
export type Cells = string[]

export const sameCount = (said: string, is: number): boolean => /^\d{1,10}$/.test(said) && Number(said) === is

/** One ST..SE: its patients' verdicts, or nothing when it does not verify. A 271 that is no tree of people speaks of nobody. */
export function verdictsOfSet(rows: Cells[], groupVersion: string, marks: Marks): string[] | undefined {
  const [st, se] = [rows[0], rows.at(-1)]
  if (st?.[0] !== 'ST' || se?.[0] !== 'SE' || !sameCount(se[1] ?? '', rows.length) || se[2] !== st[2] || st[2] === '' || st[2] === undefined) return undefined
  if (st[1] !== '271') return []
  const nodes = levels(rows.slice(1, -1))
  const [, bht] = rows
  const readable = /^00(5010X279(A1)?|4010X092(A1)?)$/.test(st[3] || groupVersion)
  // A second BHT is the head of another set, whose own head and end were lost.
  if (!nodes || !readable || bht?.[0] !== 'BHT' || bht[1] !== '0022' || rows.slice(2).some((row) => row[0] === 'BHT')) return ['unknown']
  return patientsOf(nodes).map((node) => verdictOf(node, bht[4] ?? '', marks))
}

interface Level {
  kind: string
  parent: Level | undefined
  children: Level[]
  rows: Cells[]
}
const above: Record<string, string | undefined> = { '20': undefined, '21': '20', '22': '21', '23': '22' }
const known = 'BHT TRN NM1 REF N3 N4 PER PRV AAA INS DMG HI MPI DTP EB HSD MSG III LS LE'.split(' ')
const has = (node: Level, ...tags: string[]): boolean => node.rows.some((row) => tags.includes(row[0] ?? ''))

/** The tree by HL01 and HL02; nothing when it is none. */
function levels(rows: Cells[]): Level[] | undefined {
  const nodes = new Map<string, Level>()
  const parents: (readonly [Level, string])[] = []
  for (const row of rows) {
    const [tag = '', id = '', parentId = '', kind = ''] = row
    const current = parents.at(-1)?.[0]
    if (tag !== 'HL') {
      // In front of the first level there is no place for what is said of a person, nor for what a 271 does not have.
      if (!current && (!known.includes(tag) || tag === 'EB' || tag === 'AAA')) return undefined
      current?.rows.push(row)
      continue
    }
    if (id === '' || nodes.has(id) || !(kind in above)) return undefined
    const node: Level = { kind, parent: undefined, children: [], rows: [] }
    nodes.set(id, node)
    parents.push([node, parentId])
  }
  for (const [node, parentId] of parents) {
    node.parent = nodes.get(parentId)
    if ((parentId !== '' && !node.parent) || node.parent?.kind !== above[node.kind]) return undefined
    node.parent?.children.push(node)
  }
  return nodes.size > 0 ? [...nodes.values()] : undefined
}

/** Who is answered about: whoever stands lowest, and a subscriber above dependents who was asked about as well. */
function patientsOf(nodes: Level[]): Level[] {
  const traces = (node: Level) => node.rows.filter((row) => row[0] === 'TRN').map((row) => row[2] ?? '')
  return nodes.filter((node) => {
    if (node.children.length === 0) return true
    const own = traces(node)
    // The same trace again below: one answer, told at the dependent.
    if (node.kind !== '22' || node.children.some((child) => traces(child).some((trace) => own.includes(trace)))) return false
    // A trace here, the answer at the one dependent without a trace of its own: that dependent's.
    const answeredBelow = node.children.filter((child) => traces(child).length === 0 && has(child, 'EB', 'AAA')).length === 1
    return has(node, 'EB', 'AAA') || (own.length > 0 && !answeredBelow)
  })
}

/** Segments before the first EB, and then each EB with what stands below it; what LS..LE wraps speaks of others. */
function partsOf(node: Level): { own: Cells[]; benefits: Cells[][] } {
  const parts: Cells[][] = [[]]
  let wrapped = false
  for (const row of node.rows) {
    if (row[0] === 'EB') parts.push([])
    wrapped = parts.length > 1 && (row[0] === 'LS' || (wrapped && row[0] !== 'LE' && row[0] !== 'EB'))
    // A refusal is heard wherever it stands.
    if (!wrapped || row[0] === 'AAA') parts.at(-1)?.push(row)
  }
  const [own = [], ...benefits] = parts
  return { own, benefits }
}

const medical = ['1', '47', '48', '50', '51', '52', '86', '96', '98', 'A0', 'A3', 'BY', 'BZ', 'UC']

function verdictOf(node: Level, day: string, marks: Marks): string {
  const path: Level[] = []
  for (let at: Level | undefined = node; at; at = at.parent) path.push(at)
  const owns = path.map((level) => partsOf(level).own)
  const said = ['22', '23'].includes(node.kind) ? partsOf(node).benefits : []
  const isStatus = ([eb]: Cells[]) => /^[1-8]$/.test(eb?.[1] ?? '') && !eb?.[13]
  const untilRefused = (rows: Cells[]) => rows.slice(0, rows.findIndex((row) => row[0] === 'AAA') >>> 0)
  // What cannot be read where it decides, and what a 271 does not have, makes the whole level and those below it unknown.
  if (path.some((level) => level.rows.some((row) => !known.includes(row[0] ?? '')))) return 'unknown'
  if ([...owns.flat(), ...said.filter(isStatus).flatMap(untilRefused)].some((row) => isDeciding(row) && !spanOf(row))) return 'unknown'
  if ([...owns.flat(), ...said.flat()].some((row) => row[0] === 'AAA' && ((row[3] ?? '').length > 3 || (row[4] ?? '').length > 2))) return 'unknown'
  if (owns.flat().some((row) => row[0] === 'AAA')) return 'rejected'

  const [own = [], next = []] = owns
  const levels = (node.kind === '23' ? [own, next] : [own]).map((rows) => rows.filter(isDeciding))
  const refused = (benefit: Cells[]) => benefit.some((row) => row[0] === 'AAA')
  const statuses = said.filter((benefit) => isStatus(benefit) && !refused(benefit))
  const services = ([eb]: Cells[]): string[] =>
    (marks.repetition === null ? [eb?.[3] ?? ''] : (eb?.[3] ?? '').split(marks.repetition)).filter((code) => code !== '')
  const plain = statuses.filter((benefit) => services(benefit).includes('30'))
  const plan =
    plain.length > 0 ? plain : statuses.filter((benefit) => services(benefit).length === 0 || services(benefit).some((code) => medical.includes(code)))
  const isActive = ([eb]: Cells[]) => (eb?.[1] ?? '') <= '5'
  const active = plan.filter(isActive)
  const today = active.filter((benefit) => isOn(day, [benefit.filter(isDeciding), ...levels]))
  const against = plan.filter((benefit) => !isActive(benefit))
  if (today.length > 0) return against.some((benefit) => holds(benefit, day)) ? 'mixed' : 'active'
  if (against.length > 0) return 'inactive'
  // V: the payer cannot tell, whatever else it refuses.
  if (active.length > 0 || said.some(([eb]) => eb?.[1] === 'V')) return 'unknown'
  return said.some(refused) ? 'rejected' : 'unknown'
}

const begins = ['340', '346', '348', '356', '539']
const ends = ['341', '347', '349', '357', '442', '540']
const spans = ['291', '292', '307']
const isDeciding = (row: Cells): boolean => row[0] === 'DTP' && [...begins, ...ends, ...spans].includes(row[1] ?? '')

/** First and last day of a DTP; nothing when it cannot be read. */
function spanOf([, qualifier = '', format = '', value = '']: Cells): [from: string, to: string] | undefined {
  const days = format === 'RD8' ? value.split('-') : [value]
  const [from = '', to = ''] = days
  if (days.length !== (format === 'RD8' ? 2 : 1) || !['D8', 'RD8'].includes(format) || !days.every(isDay)) return undefined
  if (format === 'RD8') return [from, to]
  return ends.includes(qualifier) ? ['', from] : [from, '99999999']
}
function isDay(text: string): boolean {
  if (!/^\d{8}$/.test(text)) return false
  const day = new Date(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10).replaceAll('-', '') === text
}

/**
 * Nearest dates first. The nearest that are told at all must hold the day. As long as none says when it ends, the ends told farther out are
 * looked for: the day must not be behind any of those that stand together at the nearest place that has one.
 */
function isOn(day: string, levels: readonly Cells[][]): boolean {
  const nearest = levels.find((rows) => rows.length > 0) ?? []
  const lastDays = levels.map((rows) => rows.map((row) => spanOf(row)?.[1] ?? '0').filter((to) => !to.startsWith('9999'))).find((days) => days.length > 0) ?? []
  return holds(nearest, day) && lastDays.every((to) => isDay(day) && day <= to)
}

/** Every date that decides must hold the day; CCYYMMDD compares as text, 9999 has no end. A day that is none is held by no date. */
function holds(rows: Cells[], day: string): boolean {
  return rows.filter(isDeciding).every((row) => {
    const [from, to] = spanOf(row) ?? ['9', '0']
    return isDay(day) && from <= day && (day <= to || to.startsWith('9999'))
  })
}
