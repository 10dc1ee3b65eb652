/** Reads a service's settings from the environment, or ends the process with every problem listed. */
import { readFileSync } from 'node:fs'
import { type Declared, readSettings, type SettingsOf } from '@plimsoll/contracts/settings'

/** sysexits.h EX_CONFIG: "something was found in an unconfigured or misconfigured state". */
export const EXIT_BAD_SETTINGS = 78

/** The settings, or exit 78 after one line for each problem on stderr: a restart would not mend them. */
export function settingsOrExit<const D extends Declared>(service: string, declared: D): SettingsOf<D> {
  const read = readSettings(declared, { env: process.env, readFile: (path) => readFileSync(path, 'utf8') })
  if (read.ok) return read.settings
  const many = read.problems.length === 1 ? 'a setting is wrong' : `${read.problems.length} settings are wrong`
  process.stderr.write(`${service}: ${many}; see .env-sample\n${read.problems.map((p) => `  ${p}\n`).join('')}`)
  process.exit(EXIT_BAD_SETTINGS)
}
