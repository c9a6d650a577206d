import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { createLog, errorFields } from './index.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> {
  const lines: string[] = []
  const log = createLog(
    { level: 'info', process: 'engine-1', region: 'us-east', secretNames: ['restToken', 'private-key'] },
    { write: (line) => void lines.push(line) },
  )
  write(log)
  expect(lines).to.have.lengthOf(1)
  return JSON.parse(lines[0] ?? '')
}

describe('log', () => {
  it('says which process and region wrote the line', () => {
    expect(logged((log) => log.info({ flow: 'intake' }, 'started'))).to.include({
      process: 'engine-1',
      region: 'us-east',
      level: 'info',
      flow: 'intake',
      msg: 'started',
    })
  })

  it('hides credentials at every depth that log fields have', () => {
    const fields = {
      restToken: 'S3CRET',
      a: { authorization: 'S3CRET', b: { 'private-key': 'S3CRET', cookie: 'S3CRET' } },
      req: { headers: { token: 'S3CRET' } },
    }
    const line = logged((log) => log.warn(fields, 'x'))
    expect(JSON.stringify(line)).to.not.contain('S3CRET')
    expect(JSON.stringify(line).match(/\[redacted\]/g)).to.have.lengthOf(5)
  })

  it('never logs the message of an error that we did not write, because it may quote a value', () => {
    let thrown: unknown
    try {
      JSON.parse('{"memberId":"XQ-4711"')
    } catch (error) {
      thrown = error
    }
    const quoted = Object.assign(new Error('invalid input: Jane Roe'), { code: '22P02' })
    for (const error of [thrown, quoted]) {
      const line = logged((log) => log.error({ err: error }, 'failed'))
      expect(JSON.stringify(line)).to.not.match(/XQ-4711|Jane Roe/)
    }
    expect(errorFields(quoted)).to.include({ errorName: 'Error', code: '22P02' })
    expect(errorFields(quoted).at).to.be.an('array').that.is.not.empty
  })

  it('logs kind, text and detail of a partner fault, which are ours', () => {
    expect(errorFields(new PartnerFault('timeout', 'No answer in 20 s.', { detail: 'socket idle' }))).to.include({
      kind: 'timeout',
      text: 'No answer in 20 s.',
      detail: 'socket idle',
    })
  })

  it('names what was thrown when it was no error', () => {
    expect(errorFields('Jane Roe')).to.deep.equal({ errorName: 'string' })
  })
})
