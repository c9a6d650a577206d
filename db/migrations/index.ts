import type { Knex } from 'knex'
import * as m0001 from './0001-roles-and-schemas.ts'
import * as m0002 from './0002-outbox-and-inbox.ts'
import * as m0003 from './0003-identity-tenants-and-accounts.ts'
import * as m0004 from './0004-identity-intakes.ts'
import * as m0005 from './0005-compliance.ts'
import * as m0006 from './0006-clinical-and-media.ts'
import * as m0007 from './0007-billing.ts'
import * as m0008 from './0008-messaging.ts'
import * as m0009 from './0009-catalog-and-reporting.ts'
import * as m0010 from './0010-identity-functions.ts'
import * as m0011 from './0011-lookups.ts'
import * as m0012 from './0012-numbers-files-incidents.ts'
import * as m0013 from './0013-inquiries-and-received-items.ts'
import * as m0014 from './0014-payer-routes.ts'
import * as m0015 from './0015-activate-eligibility-v2.ts'
import * as m0016 from './0016-breakers-and-affected.ts'
import * as m0017 from './0017-doubt.ts'
import * as m0018 from './0018-decisions.ts'
import * as m0019 from './0019-corrections-and-cases.ts'
import * as m0020 from './0020-bulk-releases.ts'
import * as m0021 from './0021-journey-of-doubt.ts'
import * as m0022 from './0022-activate-eligibility-v3.ts'
import * as m0024 from './0024-service-accounts-and-figures.ts'
import * as m0025 from './0025-ledger-month-of-a-pin.ts'
import * as m0026 from './0026-ledger-by-month.ts'
import * as m0027 from './0027-retry-entitlement.ts'
import * as m0028 from './0028-last-file-of-a-door.ts'
import * as m0029 from './0029-choices.ts'
import * as m0030 from './0030-charts-and-visit-changes.ts'
import * as m0031 from './0031-activate-ehr-writeback-v2.ts'
import * as m0032 from './0032-payments-charges-and-facts.ts'
import * as m0033 from './0033-plans-and-payment-flows.ts'
import * as m0034 from './0034-schedule-owner.ts'
import * as m0035 from './0035-activate-legacy-flows.ts'
import * as m0036 from './0036-cursor-of-a-door.ts'
import * as m0037 from './0037-published-keys.ts'
import * as m0038 from './0038-cover-follows-the-visit.ts'
import * as m0039 from './0039-schedule-decisions.ts'
import * as m0040 from './0040-forgotten-charts.ts'
import * as m0041 from './0041-money-that-moved-twice.ts'
import * as m0042 from './0042-what-the-first-writeback-wrote.ts'
import * as m0043 from './0043-what-the-patient-pays-with.ts'
import * as m0044 from './0044-asked-of-the-patient.ts'
import * as m0046 from './0046-words-of-the-chart-that-wait.ts'
import * as m0047 from './0047-who-was-asked-by-file.ts'
import * as m0048 from './0048-languages-and-consents.ts'
import * as m0049 from './0049-contacts-proofs-drafts.ts'
import * as m0050 from './0050-payers-and-forms.ts'
import * as m0051 from './0051-messages.ts'
import * as m0052 from './0052-messages-flow.ts'
import * as m0053 from './0053-parts-thumbs-and-an-end-of-quarantine.ts'
import * as m0054 from './0054-days-of-the-desk.ts'
import * as m0055 from './0055-open-incidents-by-a-null.ts'
import * as m0056 from './0056-one-look-at-a-link.ts'
import * as m0057 from './0057-what-leaves-with-a-draft.ts'
import * as m0059 from './0059-activate-ehr-writeback-v3.ts'
import * as m0060 from './0060-words-of-a-clinic.ts'
import * as m0061 from './0061-news-of-visits-and-mails-that-stop.ts'
import * as m0062 from './0062-visit-told.ts'
import * as m0063 from './0063-lists-in-the-audit.ts'
import * as m0064 from './0064-activate-ehr-booking.ts'
import * as m0066 from './0066-whom-the-chart-names.ts'
import * as m0067 from './0067-typed-is-not-sent.ts'
import * as m0068 from './0068-texts-as-agreed.ts'
import * as m0069 from './0069-taken-though-unwanted.ts'
import * as m0070 from './0070-who-saw-what-belongs-to-a-visit.ts'
import * as m0071 from './0071-a-form-at-a-link-that-is-known.ts'
import * as m0073 from './0073-a-card-is-charged-with-its-authorisation.ts'
import * as m0074 from './0074-the-cookie-before-the-answer.ts'
import * as m0075 from './0075-an-appointment-of-another.ts'
import * as m0076 from './0076-a-second-insurance-put-right.ts'
import * as m0077 from './0077-a-stop-is-its-persons.ts'
import * as m0079 from './0079-how-far-back-the-audit-is-read.ts'
import * as m0081 from './0081-one-invitation-that-waits.ts'
import * as m0082 from './0082-reached-as-the-form-says.ts'
import * as m0084 from './0084-how-a-withdrawal-came.ts'
import * as m0085 from './0085-links-that-ended.ts'

/** Forward only, in this order. `migrate.spec.ts` compares the list with the folder. */
export const migrations: readonly { name: string; up(knex: Knex): Promise<void> }[] = [
  { name: '0001-roles-and-schemas', ...m0001 },
  { name: '0002-outbox-and-inbox', ...m0002 },
  { name: '0003-identity-tenants-and-accounts', ...m0003 },
  { name: '0004-identity-intakes', ...m0004 },
  { name: '0005-compliance', ...m0005 },
  { name: '0006-clinical-and-media', ...m0006 },
  { name: '0007-billing', ...m0007 },
  { name: '0008-messaging', ...m0008 },
  { name: '0009-catalog-and-reporting', ...m0009 },
  { name: '0010-identity-functions', ...m0010 },
  { name: '0011-lookups', ...m0011 },
  { name: '0012-numbers-files-incidents', ...m0012 },
  { name: '0013-inquiries-and-received-items', ...m0013 },
  { name: '0014-payer-routes', ...m0014 },
  { name: '0015-activate-eligibility-v2', ...m0015 },
  { name: '0016-breakers-and-affected', ...m0016 },
  { name: '0017-doubt', ...m0017 },
  { name: '0018-decisions', ...m0018 },
  { name: '0019-corrections-and-cases', ...m0019 },
  { name: '0020-bulk-releases', ...m0020 },
  { name: '0021-journey-of-doubt', ...m0021 },
  { name: '0022-activate-eligibility-v3', ...m0022 },
  { name: '0024-service-accounts-and-figures', ...m0024 },
  { name: '0025-ledger-month-of-a-pin', ...m0025 },
  { name: '0026-ledger-by-month', ...m0026 },
  { name: '0027-retry-entitlement', ...m0027 },
  { name: '0028-last-file-of-a-door', ...m0028 },
  { name: '0029-choices', ...m0029 },
  { name: '0030-charts-and-visit-changes', ...m0030 },
  { name: '0031-activate-ehr-writeback-v2', ...m0031 },
  { name: '0032-payments-charges-and-facts', ...m0032 },
  { name: '0033-plans-and-payment-flows', ...m0033 },
  { name: '0034-schedule-owner', ...m0034 },
  { name: '0035-activate-legacy-flows', ...m0035 },
  { name: '0036-cursor-of-a-door', ...m0036 },
  { name: '0037-published-keys', ...m0037 },
  { name: '0038-cover-follows-the-visit', ...m0038 },
  { name: '0039-schedule-decisions', ...m0039 },
  { name: '0040-forgotten-charts', ...m0040 },
  { name: '0041-money-that-moved-twice', ...m0041 },
  { name: '0042-what-the-first-writeback-wrote', ...m0042 },
  { name: '0043-what-the-patient-pays-with', ...m0043 },
  { name: '0044-asked-of-the-patient', ...m0044 },
  { name: '0046-words-of-the-chart-that-wait', ...m0046 },
  { name: '0047-who-was-asked-by-file', ...m0047 },
  { name: '0048-languages-and-consents', ...m0048 },
  { name: '0049-contacts-proofs-drafts', ...m0049 },
  { name: '0050-payers-and-forms', ...m0050 },
  { name: '0051-messages', ...m0051 },
  { name: '0052-messages-flow', ...m0052 },
  { name: '0053-parts-thumbs-and-an-end-of-quarantine', ...m0053 },
  { name: '0054-days-of-the-desk', ...m0054 },
  { name: '0055-open-incidents-by-a-null', ...m0055 },
  { name: '0056-one-look-at-a-link', ...m0056 },
  { name: '0057-what-leaves-with-a-draft', ...m0057 },
  { name: '0059-activate-ehr-writeback-v3', ...m0059 },
  { name: '0060-words-of-a-clinic', ...m0060 },
  { name: '0061-news-of-visits-and-mails-that-stop', ...m0061 },
  { name: '0062-visit-told', ...m0062 },
  { name: '0063-lists-in-the-audit', ...m0063 },
  { name: '0064-activate-ehr-booking', ...m0064 },
  { name: '0066-whom-the-chart-names', ...m0066 },
  { name: '0067-typed-is-not-sent', ...m0067 },
  { name: '0068-texts-as-agreed', ...m0068 },
  { name: '0069-taken-though-unwanted', ...m0069 },
  { name: '0070-who-saw-what-belongs-to-a-visit', ...m0070 },
  { name: '0071-a-form-at-a-link-that-is-known', ...m0071 },
  { name: '0073-a-card-is-charged-with-its-authorisation', ...m0073 },
  { name: '0074-the-cookie-before-the-answer', ...m0074 },
  { name: '0075-an-appointment-of-another', ...m0075 },
  { name: '0076-a-second-insurance-put-right', ...m0076 },
  { name: '0077-a-stop-is-its-persons', ...m0077 },
  { name: '0079-how-far-back-the-audit-is-read', ...m0079 },
  { name: '0081-one-invitation-that-waits', ...m0081 },
  { name: '0082-reached-as-the-form-says', ...m0082 },
  { name: '0084-how-a-withdrawal-came', ...m0084 },
  { name: '0085-links-that-ended', ...m0085 },
]
