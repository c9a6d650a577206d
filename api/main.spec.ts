import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freshDatabase, type TestDatabase } from '@heliox/db/testing'
import { expect } from 'chai'

/** The process as it is started: one ready line, and a clean end. */
describe('the api process', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let child: ChildProcess | undefined
  before(async () => {
    database = await freshDatabase({ seed: true })
  })
  after(async () => {
    child?.kill('SIGKILL')
    await database?.drop()
  })

  function start(over: Record<string, string> = {}): { child: ChildProcess; firstLine: Promise<string>; errors: () => string } {
    const url = database.urlAs('hub_api')
    const started = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HUB_ENV: 'test',
        HUB_REGION: 'us-east',
        HUB_PROCESS: 'api-1',
        HUB_LOG_LEVEL: 'error',
        HUB_HOST: '127.0.0.1',
        HUB_PORT: '0',
        HUB_PUBLIC_URL: 'http://127.0.0.1:8080',
        HUB_KMS_FILE: database.kmsFile,
        DATABASE_URL: url,
        HUB_BUS: 'postgres',
        // Away: an intake is taken without a broker.
        HUB_BUS_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
        S3_ENDPOINT: 'http://127.0.0.1:1',
        S3_PUBLIC_ENDPOINT: 'http://127.0.0.1:1',
        S3_ACCESS_KEY: 'key',
        S3_SECRET_KEY: 'secret',
        S3_BUCKET_QUARANTINE: 'quarantine',
        S3_BUCKET_CLEAN: 'clean',
        ...over,
      },
    })
    let errors = ''
    started.stderr.on('data', (chunk) => {
      errors += chunk
    })
    const firstLine = new Promise<string>((resolve, reject) => {
      let out = ''
      started.stdout.on('data', (chunk) => {
        out += chunk
        if (out.includes('\n')) resolve(out.split('\n')[0] ?? '')
      })
      started.once('exit', () => reject(new Error(`ended before it was ready: ${errors.slice(-2000)}`)))
    })
    return { child: started, firstLine, errors: () => errors }
  }

  it('says that it is ready on one line, answers, and ends within five seconds of SIGTERM, connections kept alive or not', async () => {
    const running = start()
    child = running.child
    const ready = JSON.parse(await running.firstLine)
    expect(ready).to.include({ ready: true, process: 'api-1' })
    expect((await fetch(`${ready.url}/api/ready`)).status).to.equal(200)
    const flows = (await (await fetch(`${ready.url}/api/openapi.json`)).json()) as { openapi: string }
    expect(flows.openapi).to.equal('3.1.0')
    // Kept alive, as a browser does.
    expect((await fetch(`${ready.url}/api/intake`, { headers: { authorization: `Intake ${'x'.repeat(43)}` } })).status).to.equal(404)
    const started = performance.now()
    running.child.kill('SIGTERM')
    const [code] = await once(running.child, 'exit')
    expect([code, running.errors()]).to.deep.equal([0, ''])
    expect(performance.now() - started).to.be.below(5_000)
  })

  it('does not start without its settings, and names the missing one', async () => {
    const running = start({ HUB_REGION: 'mars' })
    child = running.child
    const failure = await running.firstLine.then(
      () => 'started',
      (error: Error) => error.message,
    )
    expect(failure).to.contain('settings missing or wrong: HUB_REGION').and.to.not.contain('mars')
  })
})
