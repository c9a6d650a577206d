import { contextNames as contexts } from '@heliox/core/kit'

/**
 * The two lists that the architecture audit and the leak matrix read beside pg_catalog. Whatever sees more than one tenant is
 * here with its reason; anything else that does is a finding.
 */

const outboxReason = 'the relay carries every tenant’s events; it gets ids, codes and amounts, never patient data'

/** Functions owned by `ctx_across`, by signature as `regprocedure` prints it. */
export const crossTenantFunctions: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    contexts.flatMap((schema) => [
      [`${schema}.outbox_claim(integer,timestamp with time zone)`, outboxReason],
      [`${schema}.outbox_mark(uuid[],uuid[],timestamp with time zone)`, outboxReason],
      [`${schema}.outbox_put_off(uuid[],uuid[],timestamp with time zone)`, outboxReason],
    ]),
  ),
  'identity.find_link(text,timestamp with time zone,text[])': 'a link names its tenant: one exact hash in, ids and codes out',
  'identity.find_login(text,text)': 'sign-in names its clinic: one exact slug and address in, ids and a hash out',
  'identity.find_session(text,timestamp with time zone)': 'a cookie names its tenant: one exact hash in, ids out',
  'identity.find_service_account(text,timestamp with time zone)': 'a program’s token names its tenant: one exact hash in, ids and a role out',
  'identity.tenants_connected(text)': 'the engine looks for files of every clinic that has this partner; ids only',
  'identity.tenants_with_ended(timestamp with time zone)': 'the engine empties what has ended for every clinic: drafts, codes; ids only',
  'messaging.breakers_not_closed()': 'an engine that starts must know which partners of every clinic to leave alone; ids and codes only',
  'messaging.tenants_with_messages(timestamp with time zone)':
    'the engine asks for what waited and for reminders of every clinic in which one is due; ids only',
  'messaging.find_unsubscribe(text)': 'an address in a mail names its clinic: one exact hash in, ids out',
  'messaging.tenants_releasing()': 'the engine gives the items of bulk releases of every clinic their turns; ids only',
  'messaging.tenants_deciding(timestamp with time zone)': 'the engine carries out what people of every clinic decided, once it is due; ids only',
  'clinical.tenants_to_compare(timestamp with time zone)': 'the engine compares every clinic that has an old scheduler with it, once that is due; ids only',
  'identity.find_public_keys(text)': 'a partner fetches public keys: one exact random address in, keys that anybody may know out',
  'identity.find_hook(text,text)': 'a partner’s call names its clinic: one exact address in, ids out',
  'billing.tenants_with_dues(timestamp with time zone)': 'the engine begins what is due for every clinic: charges, instalments, checks of a method; ids only',
  'media.tenants_with_quarantine(timestamp with time zone,integer,integer,integer)': 'the engine empties the quarantine of every clinic; ids only',
  'billing.tenants_waiting()': 'the engine closes the batches of every clinic in which inquiries wait; ids only',
  'billing.tenants_to_ask(timestamp with time zone)': 'the engine asks again for every clinic in which somebody or a canary is due; ids only',
}

/** Tables of which `ctx_across` sees every tenant's rows, and only the columns granted to it. */
export const crossTenantTables: Readonly<Record<string, string>> = {
  ...Object.fromEntries(contexts.map((schema) => [`${schema}.outbox`, outboxReason])),
  'identity.tenants': 'slug, region and status, for the three look-ups',
  'identity.users': 'address and password hash, for sign-in',
  'identity.sessions': 'token hash and end, for the session look-up',
  'identity.service_accounts': 'token hash, role and end, for the look-up of a program',
  'identity.intake_sessions': 'link hash, state and end, for the link look-up',
  'identity.intake_proofs': 'token hash and end, for the link look-up: whether this device proved itself at this link',
  'identity.intake_drafts': 'which clinic has a draft that ended, and when; neither whose nor what',
  'identity.proof_codes': 'which clinic has a code that ended, and when; neither whose nor what',
  'identity.connections': 'which clinic has which adapter, for the look for files, and public keys; neither settings nor secrets',
  'messaging.breakers': 'which partner of which clinic gets a rest, and until when',
  'messaging.decisions': 'which clinic has a decision that is due; not whose, nor what',
  'messaging.bulk_releases': 'which clinic has a bulk release at work; not whose, nor of what',
  'messaging.messages': 'which clinic has a message that is due, and which visit has a reminder; neither words nor address',
  'messaging.unsubscribe_links': 'token hash, for the look-up of an address that stops mails; neither whose nor which mailbox',
  'clinical.appointments': 'which clinic has a visit that a reminder is due for: ids and times; no patient',
  'identity.visit_contacts': 'whether somebody can be reached, as keyed hashes; nothing of the contact can be read',
  'clinical.schedules': 'which clinic is to be compared with its old scheduler, and when; no appointment',
  'media.uploads': 'which clinic has files in quarantine that may go; no key, no hash',
  'billing.inquiries': 'which clinic has a state, for the closing of batches; no request, no patient',
  'billing.eligibility_requests': 'which clinic has somebody to ask about again, and when; no request, no patient',
  'billing.canaries': 'which clinic has a canary due',
  'billing.charges': 'which clinic has a charge to try again or to ask about, and when; no patient, no amount',
  'billing.instalments': 'which clinic has an instalment due, and when; no plan, no amount',
  'billing.payments': 'which clinic has a method to ask about, and when; no patient',
}

/** Tables without a tenant. */
export const globalTables: Readonly<Record<string, string>> = {
  'catalog.payers': 'a payer is the same for every clinic',
  'catalog.flow_releases': 'a release is content under a hash; who runs it is in flow_activations',
  'messaging.control_counters': 'a partner counts what one sender sends, and clinics may share a sender; a name and a number, reached by a function alone',
  'migrations.applied': 'what the migrator ran; no hub role reaches the schema',
  'migrations.applied_lock': 'the migrator’s own mark; no hub role reaches the schema',
}

/** Schemas that a library makes and fills itself. */
export const librarySchemas: Readonly<Record<string, string>> = {
  pgboss: 'the queue library’s own tables, reached by hub_bus alone, which reaches nothing else; events in it hold no patient data',
}

/** Unique keys that do not begin with the tenant: a clash would tell that another tenant has the value. */
export const crossTenantKeys: Readonly<Record<string, string>> = {
  'identity.tenants_pkey': 'the tenant itself',
  'identity.tenants_slug': 'a slug is public: it is in the address',
  'identity.sessions_token': 'the hash of 256 random bits: nobody can ask for another’s',
  'identity.service_accounts_token': 'the hash of 256 random bits: nobody can ask for another’s',
  'identity.connections_hook': 'a random address of ours: nobody can ask for another’s',
  'identity.connections_keys': 'a random address of ours: nobody can ask for another’s',
  'identity.intake_proofs_token': 'the hash of 256 random bits: nobody can ask for another’s',
  'messaging.unsubscribe_links_token': 'the hash of 256 bits of a keyed hash: nobody can ask for another’s',
  'identity.intake_sessions_link': 'the hash of 256 random bits: nobody can ask for another’s',
}

/** Context functions that set the tenant themselves. */
export const tenantSettingFunctions: Readonly<Record<string, string>> = {
  'identity.look_up_link(text,timestamp with time zone,text[])': 'one round trip; the tenant is that of the link whose exact hash comes in',
  'identity.submit_remembered(text,boolean,uuid,jsonb,bytea,integer,bytea,bytea)':
    'one round trip; the tenant is that of the remembered link, and nothing is kept unless the exact hash of the link is the intake’s',
  'identity.submit_intake(uuid,jsonb,bytea,integer,bytea,bytea)': 'one round trip; the tenant comes from the link look-up, never from the document',
}
