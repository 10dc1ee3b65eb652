/** `plimsoll silence`, `silences`, `unsilence` and `ack`: what a person says to alerts. */
import type { Fetched } from './core/answers.ts'
import { safe } from './core/safe-text.ts'
import { acknowledgedText, adviceFor, silencedText, silenceTable, unsilencedText } from './core/say-words.ts'
import { away, EXIT_USAGE, show, type Task } from './run.ts'

/** There is no such silence, or no such alert fires. */
const EXIT_NONE = 1

export async function runSilence(task: Task): Promise<number> {
  const { monitor, values, word, out } = task
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : null)
  const scope = { container: word, rule: text('rule') }
  const fetched = await monitor.silence({ ...scope, for: text('for') ?? '', reason: text('reason') ?? '' })
  if (!fetched.ok) return refused(task, fetched, 'silence')
  out.text(`${values.json === true ? JSON.stringify(fetched.answer, null, 2) : silencedText(fetched.answer)}\n`)
  return 0
}

export async function runSilences(task: Task): Promise<number> {
  const { monitor, values, out, now } = task
  const fetched = await monitor.silences()
  if (!fetched.ok) return refused(task, fetched, 'silence')
  const { silences } = fetched.answer
  if (values.json === true) out.text(`${JSON.stringify({ silences }, null, 2)}\n`)
  else if (values.ids === true) out.text(silences.map(({ id }) => `${safe(id)}\n`).join(''))
  else show(out, silenceTable(silences, now()))
  return 0
}

export async function runUnsilence(task: Task): Promise<number> {
  const fetched = await task.monitor.unsilence(task.word ?? '')
  if (!fetched.ok) return refused(task, fetched, 'silence')
  task.out.text(`${unsilencedText(fetched.answer)}\n`)
  return 0
}

export async function runAck(task: Task): Promise<number> {
  const { monitor, values, word, out } = task
  const note = typeof values.note === 'string' ? { reason: values.note } : {}
  const fetched = await monitor.acknowledge(word ?? '', note)
  if (!fetched.ok) return refused(task, fetched, 'alert')
  out.text(`${acknowledgedText(fetched.answer)}\n`)
  return 0
}

/** Says on stderr what the monitor said and what to do. A monitor that is away is that of every command. */
function refused(task: Task, fetched: Extract<Fetched<unknown>, { ok: false }>, what: 'silence' | 'alert'): number {
  const { code, why, reached } = fetched
  const wrong = code === 'bad-request'
  const none = code === 'not-found' || code === 'alert-not-found'
  if (!reached || !(wrong || none)) return away(task, { ...fetched, why: sentence(why, adviceFor(code, what)) })
  task.out.error(`plimsoll: ${safe(sentence(why, adviceFor(code, what)))}\n`)
  return wrong ? EXIT_USAGE : EXIT_NONE
}

function sentence(why: string, advice: string): string {
  return advice === '' ? why : `${why}. ${advice}`
}
