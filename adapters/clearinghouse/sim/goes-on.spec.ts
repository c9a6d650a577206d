import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Scenario } from './scenario/scenario.ts'
import { type Running, startSimulation } from './simulation.ts'
import { ask270, file270, set270 } from './testing/ask.ts'
import { drive, type SimDriven, token } from './testing/child.ts'

const from = 'from-clearinghouse'
const looks = ['clock', 'waiting', 'scenario', 'effects', 'effects/each', 'log', 'files'] as const
const scenario = {
  name: 'all sorts',
  batch: { order: 'reversed' },
  rules: [
    { name: 'twice', times: 2, when: { member: 'TWICE*' }, does: { behaviour: 'empty' } },
    { when: { member: 'LATE*' }, does: { behaviour: 'pending', readyAfterMs: 5_000, polls: 2 } },
    { when: { member: 'TORN*' }, does: { behaviour: 'truncated', restAfterMs: 60_000 } },
  ],
}
const batch = file270(['HX1', 'TORN2', 'DEP3'].map((member, n) => set270({ st: `000${n + 1}`, trace: `B${n}`, member })))

/** One life of the simulator, of as many processes as it is told to begin anew; nothing is told to the journal at an end. */
class Life {
  readonly heard: unknown[] = []
  readonly #journal: string
  #running: Running | undefined
  #sim: SimDriven | undefined
  #place = ''
  #bearer = ''

  constructor(journal: string) {
    this.#journal = journal
  }
  get sim(): SimDriven {
    if (!this.#sim) throw new Error('not begun')
    return this.#sim
  }
  async begin(): Promise<void> {
    await this.end()
    const clock = { now: new Date('2026-11-23T15:00:00Z'), frozen: true }
    this.#running = await startSimulation({ token, port: 0, sftpPort: 0, sftpKeys: '', clock, scenario: undefined, journal: this.#journal })
    this.#sim = drive(this.#running)
  }
  async end(): Promise<void> {
    await this.#sim?.leave()
    await this.#running?.stop()
    this.#running = undefined
  }

  async tell(path: string, body?: unknown, method?: 'POST' | 'PUT'): Promise<void> {
    this.heard.push(await this.sim.tell(path, body, method))
  }
  async post(member: string, key: string, bearer = token): Promise<void> {
    const headers = { 'idempotency-key': key, authorization: `Bearer ${bearer}` }
    const response = await this.sim.post(ask270({ trace: `TR${key}`, member }), headers)
    this.#place = response.headers.get('location') ?? this.#place
    this.heard.push([response.status, response.text])
  }
  async poll(): Promise<void> {
    const { status, text } = await this.sim.get(this.#place)
    this.heard.push([status, text])
  }
  async logIn(): Promise<void> {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'x', client_secret: token })
    const response = await fetch(`${this.sim.url}/oauth/token`, { method: 'POST', body })
    this.#bearer = ((await response.json()) as { access_token: string }).access_token
  }
  postAsLoggedIn(member: string, key: string): Promise<void> {
    return this.post(member, key, this.#bearer)
  }
  async put(name: string): Promise<void> {
    await (await this.sim.open()).put(Buffer.from(batch), `to-clearinghouse/${name}`)
  }
  async rename(name: string, to: string): Promise<void> {
    await (await this.sim.open()).rename(`to-clearinghouse/${name}`, `to-clearinghouse/${to}`)
  }
  async removeFirst(): Promise<void> {
    const client = await this.sim.open()
    const [first] = (await client.list(from)).map(({ name }) => name).sort()
    this.heard.push([
      first,
      await client.delete(`${from}/${first}`).then(
        () => 'removed',
        () => 'refused',
      ),
    ])
  }
  async looksLike(): Promise<Record<string, unknown>> {
    return Object.fromEntries(await Promise.all(looks.map(async (what) => [what, await this.sim.look(`/_sim/${what}`)] as const)))
  }
  async answers(): Promise<Record<string, string>> {
    const client = await this.sim.open()
    const names = (await client.list(from)).map(({ name }) => name).sort()
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, `${await client.get(`${from}/${name}`)}`] as const)))
  }
}

/** Each leaves something behind that a later one meets. */
const steps: readonly ((life: Life) => Promise<void>)[] = [
  (life) => life.tell('/_sim/scenario', scenario, 'PUT'),
  (life) => life.post('TWICE', 'a'),
  (life) => life.post('TWICE', 'b'),
  (life) => life.post('TWICE', 'c'),
  (life) => life.post('TWICE', 'c'),
  (life) => life.post('LATE', 'd'),
  (life) => life.post('LATE', 'd'),
  (life) => life.poll(),
  (life) => life.logIn(),
  (life) => life.put('b.tmp'),
  (life) => life.rename('b.tmp', 'b.x12'),
  async (life) => {
    await life.put('again.tmp')
    await life.rename('again.tmp', 'again.x12')
  },
  (life) => life.tell('/_sim/clock/advance', { ms: 300 }),
  (life) => life.tell('/_sim/clock/advance', { ms: 1_900 }),
  (life) => life.poll(),
  (life) => life.postAsLoggedIn('HX9', 'e'),
  (life) => life.tell('/_sim/sftp', { refuseRemove: 1 }),
  (life) => life.removeFirst(),
  (life) => life.removeFirst(),
  (life) => life.tell('/_sim/faults', { mode: 'rejects', times: 2 }),
  (life) => life.post('HX10', 'f'),
  (life) => life.post('HX11', 'g'),
  (life) => life.post('HX12', 'h'),
  (life) => life.tell('/_sim/clock/advance', { ms: 60_000 }),
  (life) => life.poll(),
  (life) => life.tell('/_sim/sftp/host-key'),
  (life) => life.tell('/_sim/tokens/expire'),
  (life) => life.postAsLoggedIn('HX13', 'i'),
  (life) => life.tell('/_sim/clock', { now: '2026-11-23T14:00:00Z', speed: 2 }, 'PUT'),
]

describe('A clearinghouse with a journal', () => {
  let folder = ''
  const lives: Life[] = []
  const newLife = async (name: string): Promise<Life> => {
    const life = new Life(join(folder, name))
    lives.push(life)
    await life.begin()
    return life
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sim-goes-on-'))
  })
  afterEach(async () => {
    await Promise.all(lives.splice(0).map((life) => life.end()))
    rmSync(folder, { recursive: true, force: true })
  })

  it('begun anew behind each of many steps is what it is without', async () => {
    const [whole, pieces] = [await newLife('whole'), await newLife('pieces')]
    for (const step of steps) await step(whole)
    for (const step of steps) {
      await step(pieces)
      await pieces.begin()
    }
    // It says which host key it shows when it begins only.
    await whole.begin()
    const said = async (life: Life) => [life.heard, await life.looksLike(), await life.answers(), life.sim.sftp.hostKeySha256]
    const expected = await said(whole)
    for (const mark of ['"refused"', 'duplicateInterchange', 'file-torn', 'repeatedInquiry', 'all sorts']) expect(JSON.stringify(expected)).to.include(mark)
    expect(await said(pieces)).to.deep.equal(expected)
  })
  it('forgets for good what a reset took', async () => {
    const life = await newLife('reset')
    for (const step of steps.slice(0, 14)) await step(life)
    await life.tell('/_sim/reset')
    const before = await life.looksLike()
    await life.begin()
    const after = await life.looksLike()
    expect(after).to.deep.equal(before)
    expect([after.effects, after['effects/each'], after.log, after.waiting]).to.deep.equal([{ checkEligibility: { count: 0, byKey: {} } }, [], [], []])
    expect(after.scenario).to.deep.equal({ ...Scenario.parse({}), used: [] })
  })
})
