import { randomUUID } from 'node:crypto'
import { simpleParser } from 'mailparser'
import type { SimJournal } from '../../sim-journal.ts'

export interface Mail {
  id: string
  /** Without its angle brackets. */
  messageId: string
  from: string
  to: string
  /** As it was said to the server, which may be another one than the mail says. */
  envelopeTo: string
  subject: string
  text: string
  html: string
  /** Each line of the head, as it came. */
  headers: string[]
  atMs: number
}
const keptMax = 5_000

/** What arrived, read by a parser that shares nothing with what wrote it. */
export class Inbox {
  readonly #mails = new Map<string, Mail>()
  readonly #keep: (mail: Mail) => void
  readonly forget: () => void

  constructor(journal: SimJournal) {
    this.#keep = journal.change('mail', (mail) => {
      this.#mails.set(mail.id, mail)
      const oldest = this.#mails.keys().next().value
      if (this.#mails.size > keptMax && oldest !== undefined) this.#mails.delete(oldest)
    })
    this.forget = journal.change('mails-forgotten', () => this.#mails.clear())
  }

  async read(raw: Buffer, envelopeTo: string, atMs: number): Promise<Mail> {
    const parsed = await simpleParser(raw, { skipImageLinks: true, skipTextToHtml: true })
    const addresses = (list: typeof parsed.to): string => (Array.isArray(list) ? list : list ? [list] : []).map(({ text }) => text).join(', ')
    return {
      id: randomUUID(),
      messageId: (parsed.messageId ?? '').replace(/^<|>$/g, ''),
      from: parsed.from?.text ?? '',
      to: addresses(parsed.to),
      envelopeTo,
      subject: parsed.subject ?? '',
      text: parsed.text ?? '',
      html: parsed.html || '',
      headers: parsed.headerLines.map(({ line }) => line),
      atMs,
    }
  }
  keep(mail: Mail): void {
    this.#keep(mail)
  }
  get(id: string): Mail | undefined {
    return this.#mails.get(id)
  }
  /** Newest first. */
  list({ to, limit }: { to: string | null; limit: number }): Mail[] {
    const all = [...this.#mails.values()].reverse()
    return all.filter(({ envelopeTo }) => to === null || envelopeTo === to).slice(0, limit)
  }
}
