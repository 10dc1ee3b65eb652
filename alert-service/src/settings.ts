/** Every setting of the alert service. Read once, in main.ts. */
import {
  duration,
  emailAddress,
  httpUrl,
  line,
  listOf,
  oneOf,
  pairsOf,
  port,
  wholeNumber,
} from '@plimsoll/contracts/setting-kinds'
import { declare, type Kind, type SettingsOf } from '@plimsoll/contracts/settings'
import { sharedSettings } from '@plimsoll/contracts/shared-settings'
import * as v from 'valibot'
import { CHANNEL_NAMES, parseRoute, type Route } from './core/route.ts'

/** `critical`, `all`, `critical:web*|db`. */
function alertRoute(): Kind<Route> {
  return v.pipe(
    v.string(),
    v.transform(parseRoute),
    v.custom<Route>(
      (route) => route !== undefined,
      'expected all or critical, and containers or projects after a colon: critical:web*|project=shop',
    ),
  )
}

/** A route for each channel that is named. */
function routesByChannel(): Kind<ReadonlyMap<string, Route>> {
  const known: readonly string[] = CHANNEL_NAMES
  return v.pipe(
    pairsOf(alertRoute()),
    v.check(
      (named) => [...named.keys()].every((name) => known.includes(name)),
      `expected channels among ${known.join(', ')}`,
    ),
  )
}

/** The address of a topic: a server, and one name after it. */
function ntfyTopic(): Kind<string> {
  return v.pipe(
    httpUrl(),
    v.regex(
      /^https?:\/\/[^/]+\/[A-Za-z0-9_-]{1,64}$/,
      'expected a server and a topic, such as https://ntfy.sh/my-topic',
    ),
  )
}

const pace = declare({
  CHECK_INTERVAL: {
    doc: 'How often alerts that are not critical are looked at; critical ones never wait',
    fallback: '30',
    parse: duration({ min: '100ms', max: '1h' }),
    unit: 's',
  },
  ALERT_COOLDOWN: {
    doc: 'Between two alerts of the same rule and container; one that fires on is told afterwards. 0 is off',
    fallback: '300',
    parse: duration({ min: '0s', max: '1d' }),
    unit: 's',
  },
  BUFFER_TIMEOUT: {
    doc: 'How long alerts that are not critical are collected into one message',
    fallback: '60',
    parse: duration({ min: '0s', max: '1h' }),
    unit: 's',
  },
  REPEAT_INTERVAL: {
    doc: 'An alert that still fires and that nobody acknowledged is told again after this long. 0 is never',
    fallback: '4h',
    parse: duration({ min: '0s', max: '30d' }),
    unit: 's',
  },
  MESSAGES_PER_HOUR: {
    doc: 'At most this many messages an hour to each channel; what is more becomes one message',
    fallback: '60',
    parse: wholeNumber({ min: 1, max: 100_000 }),
  },
  DELIVERY_MAX_AGE: {
    doc: 'What could not be delivered for this long is given up',
    fallback: '7d',
    parse: duration({ min: '1m', max: '365d' }),
    unit: 's',
  },
  SEND_TIMEOUT: {
    doc: 'How long a mail server or chat may take to answer',
    fallback: '10s',
    parse: duration({ min: '100ms', max: '60s' }),
    unit: 's',
  },
})

const mail = declare({
  SENDER_EMAIL: { doc: 'Who alert mails come from', fallback: null, parse: emailAddress() },
  RECIPIENT_EMAILS: {
    doc: 'Who gets alert mails, separated by commas',
    fallback: null,
    parse: listOf(emailAddress()),
  },
  AWS_REGION: {
    doc: 'Mail goes by Amazon SES in this region when SENDER_EMAIL and RECIPIENT_EMAILS are set too',
    fallback: null,
    parse: line(),
  },
  AWS_ACCESS_KEY_ID: {
    doc: 'Access key for SES; without it the AWS SDK looks for a profile or a role by itself',
    fallback: null,
    parse: line(),
  },
  AWS_SECRET_ACCESS_KEY: { doc: 'The secret of that key', fallback: null, parse: line(), secret: true },
  AWS_SESSION_TOKEN: { doc: 'For temporary credentials', fallback: null, parse: line(), secret: true },
  AWS_ENDPOINT_URL_SES: { doc: 'Another address that speaks SES, for tests', fallback: null, parse: httpUrl() },
  SMTP_SERVER: {
    doc: 'Mail goes by this SMTP server when SENDER_EMAIL and RECIPIENT_EMAILS are set too',
    fallback: null,
    parse: line(),
  },
  SMTP_PORT: {
    doc: '465 is TLS from the first byte, others use STARTTLS where it is offered',
    fallback: '587',
    parse: port(),
  },
  EMAIL_USER: { doc: 'Login at the SMTP server, if it wants one', fallback: null, parse: line() },
  EMAIL_PASSWORD: { doc: 'Password at the SMTP server', fallback: null, parse: line(), secret: true },
})

const chats = declare({
  SLACK_WEBHOOK_URL: {
    doc: 'Alerts go to this Slack incoming webhook too',
    fallback: null,
    parse: httpUrl(),
    secret: true,
  },
  TEAMS_WEBHOOK_URL: {
    doc: 'Alerts go to this Microsoft Teams workflow ("when a webhook request is received") too',
    fallback: null,
    parse: httpUrl(),
    secret: true,
  },
  DISCORD_WEBHOOK_URL: {
    doc: 'Alerts go to this Discord webhook too',
    fallback: null,
    parse: httpUrl(),
    secret: true,
  },
  NTFY_URL: {
    doc: 'Alerts go to this ntfy topic too, such as https://ntfy.sh/my-topic',
    fallback: null,
    parse: ntfyTopic(),
    secret: true,
  },
  NTFY_TOKEN: { doc: 'Access token of a protected ntfy topic', fallback: null, parse: line(), secret: true },
  WEBHOOK_URL: {
    doc: "Alerts are posted here too, as JSON in the form of Alertmanager's webhook",
    fallback: null,
    parse: httpUrl(),
    secret: true,
  },
  WEBHOOK_SECRET: {
    doc: 'Signs those posts: X-Plimsoll-Signature is the HMAC-SHA256 of X-Plimsoll-Timestamp, a dot and the body',
    fallback: null,
    parse: line(),
    secret: true,
  },
  ALERTMANAGER_URL: {
    doc: 'Alerts go to this Prometheus Alertmanager too, and again every minute while they fire',
    fallback: null,
    parse: httpUrl(),
  },
  ROUTES: {
    doc: 'Which alerts a channel gets, such as slack=critical,teams=all:web*|project=shop; a channel that is not named gets all',
    fallback: null,
    parse: routesByChannel(),
  },
})

const watch = declare({
  MONITOR_SILENCE: {
    doc: 'A monitor that writes no status line for this long is an alert of its own. 0 is off',
    fallback: '60s',
    parse: duration({ min: '0s', max: '1d' }),
    unit: 's',
  },
  DIGEST: {
    doc: 'A mail about all that happened: daily, weekly (on Mondays) or off',
    fallback: 'off',
    parse: oneOf(['off', 'daily', 'weekly']),
  },
  DIGEST_HOUR: {
    doc: 'The hour of the day, UTC, at which the digest is sent',
    fallback: '7',
    parse: wholeNumber({ min: 0, max: 23 }),
  },
  HEARTBEAT_URL: {
    doc: "Fetched every minute while monitor and alert service are both well: a dead man's switch",
    fallback: null,
    parse: httpUrl(),
    secret: true,
  },
})

const place = declare({
  ALERT_SERVICE_PORT: { doc: 'Port of /health and /status', fallback: '8002', parse: port() },
  LISTEN_HOST: {
    doc: 'Address to listen on; 0.0.0.0 inside a container, else only this machine',
    fallback: '127.0.0.1',
    parse: line(),
  },
})

export const alertSettings = declare({ ...sharedSettings, ...pace, ...mail, ...chats, ...watch, ...place })

export type AlertSettings = SettingsOf<typeof alertSettings>
