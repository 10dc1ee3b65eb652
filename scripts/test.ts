/**
 * `npm test`: lint, types, unit tests, and every test whose needs this machine meets. What is left out is said, loudly
 * and last; with CI=true nothing may be left out.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumPath } from '../tests/support/browser.ts'

interface Need {
  readonly what: string
  readonly met: boolean
  readonly how: string
}

const engine: Need = {
  what: 'a Docker engine with Compose',
  met:
    spawnSync('docker', ['compose', 'version']).status === 0 &&
    spawnSync('docker', ['info'], { timeout: 20_000 }).status === 0,
  how: 'install Docker with the Compose plugin, and see that `docker info` answers',
}
const browser: Need = {
  what: 'Chromium',
  met: chromiumPath() !== null,
  how: 'install the package chromium, or name a browser by CHROMIUM_PATH',
}

/** Each group of tests with what it needs beyond Node and npm. */
const groups: readonly { readonly name: string; readonly args: readonly string[]; readonly needs: readonly Need[] }[] =
  [
    { name: 'unit tests', args: ['--project', 'unit'], needs: [] },
    { name: 'tests on a real engine', args: ['--project', 'integration', 'tests/integration'], needs: [engine] },
    { name: 'end-to-end tests', args: ['--project', 'integration', 'tests/e2e'], needs: [engine, browser] },
  ]

function must(title: string, command: string, args: readonly string[]): boolean {
  process.stdout.write(`\n── ${title}\n`)
  return spawnSync(command, [...args], { stdio: 'inherit' }).status === 0
}

interface Count {
  passed: number
  failed: number
  skipped: number
}

function countIn(report: string, count: Count): void {
  if (!existsSync(report)) return
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'))
  count.passed += numPassedTests
  count.failed += numFailedTests
  count.skipped += numPendingTests
}

function main(): void {
  const dir = mkdtempSync(join(tmpdir(), 'plimsoll-report-'))
  const count: Count = { passed: 0, failed: 0, skipped: 0 }
  const leftOut: string[] = []
  let ok = must('lint', 'npm', ['run', '--silent', 'lint'])
  ok = must('types', 'npm', ['run', '--silent', 'types']) && ok
  ok = must('the page', 'npm', ['run', '--silent', 'build']) && ok
  for (const [i, group] of groups.entries()) {
    const missing = group.needs.filter((need) => !need.met)
    if (missing.length > 0) {
      leftOut.push(...missing.map((need) => `${group.name}: needs ${need.what} (${need.how})`))
      continue
    }
    const report = join(dir, `${i}.json`)
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    ok = must(group.name, 'vitest', ['run', ...group.args, ...reporters]) && ok
    countIn(report, count)
  }
  rmSync(dir, { recursive: true })
  const strict = process.env.CI === 'true'
  if (count.skipped > 0) leftOut.push(`${count.skipped} single tests: each says above what it needs`)
  if (leftOut.length > 0)
    process.stdout.write(
      `\nLEFT OUT${strict ? ', which CI must not' : ''}:\n${leftOut.map((l) => `  ${l}\n`).join('')}`,
    )
  process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  process.exit(ok && count.failed === 0 && !(strict && leftOut.length > 0) ? 0 : 1)
}

main()
