/** `npm run env-sample`: writes `.env-sample` from what the services declare; with `--check` it only says whether it drifted. */
import { readFileSync, writeFileSync } from 'node:fs'
import { sharedSettings } from '@plimsoll/contracts/shared-settings'
import { alertSettings } from '../alert-service/src/settings.ts'
import { cliSettings } from '../cli/src/settings.ts'
import { settings as monitorSettings } from '../monitor/src/settings.ts'
import { stressSettings } from '../stress-generator/src/settings.ts'
import { targetSettings } from '../target-app/src/settings.ts'
import { composeVariables } from './compose-variables.ts'
import { envSample, type Section } from './settings-text.ts'

export const sections: readonly Section[] = [
  { title: 'every service', declared: sharedSettings },
  { title: 'monitor', declared: monitorSettings },
  { title: 'alert-service', declared: alertSettings },
  { title: 'stress-generator', declared: stressSettings },
  { title: 'target-app', declared: targetSettings },
  { title: 'the command plimsoll', declared: cliSettings },
  { title: 'docker-compose.yaml', declared: composeVariables },
]

export const samplePath = new URL('../.env-sample', import.meta.url).pathname

if (import.meta.main) {
  const text = envSample(sections)
  if (!process.argv.includes('--check')) writeFileSync(samplePath, text)
  else if (readFileSync(samplePath, 'utf8') !== text) {
    console.error('.env-sample is not what the services declare: npm run env-sample')
    process.exitCode = 1
  }
}
