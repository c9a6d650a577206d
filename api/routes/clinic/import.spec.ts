import { VisitContact } from '@heliox/core/identity'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../app.ts'
import { lakeside, makeWorld, now, staffHeaders, type World } from '../../testing/fakes.ts'
import { readCsv } from './csv.ts'
import { dateOf, minutesOfDay, readLine } from './import-lines.ts'

const chicago = { region: 'us-east', timeZone: 'America/Chicago', languages: ['en', 'es'] } as const
const berlin = { region: 'eu-west', timeZone: 'Europe/Berlin', languages: ['de', 'en'] } as const
const linesOf = (text: string) => {
  const file = readCsv(text)
  if (file.is !== 'read') throw new Error(`refused: ${file.problem}`)
  return file.lines
}

describe('reading a file of visits', () => {
  it('reads what spreadsheets write: a mark at the start, semicolons, quoted line breaks, columns in other languages and in any order', () => {
    const lines = linesOf('\uFEFFNachname;Vorname;Datum;Uhrzeit;Arzt;Zimmer\r\n"Müller\r\nLüdenscheid";Jörg;04.03.2027;9:20;Dr. Lin;4\r\n\r\n')
    expect(lines).to.have.length(1)
    expect(lines[0]?.cells).to.deep.equal({ familyName: 'Müller\r\nLüdenscheid', givenName: 'Jörg', date: '04.03.2027', time: '9:20', practitioner: 'Dr. Lin' })
    expect(linesOf('date\ttime\tdoctor\tfirst name\tlast name\n2027-03-04\t9:20\tDr Lin\tAda\tMoreno')).to.have.length(1)
  })
  it('says what a file lacks as a whole, and reads no endless one', () => {
    expect(readCsv('')).to.include({ is: 'refused', problem: 'empty' })
    expect(readCsv('date,time,doctor,first name\n')).to.deep.equal({ is: 'refused', problem: 'missing-columns', columns: ['familyName'] })
    expect(readCsv('date,Datum,time,doctor,first name,last name\n')).to.deep.equal({ is: 'refused', problem: 'same-column-twice', columns: ['date'] })
    expect(readCsv('PK\u0000\u0003')).to.include({ problem: 'not-csv' })
    expect(readCsv(`date,time,doctor,first name,last name\n${'a,b,c,d,e\n'.repeat(301)}`)).to.include({ problem: 'too-many-lines' })
  })
  it('keeps the other lines when one cannot be read', () => {
    const lines = linesOf(
      'date,time,doctor,first name,last name\n2027-03-04,9:20,Dr Lin,Ada,Moreno\n2027-03-04,9:40,Dr "Lin",Ivan,Petrov\n2027-03-04,9:50,Dr Lin,Samira,Haddad\n',
    )
    expect(lines.filter(({ cells }) => cells !== null)).to.have.length(2)
    expect(lines.filter(({ cells }) => cells === null)).to.have.length(1)
  })
  it('loses no line behind one that cannot be read, and none behind a long one', () => {
    const row = (name: string, notes = '') => `2027-03-04,9:20,Dr Lin,${name},Moreno,${notes}\n`
    const read = (second: string) =>
      linesOf(`date,time,doctor,first name,last name,notes\n${row('Ada')}${row('Ben', second)}\n${row('Cem', '"two\nlines"')}${row('Dee')}`).map(
        ({ line, cells }) => `${line} ${cells?.givenName ?? 'unread'}`,
      )
    expect(read('y'.repeat(9_000))).to.deep.equal(['2 Ada', '3 Ben', '6 Cem', '7 Dee'])
    for (const quotes of ['"open', '"open" and more', '"', 'a "b" c "']) {
      const lines = read(quotes)
      expect(
        lines.filter((line) => !line.startsWith('3 ')),
        quotes,
      ).to.deep.equal(['2 Ada', '6 Cem', '7 Dee'])
      expect(
        lines.filter((line) => line.startsWith('3 ')),
        quotes,
      ).to.have.length(1)
    }
    expect(readCsv(`date,time,doctor,first name,last name\n${'"a" b,\n'.repeat(21)}`)).to.include({ problem: 'not-csv' })
    expect(readCsv(`date,time,doctor,"first name" x,last name\n${row('Ada')}`)).to.include({ problem: 'not-csv' })
  })
  it('reads dates as the clinic’s country writes them, and none that is no day', () => {
    expect(['3/4/2027', '2027-03-04', '4.3.2027', '02/30/2027', '3/4/27'].map((text) => dateOf(text, 'US'))).to.deep.equal([
      '2027-03-04',
      '2027-03-04',
      '2027-03-04',
      null,
      null,
    ])
    expect(['4.3.2027', '04/03/2027', '13/12/2027'].map((text) => dateOf(text, 'DE'))).to.deep.equal(['2027-03-04', '2027-03-04', '2027-12-13'])
    expect(['9:20', '09.20 Uhr', '9h20', '2:30 PM', '12:05 am', '9', '25:00', '13:00 pm'].map(minutesOfDay)).to.deep.equal([
      560,
      560,
      560,
      870,
      5,
      null,
      null,
      null,
    ])
  })
  it('reads times on the clinic’s clock, and refuses the hour that a spring night leaves out', () => {
    const cells = { date: '2026-03-29', time: '02:30', practitioner: 'Dr Lin', givenName: 'Jörg', familyName: 'Müller' }
    expect(readLine({ line: 2, cells }, berlin, now).problems).to.deep.equal([{ column: 'time', problem: 'no-such-time' }])
    const read = readLine({ line: 2, cells: { ...cells, time: '09:20' } }, berlin, now)
    expect(read.visit?.details).to.include({ startsAt: '2026-03-29T07:20:00.000Z' })
    expect(read.visit?.details.contact.language).to.equal('de')
    expect(readLine({ line: 2, cells: { ...cells, date: '2020-03-29', time: '09:20' } }, chicago, now).problems).to.deep.equal([
      { column: 'date', problem: 'past' },
    ])
  })
  it('names every problem of a line, not the first only', () => {
    const cells = {
      date: 'soon',
      time: '',
      practitioner: '',
      givenName: 'Ada',
      familyName: 'Moreno',
      phone: '12',
      email: 'x',
      language: 'fr',
      textsAllowed: 'perhaps',
    }
    expect(readLine({ line: 2, cells }, chicago, now).problems.map(({ column, problem }) => `${column} ${problem}`)).to.have.members([
      'date not-readable',
      'time missing',
      'practitioner missing',
      'phone not-readable',
      'email not-readable',
      'language not-readable',
      'textsAllowed not-readable',
    ])
  })
})

describe('importing visits', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())

  const day = new Date(now.getTime() + 9 * 24 * 3600 * 1000).toISOString().slice(0, 10)
  const text = `date,time,doctor,first name,last name,mobile\n${day},9:20,Dr Lin,Ada,Moreno,(312) 555-0142\n${day},25:00,Dr Lin,Ivan,Petrov,\n${day},9:20,DR LIN,ada,MORENO,\n`
  const run = async (payload: object) => {
    const { cookie } = world.session(['front-desk'], lakeside)
    const answer = await app.inject({ method: 'POST', url: '/api/clinic/imports', headers: staffHeaders(cookie), payload })
    expect(answer.statusCode, answer.body).to.equal(200)
    return answer.json() as { lines: { is: string; sent: string | null }[] }
  }

  it('says first what it would do, books what is right, and books nothing twice', async () => {
    const links = world.links.size
    expect((await run({ text, dryRun: true })).lines.map(({ is }) => is)).to.deep.equal(['new', 'wrong', 'twice'])
    expect(world.links.size).to.equal(links)
    const done = await run({ text, dryRun: false, sendLinks: true })
    expect(done.lines.map(({ is, sent }) => [is, sent])).to.deep.equal([
      ['booked', 'waits'],
      ['wrong', null],
      ['twice', null],
    ])
    expect((await run({ text, dryRun: false })).lines.map(({ is }) => is)).to.deep.equal(['there', 'wrong', 'there'])
    expect(world.links.size).to.equal(links + 1)
  })
  it('says that a visit was called off, and books the line anew only when it is chosen', async () => {
    await run({ text, dryRun: false })
    for (const journey of world.journeys.values()) if (journey.practitioner === 'Dr Lin') journey.visitStatus = 'cancelled'
    const links = world.links.size
    expect((await run({ text, dryRun: true })).lines.map(({ is }) => is)).to.deep.equal(['cancelled', 'wrong', 'twice'])
    expect((await run({ text, dryRun: false })).lines[0]?.is).to.equal('cancelled')
    expect(world.links.size, 'not by itself').to.equal(links)
    expect((await run({ text, dryRun: false, anew: [2], sendLinks: true })).lines[0]).to.include({ is: 'booked', sent: 'waits' })
    expect((await run({ text, dryRun: false, anew: [2] })).lines[0]?.is).to.equal('there')
    expect(world.links.size).to.equal(links + 1)
  })
  it('knows a visit that was made by hand, and opens the names of that hour and clinician only', async () => {
    const at = { startsAt: `${day}T14:20:00.000Z`, practitioner: 'DR. LIN' }
    const [same, other] = [world.link(at).facts, world.link({ ...at, practitioner: 'Dr Okafor' }).facts]
    for (const { visitId } of [same, other]) {
      await world.deps.contacts.save(lakeside, visitId, VisitContact.parse({ givenName: 'Ada', familyName: 'Moreno' }), 'user:desk', now)
    }
    expect((await run({ text, dryRun: true })).lines[0]?.is).to.equal('there')
    expect(world.audits.filter(({ action }) => action === 'contact.read').map(({ resource }) => resource)).to.deep.equal(['visits:1'])
  })
  it('tells the audit what it booked when it is stopped on the way', async () => {
    const two = `${text}${day},9:40,Dr Lin,Samira,Haddad,\n`
    const { importVisit } = world.deps.desk
    world.deps.desk.importVisit = async (...wish) => (wish[1].text.includes('haddad') ? { is: 'handover' } : importVisit(...wish))
    const { cookie } = world.session(['front-desk'], lakeside)
    const payload = { text: two, dryRun: false }
    const answer = await app.inject({ method: 'POST', url: '/api/clinic/imports', headers: staffHeaders(cookie), payload })
    expect(answer.statusCode).to.equal(409)
    expect(world.audits.filter(({ action }) => action === 'visit.import').map(({ resource, outcome }) => [resource, outcome])).to.deep.equal([
      ['booked:1 of:4', 'error'],
    ])
  })
  it('tells of itself in the audit with numbers only, and leaves nothing of the file in a log', async () => {
    await run({ text, dryRun: false })
    expect(world.audits.filter(({ action }) => action === 'visit.import').map(({ resource }) => resource)).to.deep.equal(['booked:1 of:3'])
    expect(world.logLines.join('')).to.not.match(/Moreno|Petrov|555/)
    expect(JSON.stringify(world.audits)).to.not.match(/Moreno|Petrov|555/)
  })
})
