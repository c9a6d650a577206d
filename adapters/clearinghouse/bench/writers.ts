import { generateInquiries } from '../fixtures/generate-inquiries.ts'
import type { Counted } from './readers.ts'

type Writer = () => Counted

const facts = {
  submitterId: 'HELIOXHUB',
  receiverId: 'CLEARSIM',
  usage: 'T',
  traceOrigin: '9HELIOXHUB',
  control: 905,
  at: new Date('2026-12-01T09:10:00Z'),
} as const

async function load(count: number) {
  const { write270 } = await import('../codec/write270.ts')
  const inquiries = generateInquiries(20261201, count)
  return { write: () => write270(inquiries, facts) }
}

/** Inquiries to the bytes of one file. */
const write = async (count: number): Promise<Writer> => {
  const batch = await load(count)
  return () => {
    const { bytes, sets } = batch.write()
    return { sets: sets.length, work: bytes.length }
  }
}

/** The bound: the very strings of that file, cut beforehand, joined again. */
const join = async (count: number): Promise<Writer> => {
  const { text, sets } = (await load(count)).write()
  const rows = text.split('~').map((row) => row.split('*'))
  return () => ({ sets: sets.length, work: rows.map((cells) => cells.join('*')).join('~').length })
}

export const writers: Readonly<Record<string, (count: number) => Promise<Writer>>> = { write, join }
