import { randomUUID } from 'node:crypto'
import { type BenchLine, printLine } from '../../docker/local/bench-line.ts'
import { withThrowAwayPostgres } from '../../docker/local/throw-away.ts'
import { openTestHub, type TestHub } from '../fixtures.ts'

/**
 * What an effect costs in a ledger of 24 months against one of a single month, filled alike and measured in turns, and what its rows take.
 * Times are medians, of the whole way: our client, the transactions, the sealing. On a shared machine only the ratios of one run mean anything.
 */
const rowsPerMonth = 1_000
const rounds = 8
const effectsPerRound = 30
const keyChecks = 200
const present = '2026-02-01'

const startedMs = performance.now()
const progress = (text: string) => process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${text}\n`)
const say = (line: BenchLine): void => void process.stdout.write(`${printLine(line)}\n`)
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** From its first lease to its recorded answer. */
async function oneEffect(hub: TestHub): Promise<number> {
  const { ledger } = hub.engine.stores
  const ref = { tenantId: hub.tenantId, rootId: randomUUID(), flow: 'intake', version: 1, step: 'ask payer', intakeId: randomUUID(), ledgerMonth: present }
  const options = { owner: 'engine-1', leaseMs: 20_000, replay: 'never', keyedForMs: null, triesMax: 4, now: hub.now } as const
  const beganMs = performance.now()
  const started = await ledger.start(ref, { partner: 'clearinghouse', operation: 'checkEligibility.v2' }, '{"member":"A"}', options)
  if (started.is !== 'go') throw new Error(`a new effect may go, and is ${started.is}`)
  const answer = { is: 'answered', port: 'ok', value: { verdict: 'active' }, reconciled: false, suspicions: [] } as const
  await ledger.end(ref, started.effectId, started.fencing, answer, hub.now)
  return performance.now() - beganMs
}

/** Months that end with the present one, each with as many copies of an answered effect and its attempt. */
async function fill(hub: TestHub, months: number): Promise<void> {
  const { owner } = hub
  for (let back = 0; back < months; back += 1)
    await owner.query('SELECT messaging.open_ledger_month(($1::date - make_interval(months => $2))::date)', [present, back])
  await oneEffect(hub)
  for (let back = 0; back < months; back += 1) {
    const copies = `generate_series(1, ${rowsPerMonth}) AS i, LATERAL (SELECT md5('effect${back}/' || i)::uuid AS id, md5('root${back}/' || i)::uuid AS root_id,
      ('${present}'::date - make_interval(months => ${back}))::date AS ledger_month) AS its`
    await copyOnce(owner, copies)
  }
  await owner.query('VACUUM ANALYZE messaging.effects, messaging.effect_attempts')
}

async function copyOnce(owner: TestHub['owner'], copies: string): Promise<void> {
  // Many at once: the foreign key's check would be planned anew for each row.
  await owner.query(`SET plan_cache_mode = force_generic_plan;
    CREATE TEMP TABLE effect AS SELECT * FROM messaging.effects LIMIT 1;
    CREATE TEMP TABLE attempt AS SELECT * FROM messaging.effect_attempts LIMIT 1;
    INSERT INTO messaging.effects SELECT copy.* FROM effect, ${copies}, LATERAL jsonb_populate_record(NULL::messaging.effects, to_jsonb(effect)
      || jsonb_build_object('id', its.id, 'root_id', its.root_id, 'intake_id', its.root_id, 'ledger_month', its.ledger_month)) AS copy;
    INSERT INTO messaging.effect_attempts SELECT copy.* FROM attempt, ${copies}, LATERAL jsonb_populate_record(NULL::messaging.effect_attempts, to_jsonb(attempt)
      || jsonb_build_object('effect_id', its.id, 'ledger_month', its.ledger_month)) AS copy;
    DROP TABLE effect, attempt; RESET plan_cache_mode`)
}

/** Of the present month with its indexes, without what was there before the copies and is gone. */
async function bytesOfRow(hub: TestHub, table: string): Promise<number> {
  const found = await hub.owner.query<{ bytes: number }>(
    `SELECT pg_total_relation_size('messaging.${table}')::float8 / count(*) AS bytes FROM messaging.${table}`,
  )
  return found.rows[0]?.bytes ?? Number.NaN
}

/** How long the check of an attempt's foreign key takes, as PostgreSQL says itself. */
async function foreignKeyMs(hub: TestHub): Promise<number> {
  const client = await hub.owner.connect()
  const times: number[] = []
  try {
    await client.query('BEGIN')
    for (let fencing = 2; fencing < 2 + keyChecks; fencing += 1) {
      const found = await client.query<{ 'QUERY PLAN': { Triggers: { 'Constraint Name'?: string; Time: number }[] }[] }>(
        `EXPLAIN (ANALYZE, FORMAT JSON) INSERT INTO messaging.effect_attempts (tenant_id, ledger_month, effect_id, fencing, owner, started_at)
         SELECT tenant_id, ledger_month, id, ${fencing}, 'engine-1', first_sent_at FROM messaging.effects WHERE ledger_month = '${present}' LIMIT 1`,
      )
      times.push(...(found.rows[0]?.['QUERY PLAN'][0]?.Triggers ?? []).filter((one) => one['Constraint Name'] !== undefined).map(({ Time }) => Time))
    }
    await client.query('ROLLBACK')
  } finally {
    client.release()
  }
  return median(times)
}

async function measure(): Promise<void> {
  const one = await openTestHub()
  const many = await openTestHub()
  try {
    progress('filling a ledger of one month')
    await fill(one, 1)
    progress('filling a ledger of 24 months')
    await fill(many, 24)
    const bytes = { effect: await bytesOfRow(one, 'effects_2026_02'), attempt: await bytesOfRow(one, 'effect_attempts_2026_02') }
    const contestants = [
      { name: '1 month', run: () => oneEffect(one), times: [] as number[] },
      { name: '24 months', run: () => oneEffect(many), times: [] as number[] },
    ] as const
    // The first round warms up and does not count; the order turns from round to round.
    for (let round = 0; round <= rounds; round += 1)
      for (const { run, times } of round % 2 === 0 ? contestants : contestants.toReversed())
        for (let n = 0; n < effectsPerRound; n += 1) {
          const ms = await run()
          if (round > 0) times.push(ms)
        }
    const [month, months] = contestants.map(({ name, times }) => {
      progress(`${name.padEnd(9)} ${median(times).toFixed(2)} ms`)
      return median(times)
    }) as [number, number]
    say({ name: 'ledger.months24', value: months, unit: 'ms', baseline: 'ledger.month', ratio: months / month, goal: { op: '<=', limit: 1.5 } })
    const key = { one: await foreignKeyMs(one), many: await foreignKeyMs(many) }
    progress(`foreign key of an attempt: ${key.one} ms with one month, ${key.many} ms with 24`)
    say({ name: 'ledger.key24', value: key.many, unit: 'ms', baseline: 'ledger.key', ratio: key.many / key.one, goal: { op: '<=', limit: 10 } })
    say({ name: 'ledger.effect-bytes', value: bytes.effect, unit: 'B', goal: { op: '<=', limit: 1_000 } })
    say({ name: 'ledger.attempt-bytes', value: bytes.attempt, unit: 'B', goal: { op: '<=', limit: 500 } })
  } finally {
    await one.close()
    await many.close()
  }
}

if (process.env.TEST_DATABASE_URL) await measure()
else
  await withThrowAwayPostgres('bench-ledger', async ({ url }) => {
    process.env.TEST_DATABASE_URL = url
    await measure()
  })
