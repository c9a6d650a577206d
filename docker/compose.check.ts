import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ApiConfig, EngineConfig, LiveConfig, RelayConfig } from '@heliox/hub/config'
import { expect } from 'chai'
import type { z } from 'zod'

const root = fileURLToPath(new URL('..', import.meta.url))
const compose = readFileSync(`${root}docker/compose.yaml`, 'utf8')
const dockerfile = readFileSync(`${root}docker/Dockerfile`, 'utf8')

/** Lines of one block, by indentation; enough YAML for our own file. */
function block(start: RegExp): string {
  const lines = compose.split('\n')
  const from = lines.findIndex((line) => start.test(line))
  expect(from, String(start)).to.be.at.least(0)
  const indent = (lines[from] ?? '').search(/\S/)
  const rest = lines.slice(from + 1)
  const to = rest.findIndex((line) => line.trim() !== '' && line.search(/\S/) <= indent)
  return rest.slice(0, to < 0 ? undefined : to).join('\n')
}
const keys = (text: string): string[] => [...text.matchAll(/^\s+([A-Z][A-Z0-9_]+):/gm)].map((m) => m[1] ?? '')
const sharedKeys = keys(block(/^x-hub:/))

describe('docker', () => {
  for (const [service, config] of [
    ['api', ApiConfig],
    ['relay', RelayConfig],
    ['engine', EngineConfig],
    ['live', LiveConfig],
  ] as const) {
    it(`gives ${service} every setting it refuses to start without`, () => {
      const given: Record<string, string> = Object.fromEntries([...sharedKeys, ...keys(block(new RegExp(`^  ${service}:`)))].map((key) => [key, 'x']))
      // One key at a time: a setting that the schema misses when it is absent must be among those given.
      Object.assign(given, {
        HUB_BUS: 'rabbitmq',
        HUB_ENV: 'production',
        HUB_REGION: 'us-east',
        HUB_PORT: '7400',
        HUB_TRUST_PROXY: '1',
        AMQP_URL: 'amqp://a:b@c/d',
        DATABASE_URL: 'postgres://a:b@c/d',
        S3_ENDPOINT: 'https://s',
        S3_PUBLIC_ENDPOINT: 'https://s',
        S3_REGION: 'us-east-1',
        HUB_PUBLIC_URL: 'https://h',
        HUB_API_URL: 'http://a',
        HUB_LIVE_URLS: '',
        HUB_LIVE_KEY: 'k'.repeat(32),
        HUB_LIVE_TOKEN: 't'.repeat(43),
        S3_BUCKET_QUARANTINE: 'qqq',
        S3_BUCKET_CLEAN: 'ccc',
      })
      const named = new Set([
        ...sharedKeys,
        ...keys(block(new RegExp(`^  ${service}:`))),
        ...[...dockerfile.matchAll(/\b(HUB_[A-Z]+)=/g)].map((m) => m[1] ?? ''),
      ])
      for (const key of Object.keys(given)) if (!named.has(key)) delete given[key]
      const result = (config as z.ZodType).safeParse(given)
      expect(result.error?.issues.map((i) => i.path.join('.')) ?? []).to.deep.equal([])
    })
  }

  it('hands on where the object store is: a hub of Europe does not start without it', () => {
    expect(block(/^x-hub:/)).to.match(/^ +S3_REGION: \$\{S3_REGION:-\}$/m)
  })

  it('gives the live view neither database nor broker nor keys', () => {
    expect(block(/^ {2}live:/)).to.not.match(/DATABASE_URL|AMQP|KMS|S3_|\*settings|\*hub|secrets:/)
  })

  it('ends the engines of before when the migration is replaced', () => {
    expect(block(/^ {2}engine:/)).to.match(/migrate: \{ condition: service_completed_successfully, restart: true \}/)
  })

  it('names targets and files that exist', () => {
    for (const [, target] of compose.matchAll(/target: (\w+)/g)) expect(dockerfile).to.match(new RegExp(`^FROM \\w+ AS ${target}$`, 'm'))
    for (const [, file] of dockerfile.matchAll(/"node", "([^"]+)"/g)) expect(existsSync(`${root}${file}`), file).to.equal(true)
    for (const [, from] of dockerfile.matchAll(/^COPY (?!--from)(\S+) /gm)) expect(existsSync(`${root}${from}`), from).to.equal(true)
  })
})
