// The target app's own page: shows what runs, starts loads of a minute and ends them all.

const FOR_SECONDS = 60
const starts = [
  ['CPU 35 %', '/load/cpu', { percent: 35 }],
  ['CPU 90 %', '/load/cpu', { percent: 90 }],
  ['Memory 70 %', '/load/memory', { percentOfLimit: 60 }],
  ['Database', '/load/db', { concurrency: 10, queriesPerSecond: 200 }],
  ['Slow answers', '/load/fault', { fault: 'latency', ms: 1500 }],
  ['Failing health', '/load/fault', { fault: 'outage' }],
]

const words = {
  cpu: ({ percent }) => `CPU: ${percent} % of a core`,
  memory: ({ bytes }) => `Memory: ${Math.round(bytes / 1024 / 1024)} MiB`,
  db: ({ queriesPerSecond, concurrency }) => `Database: ${queriesPerSecond} queries/s by ${concurrency} at a time`,
  latency: ({ ms }) => `Answers ${ms} ms later`,
  errors: ({ percent }) => `${percent} % of answers fail`,
  outage: () => 'Health check fails',
  leak: ({ bytesPerSecond }) => `Memory grows by ${(bytesPerSecond / 1024 / 1024).toFixed(1)} MiB/s`,
  oom: () => 'Memory beyond the limit',
}

const byId = (id) => document.getElementById(id)
const percent = (n) => (n === null ? '–' : `${n.toFixed(0)} %`)

async function ask(path, options) {
  const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(8000) })
  const body = await answer.json()
  if (!answer.ok && path !== '/health') throw new Error(body.error?.message ?? answer.statusText)
  return body
}

async function attempt(work) {
  try {
    await work()
    byId('message').textContent = ''
  } catch (error) {
    byId('message').textContent = `Did not work: ${error.message}`
  }
}

let queriesBefore = null

async function showLoad() {
  const load = await ask('/load')
  byId('cpu').textContent = percent(load.cpu.limitPercent)
  byId('memory').textContent = percent(load.memory.limitPercent)
  const now = { at: load.cpu.readAtMs, queries: load.database.queries, boot: load.bootId }
  const known = queriesBefore?.boot === now.boot
  const rate = known ? ((now.queries - queriesBefore.queries) / (now.at - queriesBefore.at)) * 1000 : null
  byId('queries').textContent = rate === null ? '–' : rate.toFixed(0)
  queriesBefore = now
  const items = load.loads.map(({ spec, endsInMs }) => {
    const item = document.createElement('li')
    item.textContent = `${words[spec.kind](spec)}, ${Math.ceil(endsInMs / 1000)} s left`
    return item
  })
  byId('loads').replaceChildren(...items)
}

async function showHealth() {
  const health = await ask('/health')
  byId('health').textContent = health.status === 'ok' ? `ok, ${health.database.latencyMs} ms` : health.reason
}

async function refresh() {
  if (!document.hidden) await attempt(() => Promise.all([showLoad(), showHealth()]))
  setTimeout(refresh, 1000)
}

function button(text, work) {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = text
  made.addEventListener('click', () => attempt(work))
  return made
}

const post = (path, body) => () =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, seconds: FOR_SECONDS }),
  })

byId('buttons').append(
  ...starts.map(([text, path, body]) => button(text, post(path, body))),
  button('End all', () => ask('/load', { method: 'DELETE' })),
)
void refresh()
