import { mkdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { startChild } from '../../docker/local/child.ts'
import { freePorts } from '../../docker/local/ports.ts'
import { localSecrets } from '../../docker/local/secrets.ts'
import { withThrowAwayPostgres } from '../../docker/local/throw-away.ts'

/** An api and its database, and no other process of the hub: what is measured there is theirs. */
export interface ApiAlone {
  url: string
  /** Beside it, at the same database: what keeps a form with one prepared INSERT into `bench.forms`. */
  insertUrl: string
  ownerUrl: string
  /** What the api has worked so far, whatever else the machine did. */
  cpuMs(): number
}

/** Partners are only named to it: it asks none, and nobody listens there. */
const nowhere = 'http://127.0.0.1:9'

/** A commit waits for the disk, as it does at a clinic. The api believes the address that its caller names, as behind a proxy. */
export function withApiAlone<T>(name: string, play: (api: ApiAlone) => Promise<T>): Promise<T> {
  return withThrowAwayPostgres(
    name,
    async (postgres, folder) => {
      const ownerUrl = await ownDatabase(postgres.url)
      mkdirSync(`${folder}/logs`, { recursive: true })
      const secrets = localSecrets(folder)
      const ports = await freePorts()
      const [url, insertUrl] = [`http://127.0.0.1:${ports.api}`, `http://127.0.0.1:${ports.live}`]
      const base = { HUB_ENV: 'test', HUB_REGION: 'us-east', HUB_KMS_FILE: `${folder}/kms.json` }
      const { tokens } = secrets
      const places = {
        clearinghouse: { url: nowhere, token: tokens.clearinghouse },
        fhir: { url: nowhere, token: tokens.fhir },
        stripe: { url: nowhere, secretKey: tokens.stripe, publishableKey: 'pk_test_nowhere' },
        scanner: { host: '127.0.0.1', port: 9 },
      }
      const migrated = await startChild({
        name: 'migrate',
        file: 'db/main.ts',
        logFile: `${folder}/logs/migrate.log`,
        env: { ...base, HUB_OWNER_URL: ownerUrl, HUB_ROLE_PASSWORDS: JSON.stringify(secrets.passwords), HUB_SEED: JSON.stringify(places) },
      })
      await migrated.ended
      const roleUrl = (role: 'hub_api' | 'hub_bus'): string => Object.assign(new URL(ownerUrl), { username: role, password: secrets.passwords[role] }).href
      const api = await startChild({
        name: 'api',
        file: 'api/main.ts',
        logFile: `${folder}/logs/api.log`,
        env: {
          ...base,
          ...{ HUB_PROCESS: 'api', HUB_TRUST_PROXY: '1', HUB_PORT: new URL(url).port, HUB_PUBLIC_URL: url },
          ...{ DATABASE_URL: roleUrl('hub_api'), HUB_BUS: 'postgres', HUB_BUS_DATABASE_URL: roleUrl('hub_bus') },
          ...{ S3_ENDPOINT: nowhere, S3_PUBLIC_ENDPOINT: nowhere, S3_ACCESS_KEY: 'nobody', S3_SECRET_KEY: 'nobody' },
          ...{ S3_BUCKET_QUARANTINE: 'quarantine', S3_BUCKET_CLEAN: 'clean' },
        },
      })
      try {
        const insert = await startChild({
          name: 'insert',
          file: 'evidence/bench/insert-over-http.ts',
          logFile: `${folder}/logs/insert.log`,
          env: { DATABASE_URL: ownerUrl, PORT: new URL(insertUrl).port },
        })
        try {
          return await play({ url, insertUrl, ownerUrl, cpuMs: () => cpuMsOf(api.pid) })
        } finally {
          await insert.stop()
        }
      } finally {
        await api.stop()
      }
    },
    { durable: true },
  )
}

/** The server's own database is not the hub's to protect. */
async function ownDatabase(serverUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  await client.query('CREATE DATABASE heliox')
  await client.end()
  return Object.assign(new URL(serverUrl), { pathname: '/heliox' }).href
}

/** Linux counts in hundredths of a second; elsewhere it is not known. */
function cpuMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Number.NaN
  }
}
