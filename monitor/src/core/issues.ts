/** What valibot found wrong, in words for the person who wrote it. */
import * as v from 'valibot'

function inWords(message: string): string {
  if (/^Invalid key: Expected never/.test(message)) return 'is not known here'
  return /^Invalid key: .* received undefined$/.test(message) ? 'is missing' : message
}

/** `for: is missing`; without the path where it is the whole that is wrong. */
export function issueText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  return `${path === null ? '' : `${path}: `}${inWords(issue.message)}`
}
