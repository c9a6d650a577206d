/** 270s as plain text, for tests that must not use the code under test. */
export interface Asking {
  st: string
  trace: string
  payer: string
  member: string
  /** Asked as a dependent of the subscriber `member`. */
  dependent: boolean
}
const usual: Asking = { st: '0001', trace: 'TRACE1', payer: 'HELIO1', member: 'HX4471002', dependent: false }

export function set270(changes: Partial<Asking> = {}): string {
  const { st, trace, payer, member, dependent } = { ...usual, ...changes }
  const trn = `TRN*1*${trace}*9HELIOXHUB`
  const rows = [
    `ST*270*${st}*005010X279A1`,
    `BHT*0022*13*REF${trace}*20261122*0400`,
    'HL*1**20*1',
    `NM1*PR*2*HELIO HEALTH PLAN*****PI*${payer}`,
    'HL*2*1*21*1',
    'NM1*1P*2*LAKESIDE CLINIC*****XX*1234567893',
    `HL*3*2*22*${dependent ? 1 : 0}`,
    ...(dependent ? [] : [trn]),
    `NM1*IL*1*MARLOWE*ROSA****MI*${member}`,
    ...(dependent ? ['HL*4*3*23*0', trn, 'NM1*03*1*MARLOWE*KIT', 'DMG*D8*20140302*M', 'INS*N*19'] : ['DMG*D8*19840617*F']),
    'DTP*291*D8*20261201',
    'EQ*30',
  ]
  return [...rows, `SE*${rows.length + 1}*${st}`, ''].join('~')
}
export function file270(sets: readonly string[], options: { control?: number; usage?: string } = {}): string {
  const { control = 101, usage = 'T' } = options
  const isa13 = `${control}`.padStart(9, '0')
  return [
    `ISA*00*          *00*          *ZZ*HELIOXHUB      *ZZ*CLEARSIM       *261122*0400*^*00501*${isa13}*0*${usage}*:~`,
    `GS*HS*HELIOXHUB*CLEARSIM*20261122*0400*${control}*X*005010X279A1~`,
    ...sets,
    `GE*${sets.length}*${control}~IEA*1*${isa13}~`,
  ].join('')
}
export const ask270 = (changes: Partial<Asking> = {}, options: { control?: number; usage?: string } = {}): string => file270([set270(changes)], options)
