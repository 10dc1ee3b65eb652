import { MASKED } from '@plimsoll/contracts/evidence'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mask, maskLines, secretsIn } from './masking.ts'

// Put together here, so that nothing in this file looks like a secret to those who look for such.
const AWS = `AKIA${'IOSFODNN7EXAMPLE'}`
const GITHUB = `ghp_${'a1B2'.repeat(9)}`
const JWT = `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxIn0'}.${'dBjftJeZ4CVP'}`
const SLACK = `https://hooks.slack.com/services/${'T0001/B0001/abcdefghijkl'}`

describe('a secret in a line of a log is masked, and the rest of the line is kept', () => {
  it.each([
    ['login with password=hunter2 failed', `login with password=${MASKED} failed`],
    ['PASSWORD: hunter2', `PASSWORD: ${MASKED}`],
    ['DB_PASSWORD="correct horse battery" PORT=5432', `DB_PASSWORD="${MASKED}" PORT=5432`],
    ["pass='a b c', user='me'", `pass='${MASKED}', user='me'`],
    ['{"user":"me","dbPassword":"a b","port":5}', `{"user":"me","dbPassword":"${MASKED}","port":5}`],
    ['body: {\\"token\\":\\"a b\\",\\"n\\":1}', `body: {\\"token\\":\\"${MASKED}\\",\\"n\\":1}`],
    ['GET /cb?access_token=abc123&state=1', `GET /cb?access_token=${MASKED}&state=1`],
    ['token: abc.def/ghi', `token: ${MASKED}`],
    ['api-key = 12345', `api-key = ${MASKED}`],
    ['STRIPE_SECRET_KEY=xyz', `STRIPE_SECRET_KEY=${MASKED}`],
    ['secret => xyz', `secret => ${MASKED}`],
    ['Authorization: Bearer abc.def', `Authorization: ${MASKED}`],
    ['sent Bearer abcdefgh12 to api', `sent Bearer ${MASKED} to api`],
    ['"authorization":"Basic dXNlcjpwYXNz","x":1', `"authorization":"${MASKED}","x":1`],
    ['Set-Cookie: sid=abc; Path=/', `Set-Cookie: ${MASKED}`],
    ['postgres://app:s3cr:t@db:5432/shop', `postgres://app:${MASKED}@db:5432/shop`],
    ['redis://:pw@cache:6379', `redis://:${MASKED}@cache:6379`],
    ['run --db-password hunter2 --port 1', `run --db-password ${MASKED} --port 1`],
    [`key ${AWS} used`, `key ${MASKED} used`],
    [`push with ${GITHUB}`, `push with ${MASKED}`],
    [`jwt ${JWT} expired`, `jwt ${MASKED} expired`],
    [`POST ${SLACK}`, `POST https://hooks.slack.com/services/${MASKED}`],
    ['password="never ended', `password="${MASKED}"`],
  ])('%s', (line, masked) => expect(mask(line)).toBe(masked))
})

describe('what is no secret stays, for it may be the cause', () => {
  it.each([
    'tests passed: 12, failed: 3',
    'author: me',
    'tokens: 512',
    'token: undefined',
    'password=null',
    'password: ***',
    'http://web:8080/health?x=1',
    'Error: connect ECONNREFUSED 10.0.0.5:5432 at user@host',
    'keyboard: ok, monkey=1',
    'the password is wrong',
  ])('%s', (line) => expect(mask(line)).toBe(line))
})

describe('a private key', () => {
  const [begin, end] = ['-----BEGIN RSA PRIVATE KEY-----', '-----END RSA PRIVATE KEY-----']
  const body = ['MIIEowIBAAKCAQEAx7mNQ', 'q83vEjRWeJq83vEjRWeJq8', 'AAAA1234AAAA1234==']

  it('is masked over all its lines, and what other threads wrote between them is kept', () => {
    const lines = ['before', begin, body[0] ?? '', 'GET /health 200', ...body.slice(1), end, 'after']
    expect(maskLines(lines)).toEqual(['before', MASKED, MASKED, 'GET /health 200', MASKED, MASKED, MASKED, 'after'])
  })

  it('is masked where its beginning is no longer among the lines', () => {
    expect(maskLines(['a word', ...body, end, 'after'])).toEqual(['a word', MASKED, MASKED, MASKED, MASKED, 'after'])
  })

  it('is masked where its end never came, and within one line', () => {
    expect(maskLines([begin, ...body])).toEqual([MASKED, MASKED, MASKED, MASKED])
    expect(mask(`key: "${begin}\\n${body.join('\\n')}\\n${end}" loaded`)).not.toContain('MIIE')
  })
})

describe('what a container’s environment keeps secret', () => {
  it('is known by its names, and as the password of an address', () => {
    const environment = [
      'PATH=/usr/bin',
      'DB_PASSWORD=s3cr3t-horse',
      'DATABASE_URL=postgres://app:p%40ss-w0rd@db:5432/shop',
      'API_KEY=0123456789abcdefgh',
      'NODE_VERSION=24.1.0-rc-2',
    ]
    expect(secretsIn(environment)).toEqual(['s3cr3t-horse', 'p%40ss-w0rd', '0123456789abcdefgh'])
  })

  it.each(['POSTGRES_PASSWORD=postgres', 'PASSWORD=', 'DB_PASSWORD_FILE=/run/secrets/db', 'TOKEN=short', 'SECRET'])(
    '%s names none: a plain word would be taken out of every line',
    (entry) => expect(secretsIn([entry])).toEqual([]),
  )

  it('is masked wherever it stands', () => {
    const secrets = ['s3cr3t-horse']
    expect(mask('got s3cr3t-horse, wanted x', secrets)).toBe(`got ${MASKED}, wanted x`)
    expect(maskLines(['argv: ["-p","s3cr3t-horse"]'], secrets)).toEqual([`argv: ["-p","${MASKED}"]`])
  })
})

describe('whatever is written', () => {
  const value = fc.stringMatching(/^[A-Za-z0-9_.~+-]{12,40}$/).filter((text) => !text.startsWith('-'))
  const name = fc.constantFrom(
    'password',
    'DB_PASSWORD',
    'apiKey',
    'token',
    'client_secret',
    'X-Api-Key',
    'accessToken',
  )
  const put = fc.constantFrom('=', ': ', '":"', ' = ', '\\":\\"', "='")

  it('a value behind a secret’s name is never told', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), name, put, value, (before, of, sign, secret) => {
        const line = `${before.replaceAll(/[\\"'\w-]/g, ' ')} ${of}${sign}${secret}`
        expect(mask(line)).not.toContain(secret)
      }),
    )
  })

  it('masking twice is masking once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), name, put, value, (any, of, sign, secret) => {
        const once = mask(`${any} ${of}${sign}${secret} ${any}`)
        expect(mask(once)).toBe(once)
      }),
    )
  })

  it('fifty lines made to be slow are masked in well under the time that an alert may wait', () => {
    const lines = ['token'.repeat(800), 'a'.repeat(4000), '--'.repeat(2000), 'eyJ'.repeat(1300), 'x://'.repeat(1000)]
    const began = performance.now()
    for (let i = 0; i < 10; i++) maskLines(lines)
    expect(performance.now() - began).toBeLessThan(400)
  })
})
