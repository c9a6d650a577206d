import { randomUUID } from 'node:crypto'
import { FormDefinition } from '@heliox/core/catalog'
import { sha256Hex } from '@heliox/core/kit'
import { saveConnection } from '../identity/connections.ts'
import { openPool, type Pool } from '../pool.ts'
import { withTenant } from '../tenancy.ts'
import { openVault, type Vault } from '../vault.ts'
import { demoConsentTexts, formerConsentTextIds } from './consent-texts.ts'
import { type DemoTenant, demo, demoFlows, demoHookKey, demoPassword, demoPayers } from './demo.ts'
import { demoForms } from './forms.ts'
import { hashPassword } from './password.ts'

type Connections = Readonly<Record<string, { config: unknown; secrets: Readonly<Record<string, unknown>> }>>
interface SeedOptions {
  ownerUrl: string
  kmsFile: string
  now: Date
  /** By the clinic's slug and adapter id: where the simulators are today. Written over at each start; everything else is left as it is. */
  connections: Readonly<Record<string, Connections>>
  /** The demo clinic's live view, by the token of its service account. */
  liveToken?: string
}

const actor = 'service:seed'

/** Demo tenants, users, payers, texts, activations and connections. Safe to run again. Each write acts as the context that owns it. */
export async function seed({ ownerUrl, kmsFile, now, connections, liveToken }: SeedOptions): Promise<void> {
  const as = (context: string): Pool => openPool(ownerUrl, { max: 1, application: 'heliox-seed', role: `ctx_${context}` })
  const pools = { identity: as('identity'), compliance: as('compliance'), catalog: as('catalog'), keys: as('identity') }
  try {
    const vault = openVault({ pool: pools.keys, kmsFile, create: true })
    await seedPayers(pools.catalog)
    for (const tenant of demo.tenants) {
      await seedTenant(pools.identity, tenant, now)
      await seedTexts(pools.compliance, tenant, now)
      await seedActivations(pools.catalog, tenant, now)
      await seedForms(pools.catalog, tenant, now)
    }
    for (const tenant of demo.tenants) await seedConnections(pools.identity, vault, tenant, connections[tenant.slug] ?? {}, now)
    if (liveToken !== undefined) await seedLiveView(pools.identity, demo.lakeside, liveToken, now)
  } finally {
    await Promise.all(Object.values(pools).map((pool) => pool.end()))
  }
}

async function seedPayers(pool: Pool): Promise<void> {
  for (const payer of demoPayers) {
    await pool.query(
      `INSERT INTO catalog.payers (id, name, time_zone, route, calendar, batch_rule, canaries, aliases, card_payer_ids, supported)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
      [
        ...[
          payer.id,
          payer.name,
          payer.timeZone,
          payer.route ?? 'real-time',
          payer.calendar ?? {},
          payer.batchRule ?? {},
          JSON.stringify(payer.canaries ?? []),
        ],
        ...[payer.aliases ?? [], payer.cardPayerIds ?? [], payer.supported ?? true],
      ],
    )
  }
}

async function seedForms(pool: Pool, tenant: DemoTenant, now: Date): Promise<void> {
  await withTenant(pool, tenant.id, actor, async (tx) => {
    for (const { id, ...definition } of demoForms) {
      await tx.query(
        `INSERT INTO catalog.forms (tenant_id, id, version, definition, saved_by, asked_from) VALUES ($1, $2, 1, $3, $4, $5) ON CONFLICT DO NOTHING`,
        [tenant.id, id, JSON.stringify(FormDefinition.parse(definition)), actor, now],
      )
    }
  })
}

async function seedTenant(pool: Pool, tenant: DemoTenant, now: Date): Promise<void> {
  await withTenant(pool, tenant.id, actor, async (tx) => {
    await tx.query(
      `INSERT INTO identity.tenants (tenant_id, slug, name, region, time_zone, npi, brand_colour, contact_phone, languages, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
      [tenant.id, tenant.slug, tenant.name, tenant.region, tenant.timeZone, tenant.npi, tenant.brandColour, tenant.contactPhone, tenant.languages, now],
    )
    for (const user of tenant.users) {
      const there = await tx.query('SELECT 1 FROM identity.users WHERE tenant_id = $1 AND id = $2', [tenant.id, user.id])
      if (there.rowCount !== 0) continue
      await tx.query(
        `INSERT INTO identity.users (tenant_id, id, email, display_name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
        [tenant.id, user.id, user.email, user.displayName, hashPassword(demoPassword), now],
      )
      for (const role of user.roles) {
        await tx.query('INSERT INTO identity.user_roles (tenant_id, user_id, role, granted_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
          tenant.id,
          user.id,
          role,
          now,
        ])
      }
    }
  })
}

async function seedTexts(pool: Pool, tenant: DemoTenant, now: Date): Promise<void> {
  await withTenant(pool, tenant.id, actor, async (tx) => {
    // First: of one kind and language one text is in force.
    await tx.query('UPDATE compliance.consent_texts SET in_force_until = $3 WHERE tenant_id = $1 AND id = ANY ($2) AND in_force_until IS NULL', [
      tenant.id,
      formerConsentTextIds,
      now,
    ])
    for (const text of demoConsentTexts.filter(({ language }) => tenant.languages.includes(language))) {
      await tx.query(
        `INSERT INTO compliance.consent_texts (tenant_id, id, kind, language, version, title, body, sha256, in_force_from, covers_bank_accounts)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
        // Ours speak of both in every language.
        [tenant.id, text.id, text.kind, text.language, text.version, text.title, text.body, text.sha256, now, text.kind === 'card-authorisation'],
      )
    }
  })
}

async function seedActivations(pool: Pool, tenant: DemoTenant, now: Date): Promise<void> {
  await withTenant(pool, tenant.id, actor, async (tx) => {
    for (const { flow, version } of demoFlows) {
      await tx.query(
        'INSERT INTO catalog.flow_activations (tenant_id, flow, version, percent, activated_at) VALUES ($1, $2, $3, 100, $4) ON CONFLICT DO NOTHING',
        [tenant.id, flow, version, now],
      )
    }
  })
}

/** Development's clocks are turned: an account that lasts ten years is there on every day that somebody plays. */
const liveViewMs = 10 * 365 * 86_400_000

async function seedLiveView(pool: Pool, tenant: DemoTenant, token: string, now: Date): Promise<void> {
  await withTenant(pool, tenant.id, actor, async (tx) => {
    await tx.query(
      `INSERT INTO identity.service_accounts (tenant_id, id, name, role, token_sha256, created_by, created_at, expires_at)
       VALUES ($1, $2, 'live view', 'live', $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [tenant.id, randomUUID(), sha256Hex(token), actor, now, new Date(now.getTime() + liveViewMs)],
    )
  })
}

async function seedConnections(pool: Pool, vault: Vault, tenant: DemoTenant, connections: Connections, now: Date): Promise<void> {
  await vault.warm(tenant.id)
  await withTenant(pool, tenant.id, actor, async (tx) => {
    for (const [adapterId, { config, secrets }] of Object.entries(connections)) {
      await saveConnection(tx, vault, { adapterId, config, secrets, hookKey: demoHookKey(tenant, adapterId) }, now)
    }
  })
}
