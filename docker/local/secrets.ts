import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Development secrets: random, made once per state folder, readable by its owner only. */
interface LocalSecrets {
  passwords: Record<'hub_api' | 'hub_engine' | 'hub_relay' | 'hub_bus', string>
  tokens: Record<'clearinghouse' | 'fhir' | 'stripe' | 'legacyScheduler' | 'twilio' | 'mail', string>
  /** What the simulated Stripe and Twilio sign their calls with. */
  webhooks: { stripe: string; twilio: string }
  /** Of the live view: its service account's token, and the key it shares with the api. */
  live: { token: string; key: string }
}

const random = () => randomBytes(18).toString('hex')

export function localSecrets(folder: string): LocalSecrets {
  const file = `${folder}/secrets.json`
  const made: LocalSecrets = {
    passwords: { hub_api: random(), hub_engine: random(), hub_relay: random(), hub_bus: random() },
    // Stripe's simulator takes any key of Stripe's test form.
    tokens: { clearinghouse: random(), fhir: random(), legacyScheduler: random(), twilio: random(), mail: random(), stripe: `sk_test_${random()}` },
    webhooks: { stripe: `whsec_${random()}`, twilio: randomBytes(16).toString('hex') },
    live: { token: random(), key: random() },
  }
  // A folder of an earlier day keeps what it has, and gets what it lacks.
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<LocalSecrets>) : {}
  const secrets = { ...made, ...kept, tokens: { ...made.tokens, ...kept.tokens }, webhooks: { ...made.webhooks, ...kept.webhooks } }
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}
