/**
 * The import table (ARCHITECTURE.md), as data. `tidy.check.ts` reads every import of every file and fails on anything that
 * is not here; its message says what to do instead. A `main.ts` wires things together and is exempt, as are tests.
 */
export interface ImportRule {
  /** Folder, longest match wins. */
  folder: string
  /** Prefixes of workspace packages it may import. */
  workspace: readonly string[]
  /** Packages from npm it may import; `node:` modules are listed too where a folder may not have them all. */
  packages: readonly string[]
  node: 'any' | readonly string[]
  instead: string
}

export const importTable: readonly ImportRule[] = [
  {
    folder: 'core',
    workspace: ['@heliox/core'],
    packages: ['zod', 'date-holidays', 'libphonenumber-js'],
    node: ['node:crypto'],
    instead: 'core holds meaning only: move what does I/O to hub, db or an adapter and hand it in',
  },
  { folder: 'core/tidy', workspace: [], packages: [], node: 'any', instead: 'the tidy check reads files and nothing else' },
  {
    folder: 'db',
    workspace: ['@heliox/core', '@heliox/db'],
    packages: ['knex', 'pg', 'zod'],
    node: 'any',
    instead: 'db holds SQL; a mechanism belongs in hub, a partner in adapters',
  },
  {
    folder: 'adapters',
    workspace: ['@heliox/core'],
    packages: [
      'zod',
      'stripe',
      'sharp',
      'file-type',
      'heic-decode',
      'ssh2',
      'ssh2-sftp-client',
      '@medplum/core',
      'fhir',
      'jose',
      'tar-stream',
      'twilio',
      'nodemailer',
      'smtp-server',
      'mailparser',
    ],
    node: 'any',
    instead: 'an adapter knows its partner only: what it needs of the hub comes in through CallContext',
  },
  {
    folder: 'adapters/scanner/embedded',
    workspace: [],
    packages: ['@virustotal/yara-x'],
    node: 'any',
    instead: 'the embedded scanner speaks clamd and knows nothing of the hub',
  },
  {
    folder: 'hub',
    workspace: ['@heliox/core', '@heliox/db', '@heliox/hub'],
    packages: ['amqplib', 'pg-boss', 'pg', 'opossum', 'pino', 'zod', '@aws-sdk/client-s3', '@aws-sdk/s3-request-presigner'],
    node: 'any',
    instead: 'hub holds mechanisms: a named partner or context comes in as data',
  },
  {
    folder: 'hub/flows-runtime',
    workspace: ['@heliox/core', '@heliox/hub', '@heliox/flows', '@heliox/nodes'],
    packages: ['node-red', 'express', 'pino', 'zod'],
    node: 'any',
    instead: 'the runtime boots Node-RED and settles deliveries; everything else is handed to it',
  },
  {
    folder: 'hub/live',
    workspace: ['@heliox/core', '@heliox/hub/config', '@heliox/hub/log'],
    packages: ['node-red', 'express', 'zod'],
    node: 'any',
    instead: 'the live view knows the API and a token: neither database nor bus nor partner',
  },
  {
    folder: 'hub/cli',
    workspace: ['@heliox/flows', '@heliox/core', '@heliox/adapters'],
    packages: [],
    node: 'any',
    instead: 'the CLI parses words and calls one function of the part that does the work',
  },
  {
    folder: 'nodes',
    workspace: ['@heliox/core', '@heliox/nodes', '@heliox/adapters', '@heliox/hub/invoke', '@heliox/hub/flows-runtime'],
    packages: ['zod'],
    node: 'any',
    instead: 'a node parses, calls one function, sends to one port',
  },
  {
    folder: 'flows',
    workspace: ['@heliox/core', '@heliox/nodes', '@heliox/adapters', '@heliox/flows'],
    packages: ['zod'],
    node: 'any',
    instead: 'flows are data; the loader reads and checks them',
  },
  {
    folder: 'api',
    workspace: ['@heliox/core', '@heliox/adapters', '@heliox/hub/objects', '@heliox/hub/log', '@heliox/api'],
    packages: [
      'fastify',
      '@fastify/cookie',
      '@fastify/helmet',
      '@fastify/rate-limit',
      '@fastify/static',
      '@fastify/http-proxy',
      '@bull-board/api',
      '@node-rs/argon2',
      'ajv',
      'csv-parse',
      'dejavu-fonts-ttf',
      'pdfkit',
      'sharp',
      'zod',
      'pino',
    ],
    node: 'any',
    instead: 'a route parses, authorizes, calls one function of a store, answers; it never calls a partner or the bus',
  },
  {
    folder: 'ui',
    workspace: [],
    packages: ['vite', '@tailwindcss/vite', '@vitejs/plugin-react', 'json-schema-to-typescript'],
    node: 'any',
    instead: 'the files beside src build the screens and generate their client',
  },
  {
    folder: 'ui/src',
    workspace: ['@heliox/core/messages'],
    packages: ['react', 'react-dom', 'wouter', 'radix-ui', 'lucide-react', '@tanstack/react-query', '@tanstack/react-virtual'],
    node: [],
    instead: 'screens use client.gen.ts, the message catalogue, and types (only) from the rest of core',
  },
  {
    folder: 'docker',
    workspace: ['@heliox'],
    packages: ['pg', '@aws-sdk/client-s3', 's3rver', 'amqplib', 'mocha'],
    node: 'any',
    instead: 'docker/local starts processes',
  },
  {
    folder: 'evidence/chaos',
    workspace: ['@heliox/evidence/demo', '@heliox/docker/local'],
    packages: ['pg'],
    node: 'any',
    instead: 'chaos kills processes and counts: it knows the stack, public HTTP, the simulators and the database as its owner',
  },
  { folder: 'evidence', workspace: [], packages: ['sharp'], node: 'any', instead: 'evidence sees what a clinic sees: public HTTP and the simulators' },
]
