/** What an error of a mail server means, and what a person can do about it. */
import type { Failure, SendResult } from './channel.ts'
import { short } from './wording.ts'

/** What is left of an error at the border: enough to judge, nothing that could hold a secret. */
export interface Fault {
  /** The SDK's or Node's name: `Throttling`, `ECONNREFUSED`. */
  readonly name: string
  readonly message: string
  /** HTTP or SMTP status; `null` when nothing was answered. */
  readonly status: number | null
  readonly retryAfterMs: number | null
}

const ERROR_CHARS = 200

const DAILY_QUOTA = 'SES accepts no more mail today: ask AWS for a higher sending quota, or wait. The alerts are kept.'
const RATE = 'SES is throttling: nothing to do, it is tried again by itself'
const AWAY = 'no way through to the mail server: check network, DNS and proxy. It is tried again by itself'
const SERVER = 'the mail server has a fault of its own: it is tried again by itself'

/** Error names of AWS that mean "slower" (smithy's list). */
const throttled =
  /^(BandwidthLimitExceeded|EC2ThrottledException|LimitExceededException|PriorRequestNotComplete|ProvisionedThroughputExceededException|RequestLimitExceeded|RequestThrottled(Exception)?|SlowDown|ThrottledException|Throttling(Exception)?|TooManyRequestsException|TransactionInProgressException)$/

const credentials: Readonly<Record<string, string>> = {
  InvalidClientTokenId: 'AWS does not know this access key: check AWS_ACCESS_KEY_ID (and AWS_SESSION_TOKEN)',
  UnrecognizedClientException: 'AWS does not know this access key: check AWS_ACCESS_KEY_ID (and AWS_SESSION_TOKEN)',
  SignatureDoesNotMatch: 'the secret does not belong to the access key: check AWS_SECRET_ACCESS_KEY',
  IncompleteSignature: 'the credentials are incomplete: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  MissingAuthenticationToken: 'no credentials were sent: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  CredentialsProviderError:
    'no AWS credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the service a role',
  ExpiredToken: 'the session token has expired: renew AWS_SESSION_TOKEN, or use a role',
  ExpiredTokenException: 'the session token has expired: renew AWS_SESSION_TOKEN, or use a role',
  RequestExpired: 'the clock of this machine is wrong: AWS refuses the request as too old',
  AccessDenied: 'these credentials may not send mail: allow ses:SendRawEmail for them',
  AccessDeniedException: 'these credentials may not send mail: allow ses:SendRawEmail for them',
  OptInRequired: 'this AWS account is not signed up for SES in this region: check AWS_REGION',
  AccountSendingPausedException: 'AWS has paused sending for this account: see the SES console',
  ConfigurationSetSendingPausedException: 'AWS has paused sending for this configuration set: see the SES console',
  ConfigurationSetDoesNotExistException: 'the configuration set does not exist in this region',
  MailFromDomainNotVerifiedException:
    'the MAIL FROM domain is not verified: see the SES console, or check SENDER_EMAIL',
}

function failed(fault: Fault, failure: Failure, advice: string): SendResult {
  // AWS explains a wrong signature over many lines, with the request in them.
  const error = short(`${fault.name}: ${fault.message}`, ERROR_CHARS)
  return { ok: false, failure, error, advice, retryAfterMs: fault.retryAfterMs }
}

/** What an answer of Amazon SES, or none, means. Whatever is not known to be permanent is tried again. */
export function sesFailure(fault: Fault): SendResult {
  const blocked = credentials[fault.name]
  if (blocked !== undefined) return failed(fault, 'blocked', blocked)
  if (/daily message quota/i.test(fault.message)) return failed(fault, 'quota', DAILY_QUOTA)
  if (throttled.test(fault.name) || /maximum sending rate/i.test(fault.message)) return failed(fault, 'retry', RATE)
  if (fault.name === 'MessageRejected' && /not verified/i.test(fault.message)) {
    const advice = 'verify SENDER_EMAIL in SES; while the account is in the SES sandbox, verify RECIPIENT_EMAILS too'
    return failed(fault, 'refused', advice)
  }
  if (fault.status === null) return failed(fault, 'retry', AWAY)
  if (fault.status >= 500 || fault.status === 429) return failed(fault, 'retry', SERVER)
  if (fault.status === 401 || fault.status === 403)
    return failed(fault, 'blocked', 'AWS refuses the credentials: check the AWS_ settings')
  return failed(fault, 'refused', 'SES refuses this message: check SENDER_EMAIL and RECIPIENT_EMAILS')
}

/** What an SMTP reply, or none, means. RFC 5321: 4yz is transient, 5yz is permanent. */
export function smtpFailure(fault: Fault): SendResult {
  const { status, name } = fault
  if (name === 'EAUTH' || status === 530 || status === 534 || status === 535)
    return failed(fault, 'blocked', 'the mail server refuses the login: check EMAIL_USER and EMAIL_PASSWORD')
  if (/daily message quota/i.test(fault.message)) return failed(fault, 'quota', DAILY_QUOTA)
  if (name === 'ETLS' || name === 'ESOCKET')
    return failed(
      fault,
      'retry',
      'no secure connection to the mail server: check SMTP_SERVER, SMTP_PORT and its certificate',
    )
  if (name === 'EDNS' || name === 'ENOTFOUND')
    return failed(fault, 'retry', 'the name of the mail server is not known: check SMTP_SERVER and DNS')
  if (status === null) return failed(fault, 'retry', AWAY)
  if (status < 500) return failed(fault, 'retry', SERVER)
  return failed(fault, 'refused', 'the mail server refuses this mail: check SENDER_EMAIL and RECIPIENT_EMAILS')
}

/** What an HTTP answer of a chat or a webhook, or none, means; `setting` holds its address. */
export function httpFailure(fault: Fault, setting: string): SendResult {
  const { status } = fault
  if (status === null) return failed(fault, 'retry', `no way through: check ${setting}, network, DNS and proxy`)
  if (status === 429) return failed(fault, 'retry', 'too many messages for the other side: tried again when it allows')
  if (status >= 500 || status === 408)
    return failed(fault, 'retry', 'the other side has a fault: tried again by itself')
  if (status < 400) return failed(fault, 'blocked', `the address has moved: set the new one in ${setting}`)
  if (status === 401 || status === 403) return failed(fault, 'blocked', `access is refused: check ${setting}`)
  if (status === 404 || status === 410)
    return failed(fault, 'blocked', `nothing is there any more: make a new webhook and set it in ${setting}`)
  return failed(fault, 'refused', `this message is refused: check what ${setting} expects`)
}
