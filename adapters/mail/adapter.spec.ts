import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { adapterContract, type Simulator } from '../contract-suite.ts'
import { mail } from './adapter.ts'
import { connection, contextOf, letter, password, startMail } from './testing/server.ts'

const { sendMail } = mail.operations
const lost = 'SMTP cannot be asked what became of a mail: the outcome stays unknown, and a test of its own says so'

adapterContract(mail, {
  start: () => startMail(),
  connection: (sim) => connection(sim),
  operations: {
    sendMail: {
      input: async () => letter(),
      effect: 'sendMail',
      skip: {
        answers: 'a mail server takes a second mail of one name as a second mail: the ledger never makes one (see below)',
        'accepts-then-drops': lost,
      },
    },
  },
})

interface Arrived {
  messageId: string
  from: string
  to: string
  envelopeTo: string
  subject: string
  text: string
  html: string
  headers: string[]
}

describe('mail over SMTP', () => {
  let sim: Simulator
  before(async () => {
    sim = await startMail()
  })
  after(() => sim.stop())
  beforeEach(() => sim.reset())
  const arrived = async (): Promise<Arrived[]> => ((await sim.control('GET', '/_sim/messages')) as { messages: Arrived[] }).messages
  const faultOf = async (work: Promise<unknown>): Promise<PartnerFault> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).to.be.instanceOf(PartnerFault)
    return error as PartnerFault
  }

  it('arrives as text and as HTML that say the same, under a name of ours', async () => {
    const message = letter({
      language: 'de',
      subject: 'Vor Ihrem Besuch – bitte ausfüllen',
      paragraphs: ['Füllen Sie Ihr Formular aus.', 'Danke & bis bald <3'],
    })
    const answer = await sendMail.call(message, contextOf(sim))
    const [one] = (await arrived()) as [Arrived]
    expect(answer).to.deep.equal({ is: 'ok', value: { messageId: message.messageId, providerId: `${message.messageId}@lakeside.example`, state: 'sent' } })
    expect(one).to.deep.include({
      messageId: `${message.messageId}@lakeside.example`,
      from: '"Lakeside Clinic" <no-reply@lakeside.example>',
      to: message.to,
      envelopeTo: message.to,
      subject: message.subject,
    })
    const words = one.html
      .replace(/<(title|style)[^>]*>.*?<\/\1>/gs, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    for (const part of [...message.paragraphs, message.link?.url ?? '', message.link?.label ?? '', message.footer ?? '']) {
      expect(one.text, 'as text').to.include(part)
      expect(words, 'as HTML').to.include(part)
    }
    expect(one.html).to.match(/<html lang="de">/)
    expect(one.headers.join('\n'))
      .to.match(/Content-Language: de/i)
      .and.match(/Auto-Submitted: auto-generated/i)
    expect(one.headers.join('\n'), 'only where it can be stopped').to.not.match(/List-Unsubscribe/i)
  })

  it('loads nothing from anywhere, and runs nothing', async () => {
    await sendMail.call(letter({ code: '482913' }), contextOf(sim))
    const [one] = (await arrived()) as [Arrived]
    expect(one.html).to.not.match(/<(img|script|link|iframe|object|video|audio|source|style)\b|url\(|@import|\bon\w+=|background=/i)
    expect(one.html).to.include('482913')
    expect(one.text).to.include('482913')
  })

  it('says how mails are stopped: by one click where the address is https, else by opening it; and to who reads as well', async () => {
    for (const scheme of ['https', 'http']) {
      await sendMail.call(letter({ unsubscribeUrl: `${scheme}://hub.example/stop/abc`, footer: 'No more mails from us:' }), contextOf(sim))
    }
    const found = await arrived()
    const of = (scheme: string) => found.find(({ text }) => text.includes(`${scheme}://hub.example/stop/abc`)) as Arrived
    expect(of('https').headers.join('\n'))
      .to.match(/List-Unsubscribe: <https:\/\/hub\.example\/stop\/abc>/i)
      .and.match(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/im)
    expect(of('http').headers.join('\n'))
      .to.match(/List-Unsubscribe: <http:/i)
      .and.not.match(/List-Unsubscribe-Post/i)
    expect(of('https').html).to.contain('<a href="https://hub.example/stop/abc">')
  })

  it('takes what stands in it for text, whatever it looks like', async () => {
    const paragraph = '<img src=x onerror=alert(1)> "quoted" & <b>bold</b>'
    await sendMail.call(letter({ paragraphs: [paragraph], link: { url: 'https://hub.example/i/a?b=%22><script>', label: '<script>' } }), contextOf(sim))
    const [one] = (await arrived()) as [Arrived]
    expect(one.html).to.not.match(/<(img|script|b)\b/)
    expect(one.text).to.include(paragraph)
  })

  describe('gets no head from what stands in it', () => {
    const heads = /^(Bcc|X-Evil|Reply-To|Cc):/im
    for (const [why, more] of [
      ['a subject with a line break', { subject: 'Hello\r\nBcc: all@patients.example' }],
      ['a subject with a bare line feed', { subject: 'Hello\nX-Evil: 1' }],
      ['an address with a line break', { to: 'ana@patients.example\r\nBcc: all@patients.example' }],
      ['an address with a second one', { to: 'ana@patients.example, all@patients.example' }],
      ['an address with a name', { to: 'Ana <ana@patients.example>' }],
      ['a link with a line break', { unsubscribeUrl: 'https://hub.example/\r\nX-Evil: 1' }],
    ] as const)
      it(why, async () => {
        // An address of a page loses its line breaks when it is read; everything else is refused by the contract.
        expect(sendMail.input.schema.safeParse(letter(more)).success).to.equal('unsubscribeUrl' in more)
        // And past the contract: whoever calls with it all the same sends no second head, and to nobody else.
        await sendMail.call(letter(more), contextOf(sim)).catch(() => undefined)
        for (const one of await arrived()) {
          expect(one.headers.join('\n')).to.not.match(heads)
          expect(one.envelopeTo).to.equal('ana@patients.example')
        }
        expect((await sim.effects()).sendMail?.count).to.be.at.most(1)
      })
    it('the sender’s name in the settings', () => {
      const { config } = connection(sim)
      expect(mail.config.safeParse({ ...config, fromName: 'Clinic\r\nBcc: all@patients.example' }).success).to.equal(false)
      expect(mail.config.safeParse({ ...config, fromAddress: 'a@b.example\r\nBcc: c@d.example' }).success).to.equal(false)
    })
  })

  for (const [box, reason, code] of [
    ['unknown', 'mailbox-unknown', '550-5.1.1'],
    ['moved', 'mailbox-unknown', '551'],
    ['full', 'mailbox-full', '552-5.2.2'],
    ['relay', 'sender-refused', '550-5.7.1'],
    ['spam', 'content-refused', '554-5.7.1'],
  ] as const)
    it(`to a box that says ${code} is a "no" (${reason}), and quotes no address`, async () => {
      const message = letter({ to: `${box}@patients.example` })
      const answer = await sendMail.call(message, contextOf(sim))
      expect(answer).to.deep.equal({ is: 'rejected', value: { messageId: message.messageId, reason, code } })
      expect(await arrived()).to.deep.equal([])
    })

  for (const [box, detail] of [
    ['grey', 'RCPT TO 451-4.7.1'],
    ['busy', 'RCPT TO 452-4.2.2'],
    ['slow', 'DATA 451-4.3.0'],
  ] as const)
    it(`to a box that says "later" (${box}) is tried later, and was not sent`, async () => {
      const fault = await faultOf(sendMail.call(letter({ to: `${box}@patients.example` }), contextOf(sim)))
      expect(fault).to.include({ kind: 'throttled', retryAfterMs: 120_000, beforeEffect: true, detail })
    })

  it('is not sent after its time', async () => {
    const answer = await sendMail.call(letter({ notAfter: '2026-11-23T15:00:00.000Z' }), contextOf(sim))
    expect(answer).to.have.nested.property('value.reason', 'too-late')
    expect(await arrived()).to.deep.equal([])
  })

  it('is tried with no password twice that the server does not take', async () => {
    const fault = await faultOf(sendMail.call(letter(), contextOf(sim, { secrets: { password: 'another-one' } })))
    expect(fault).to.include({ kind: 'credentials', beforeEffect: true })
  })

  for (const [mode, kind, beforeEffect] of [
    ['drops', 'unavailable', true],
    ['is-away', 'unavailable', true],
    ['answers-garbage', 'contract', true],
    ['breaks', 'uncertain', false],
    ['accepts-then-drops', 'uncertain', false],
  ] as const)
    it(`that ends in "${mode}" is ${kind}, and says nothing of patient or password`, async () => {
      await sim.fault(mode)
      const lines: string[] = []
      const message = letter()
      const fault = await faultOf(sendMail.call(message, contextOf(sim, { lines })))
      expect(fault).to.include({ kind, beforeEffect })
      const said = [fault.message, fault.detail, fault.stack, JSON.stringify(fault), ...lines].join('\n')
      for (const secret of [message.to, message.subject, message.link?.url ?? '', ...message.paragraphs, password]) expect(said).to.not.include(secret)
    })

  it('whose answer was lost stays unknown: nobody can be asked, so nothing is sent again', async () => {
    const message = letter()
    await sim.fault('accepts-then-drops', 1)
    expect(await faultOf(sendMail.call(message, contextOf(sim)))).to.include({ kind: 'uncertain' })
    expect(await sendMail.reconcile?.(message, contextOf(sim))).to.equal('cannot-tell')
    expect(await sim.effects()).to.deep.equal({ sendMail: { count: 1, byKey: { [`${message.messageId}@lakeside.example`]: 1 } } })
  })

  it('that a person sends again after that has the same name, so that a mail program sees one', async () => {
    const message = letter()
    await sendMail.call(message, contextOf(sim))
    await sendMail.call(message, contextOf(sim))
    const all = await arrived()
    expect(all).to.have.length(2)
    expect(new Set(all.map(({ messageId }) => messageId)).size).to.equal(1)
  })

  it('that hangs is over when its time is, and was not sent', async () => {
    await sim.fault('stalls')
    const since = performance.now()
    expect(await faultOf(sendMail.call(letter(), contextOf(sim, { timeoutMs: 500 })))).to.include({ kind: 'timeout', beforeEffect: true })
    expect(performance.now() - since).to.be.lessThan(2_000)
  })

  it('keeps what arrived over a kill', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs')
    const folder = mkdtempSync(`${(await import('node:os')).tmpdir()}/sim-mail-`)
    const env = { SIM_JOURNAL: `${folder}/mail.journal` }
    let other = await startMail(env)
    try {
      await sendMail.call(letter(), contextOf(other))
      const before = await other.control('GET', '/_sim/messages')
      await other.kill()
      other = await startMail(env)
      expect(await other.control('GET', '/_sim/messages')).to.deep.equal(before)
      expect((await other.effects()).sendMail?.count).to.equal(1)
    } finally {
      await other.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
