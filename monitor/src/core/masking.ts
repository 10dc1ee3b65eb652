/**
 * Masks what looks like a secret in text that containers wrote. By common patterns only: a secret that stands alone
 * and looks like nothing cannot be told from other words. What is not surely harmless is masked rather than shown.
 */
import { MASKED } from '@plimsoll/contracts/evidence'

/** Names after which a value is a secret. `pass` and `auth` only as words of their own: `passed: 12`, `author: me`. */
const NAMES = [
  '(?:password|passwd|passphrase|passcode|pwd)',
  '(?<![a-z])pass(?![a-z])',
  '(?<![a-z])auth(?![a-z])',
  'authorization',
  'secret',
  // `tokens: 512` is a count.
  'token(?!s["\']?\\s{0,4}[=:])',
  '(?:api|access|secret|private|signing|encryption|master|session|ssh|account)[-_ ]?key',
  'credentials?',
  'cookie',
  'session[-_]?id',
  'signature',
].join('|')

/** No secret, and worth knowing: `token: undefined` is often the very cause. */
const HARMLESS = /^(?:null|nil|none|undefined|true|false|missing|invalid|expired|required|empty|\*+|\[masked\])$/i

const named = new RegExp(
  // The name, what its word goes on with, and how a value is put behind it: `=`, `:`, `=>`, `": "`, `\":\"`.
  `((?:${NAMES})[\\w.-]{0,40}(?:\\\\?["'])?\\s{0,4}(?:=>|[=:])\\s{0,4})` +
    // In quotes up to their end, which may be missing; else up to what ends a value.
    `(?:(\\\\?["'])(.{0,3000}?)(?:\\2|$)|([^\\s"'\\\\,;&{}()[\\]]{1,3000}))`,
  'gi',
)
const onCommandLine =
  /(--[\w-]{0,40}(?:password|passwd|token|secret|api-?key)[\w-]{0,20}\s{1,4})([^\s-][^\s]{0,3000})/gi
const scheme = /\b((?:Bearer|Basic|Digest|Negotiate)\s{1,4})([A-Za-z0-9._~+/=-]{6,3000})/gi
const header = /\b((?:proxy-)?authorization["']?\s{0,4}[:=]\s{0,4}["']?)([^"'\r\n]{1,3000})/gi
const cookie = /\b((?:set-)?cookie["']?\s{0,4}:\s{0,4}["']?)([^"'\r\n]{1,3000})/gi
const inAddress = /([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@:]{0,200}:)([^\s/]{1,200})@/gi

/** Tokens that say themselves what they are. */
const TOKENS = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,255}/g,
  /\bgithub_pat_\w{20,255}/g,
  /\bglpat-[\w-]{20,255}/g,
  /\bxox[abeoprs]-[\w-]{10,255}/g,
  /\b[srp]k[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{20,255}/g,
  /\bAIza[\w-]{35}/g,
  /\bnpm_[A-Za-z0-9]{30,255}/g,
  /\bSG\.[\w-]{16,64}\.[\w-]{16,128}/g,
  /\beyJ[\w-]{8,2000}\.[\w-]{4,3000}\.[\w-]{0,1000}/g,
  /(?<=hooks\.slack\.com\/services\/)[\w/]{10,200}/g,
] as const

const keyBlock =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----|$)/g
const keyBegin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/
const keyEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY/
/** A line of a key without its frame. */
const keyLine = /^\s*[A-Za-z0-9+/=]{16,100}\s*$/

function maskNamed(...found: readonly (string | undefined)[]): string {
  const [whole = '', before = '', quote = '', quoted, bare] = found
  const value = quoted ?? bare ?? ''
  return value === '' || HARMLESS.test(value) ? whole : `${before}${quote}${MASKED}${quote}`
}

const secretName = new RegExp(NAMES, 'i')
/** Names of files and places of secrets are none themselves. */
const placeName = /_(?:FILE|PATH|DIR|URL|HOST|PORT|USER|NAME)$/i
const MAX_SECRETS = 30

/** Whether a value is worth masking wherever it stands: `postgres` as a password would take the word from every line. */
function isTelling(value: string): boolean {
  if (value.length < 8 || value.length > 500 || value.startsWith('/')) return false
  return value.length >= 16 || !/^(?:[a-z]+|[A-Z]+|[0-9]+)$/.test(value)
}

/** The secrets in a container's environment (`NAME=value`): by their names, and the passwords in addresses. */
export function secretsIn(environment: readonly string[]): readonly string[] {
  const found = new Set<string>()
  for (const entry of environment) {
    const at = entry.indexOf('=')
    const [name, value] = [entry.slice(0, at), entry.slice(at + 1)]
    const password = /:\/\/[^\s/@:]*:([^\s/]+)@/.exec(value)?.[1]
    if (password !== undefined && isTelling(password)) found.add(password)
    else if (secretName.test(name) && !placeName.test(name) && isTelling(value)) found.add(value)
    if (found.size === MAX_SECRETS) break
  }
  return [...found]
}

/**
 * The text with what looks like a secret masked, and `secrets` wherever they stand. Masking what is masked already
 * changes nothing.
 */
export function mask(text: string, secrets: readonly string[] = []): string {
  let masked = text
  for (const secret of secrets) masked = masked.replaceAll(secret, MASKED)
  masked = masked.replace(keyBlock, MASKED)
  for (const token of TOKENS) masked = masked.replace(token, MASKED)
  masked = masked.replace(inAddress, `$1${MASKED}@`)
  masked = masked.replace(header, `$1${MASKED}`).replace(cookie, `$1${MASKED}`)
  masked = masked.replace(scheme, `$1${MASKED}`)
  return masked.replace(onCommandLine, `$1${MASKED}`).replace(named, maskNamed)
}

/**
 * Lines of one log, each masked; a private key is masked over all its lines, also where its beginning or its end is
 * not among them.
 */
export function maskLines(lines: readonly string[], secrets: readonly string[] = []): readonly string[] {
  const masked: string[] = []
  let inKey = false
  for (const line of lines) {
    const begins = keyBegin.test(line)
    const ends = keyEnd.test(line)
    if (ends && !inKey && !begins) {
      for (let i = masked.length - 1; i >= 0 && keyLine.test(masked[i] ?? ''); i--) masked[i] = MASKED
    }
    masked.push(ends || (inKey && keyLine.test(line)) ? MASKED : mask(line, secrets))
    // Whatever comes between the lines of a key, as an interleaved line of another thread, is masked by itself.
    inKey = (inKey || begins) && !ends
  }
  return masked
}
