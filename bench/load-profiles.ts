/**
 * How well each load profile hits its band: `node bench/load-profiles.ts [target address] [level …]`, against the target
 * of a running stack (http://127.0.0.1:8080), 60 s each, all levels unless some are named. Prints a table and writes it
 * to bench/results/load-profiles.md. A host that is busy with something else cannot give a container 80 % of a core:
 * the load of the host stands beside.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { LEVELS } from '../stress-generator/src/profiles.ts'
import type { AimReport, RunReport } from '../stress-generator/src/report.ts'

const [target = 'http://127.0.0.1:8080', ...named] = process.argv.slice(2)
const SECONDS = '60'
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))

async function run(level: string): Promise<RunReport> {
  const file = join(folder, `${level}.json`)
  const env = { ...process.env, STRESS_LEVEL: level, STRESS_DURATION: SECONDS, STRESS_REPORT: file, TARGET_URL: target }
  const main = new URL('../stress-generator/src/main.ts', import.meta.url).pathname
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, [main], { env }, (error, stdout, stderr) =>
      error === null ? resolve() : reject(new Error(`${stdout}${stderr}`, { cause: error })),
    )
  })
  const [report] = JSON.parse(readFileSync(file, 'utf8')) as RunReport[]
  if (report === undefined) throw new Error(`no report of ${level}`)
  return report
}

const number = (n: number | null) => (n === null ? '–' : n >= 100 ? n.toFixed(0) : n.toFixed(1))

function row(level: string, aim: AimReport | null, { report, load }: { report: RunReport; load: string }): string {
  const measured =
    aim === null
      ? [
          `restarts: ${report.restartsWanted} or more`,
          String(report.restarts),
          report.restarts >= report.restartsWanted ? 'yes' : 'no',
        ]
      : [
          `${aim.label} ${aim.min}–${aim.max} ${aim.unit}`,
          `${number(aim.mean)} (${number(aim.lowest)} to ${number(aim.highest)})`,
          `${number(aim.share)} % of ${aim.secondsJudged} s`,
        ]
  const { p50, p95 } = report.health
  const cells = [level, ...measured, `${number(p50)} / ${number(p95)}`, String(report.leftBehind ?? '?'), load]
  return `| ${cells.join(' | ')} |`
}

const rows: string[] = []
for (const level of named.length > 0 ? named : LEVELS) {
  const report = await run(level)
  const load = (loadavg()[0] ?? 0).toFixed(1)
  const aims = report.aims.length > 0 ? report.aims : [null]
  for (const aim of aims) rows.push(row(level, aim, { report, load }))
  console.log(rows.slice(-aims.length).join('\n'))
}
rmSync(folder, { recursive: true })

const table = `# Load profiles: the share of seconds in the band

${SECONDS} s each, judged after a ramp of 10 s, against a target of 1 CPU and 512 MiB on ${cpus().length} cores; ${new Date().toISOString().slice(0, 10)}.
The load average of the host is that at the end of the run, ours included.

| level | aimed at | mean (lowest to highest) | in the band | /health p50 / p95 ms | left behind | host load |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`
mkdirSync(new URL('results', import.meta.url), { recursive: true })
writeFileSync(new URL('results/load-profiles.md', import.meta.url), table)
