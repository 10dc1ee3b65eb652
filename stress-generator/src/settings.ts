/** The settings of the stress generator. */
import { duration, httpUrl, line, oneOf, wholeNumber } from '@plimsoll/contracts/setting-kinds'
import { declare } from '@plimsoll/contracts/settings'
import { LEVELS } from './profiles.ts'

export const stressSettings = declare({
  STRESS_LEVEL: { doc: `The load to make: ${LEVELS.join(', ')}`, fallback: 'medium', parse: oneOf(LEVELS) },
  STRESS_DURATION: {
    doc: 'How long the load lasts',
    fallback: '60',
    parse: duration({ min: '1s', max: '7d' }),
    unit: 's',
  },
  STRESS_CONCURRENCY: {
    doc: 'HTTP connections of a profile with HTTP traffic',
    fallback: '10',
    parse: wholeNumber({ min: 1, max: 500 }),
  },
  STRESS_SCENARIO: {
    doc: 'A JSON file of steps to run one after the other, [{"level": "low", "seconds": 30}, …]; wins over STRESS_LEVEL',
    fallback: null,
    parse: line(),
  },
  STRESS_REPORT: { doc: 'File to write a JSON report of the runs to', fallback: null, parse: line() },
  TARGET_URL: { doc: 'Address of the target app', fallback: 'http://target-app:8080', parse: httpUrl() },
})
