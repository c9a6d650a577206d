import { expect } from 'chai'
import { ApiConfig, EngineConfig, readConfig } from './index.ts'

const base = {
  ...{ HUB_ENV: 'production', HUB_PROCESS: 'x-1', HUB_KMS_FILE: '/kms', HUB_PORT: '7400', HUB_PUBLIC_URL: 'https://hub.example' },
  ...{ DATABASE_URL: 'postgres://a:b@c/d', HUB_BUS: 'rabbitmq', AMQP_URL: 'amqp://a:b@c/d', S3_ENDPOINT: 'https://s', S3_PUBLIC_ENDPOINT: 'https://s' },
  ...{ S3_ACCESS_KEY: 'key', S3_SECRET_KEY: 'canary-secret', S3_BUCKET_QUARANTINE: 'qqq', S3_BUCKET_CLEAN: 'ccc' },
}

describe('hub/config', () => {
  for (const [process, schema] of [
    ['api', ApiConfig],
    ['engine', EngineConfig],
  ] as const) {
    const storeOf = (region: string, store?: string): string => {
      try {
        return readConfig(schema, { ...base, HUB_REGION: region, ...(store !== undefined && { S3_REGION: store }) }).S3_REGION
      } catch (error) {
        return error instanceof Error ? error.message : 'no error'
      }
    }
    const refused = 'settings missing or wrong: S3_REGION (must be set, and be in the part of the world of HUB_REGION)'

    it(`${process} of Europe does not start without the region of its object store, nor with one elsewhere`, () => {
      for (const store of [undefined, '', 'us-east-1', 'us-gov-west-1', 'ap-south-1', 'ca-central-1'])
        expect(storeOf('eu-west', store), store).to.equal(refused)
      for (const store of ['eu-west-1', 'eu-central-1', 'auto', 'europe-west1', 'fr-par']) expect(storeOf('eu-west', store)).to.equal(store)
    })

    it(`${process} of America has the one that goes without saying, and none of Europe`, () => {
      for (const store of [undefined, '', 'us-east-1']) expect(storeOf('us-east', store)).to.equal('us-east-1')
      for (const store of ['us-west-2', 'auto']) expect(storeOf('us-east', store)).to.equal(store)
      expect(storeOf('us-east', 'eu-west-1')).to.equal(refused)
    })

    it(`${process} says what is wrong by its name and in our words, never with a value`, () => {
      const start = (over: NodeJS.ProcessEnv) => () => readConfig(schema, { ...base, HUB_REGION: 'us-east', ...over })
      expect(start({ HUB_CLOCK_URL: 'http://canary:1' })).to.throw('settings missing or wrong: HUB_CLOCK_URL (not in production)')
      expect(start({ S3_SECRET_KEY: '', AMQP_URL: 'canary' })).to.throw(/^settings missing or wrong: S3_SECRET_KEY, AMQP_URL \(must be amqp addresses\)$/)
    })
  }
})
