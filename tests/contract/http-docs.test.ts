import { readFileSync } from 'node:fs'
import { ERROR_CODES } from '@plimsoll/contracts/http'
import { expect, it } from 'vitest'

const docs = readFileSync(new URL('../../docs/http.md', import.meta.url), 'utf8')
const listed = [...docs.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| (.*) \|$/gm)].map(([, code, status, doc]) => ({
  code,
  status: Number(status),
  doc,
}))

it('docs/http.md lists exactly the error codes there are, with status and meaning', () => {
  expect(listed).toEqual(Object.entries(ERROR_CODES).map(([code, { status, doc }]) => ({ code, status, doc })))
})
