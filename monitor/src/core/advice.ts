/** What a person can do when the engine does not answer, by what the system said. */

const byCode: Readonly<Record<string, string>> = {
  ENOENT: 'Is Docker running? There is no socket at this address; set DOCKER_HOST if the engine listens elsewhere.',
  EACCES:
    'This user may not open the engine’s socket: add it to the socket’s group (`stat -c %g` names it), or go through a socket proxy and set DOCKER_HOST.',
  EPERM: 'This user may not open the engine’s socket: add it to the socket’s group, or go through a socket proxy.',
  ECONNREFUSED:
    'Nothing listens at this address: is the engine (or the socket proxy) running? DOCKER_HOST says where to look.',
  ENOTFOUND: 'The host name in DOCKER_HOST is not known here: is it spelled right, and is the socket proxy up?',
  EAI_AGAIN: 'The host name in DOCKER_HOST cannot be looked up now: is the socket proxy up and in this network?',
  ECONNRESET: 'The engine hung up, as it does when it restarts; this heals by itself once it is back.',
  ETIMEDOUT: 'No answer in time: is the engine overloaded, or a firewall between?',
  EHOSTUNREACH: 'No way to the host in DOCKER_HOST: is the network up?',
}

/** A proxy may answer with a page of HTML. */
const MAX_ERROR_CHARS = 300

const byStatus: Readonly<Record<number, string>> = {
  400: 'The engine refuses this way of asking: it may be too old or too new for this Plimsoll.',
  401: 'The engine wants a login that Plimsoll does not have.',
  403: 'A socket proxy refuses this request: allow GET on /_ping, /version, /info, /events and /containers.',
}

/** Advice for an error of the engine's connection; always a sentence. */
export function engineAdvice(error: unknown): string {
  const { code, statusCode, name } = error as { code?: unknown; statusCode?: unknown; name?: unknown }
  if (typeof statusCode === 'number')
    return byStatus[statusCode] ?? 'The engine answers with an error; its log may say why.'
  if (name === 'AbortError' || name === 'TimeoutError') return byCode.ETIMEDOUT ?? ''
  return byCode[String(code)] ?? 'Check that the engine runs and that DOCKER_HOST is right.'
}

/** What went wrong, in words: one line, whatever was thrown. */
export function engineErrorText(error: unknown): string {
  const { name, message } = error as { name?: unknown; message?: unknown }
  // An aborted request says only that it was aborted; ours are aborted by their deadlines.
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time'
  const text = typeof message === 'string' ? message : String(error)
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_ERROR_CHARS) || 'unknown error'
}
