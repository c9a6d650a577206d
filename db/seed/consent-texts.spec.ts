import { expect } from 'chai'
import { openPool } from '../pool.ts'
import { withTenant } from '../tenancy.ts'
import { freshDatabase, type TestDatabase } from '../testing.ts'
import { demoConsentTexts, formerConsentTextIds } from './consent-texts.ts'
import { demo } from './demo.ts'
import { seed } from './index.ts'

describe('the demo’s consent texts', () => {
  let db: TestDatabase
  before(async () => {
    db = await freshDatabase({ seed: true })
  })
  after(() => db?.drop())

  it('speak, where something to pay with is kept, of a card and of a bank account, in every language', () => {
    const kept = demoConsentTexts.filter(({ kind }) => kind === 'card-authorisation')
    expect(kept.map(({ language }) => language)).to.include.members(['en', 'es'])
    for (const { body, language } of kept) {
      expect(body, language).to.contain('ACH')
      if (language === 'en') expect(body).to.contain('payment card').and.to.contain('bank account')
      if (language === 'es') expect(body).to.contain('tarjeta').and.to.contain('cuenta bancaria')
    }
  })

  it('take the place of what a database of before still has in force, which stays for who signed it', async () => {
    const { lakeside } = demo
    const pool = openPool(db.ownerUrl, { max: 1, application: 'heliox-seed', role: 'ctx_compliance' })
    const [id] = formerConsentTextIds
    const [before, now] = [new Date('2026-01-05T12:00:00Z'), new Date('2026-02-05T12:00:00Z')]
    const read = () =>
      withTenant(pool, lakeside.id, 'service:test', (tx) =>
        tx.query<{ until: Date | null }>('SELECT in_force_until AS until FROM compliance.consent_texts WHERE tenant_id = $1 AND id = $2', [lakeside.id, id]),
      )
    try {
      // One text of a kind and language is in force at a time: the database of before does not have the new one yet.
      await withTenant(pool, lakeside.id, 'service:test', (tx) =>
        tx.query("UPDATE compliance.consent_texts SET in_force_until = $2 WHERE tenant_id = $1 AND kind = 'card-authorisation' AND language = 'en'", [
          lakeside.id,
          before,
        ]),
      )
      await withTenant(pool, lakeside.id, 'service:test', (tx) =>
        tx.query(
          `INSERT INTO compliance.consent_texts (tenant_id, id, kind, language, version, title, body, sha256, in_force_from)
           VALUES ($1, $2, 'card-authorisation', 'en', 1, 'Keeping a card', 'Only a card.', $3, $4)`,
          [lakeside.id, id, 'a'.repeat(64), before],
        ),
      )
      expect((await read()).rows).to.deep.equal([{ until: null }])
      for (const at of [now, new Date('2026-03-05T12:00:00Z')]) {
        await seed({ ownerUrl: db.ownerUrl, kmsFile: db.kmsFile, now: at, connections: {} })
        expect((await read()).rows, 'ended once, by the first').to.deep.equal([{ until: now }])
      }
    } finally {
      await pool.end()
    }
  })
})
