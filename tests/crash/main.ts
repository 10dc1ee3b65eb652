/** `npm run test:crash [kills] [alerts] [seed]`: the crash test in full; prints what it counted. */
import { broken, runCampaign } from './campaign.ts'

const [kills = 300, alerts = 3000, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number)
console.log(`crash test: ${kills} kills over ${alerts} alerts, seed ${seed}`)
const outcome = await runCampaign({ kills, alerts, seed, say: console.log })
console.log(`
alerts            ${outcome.alerts} (${outcome.lines} lines)
mails accepted    ${outcome.mails}
kills (kill -9)   ${outcome.kills}
answers lost      ${outcome.lostAnswers}
rotations         ${Object.entries(outcome.rotations)
  .map(([how, times]) => `${how} ${times}`)
  .join(', ')}
SES showed        ${Object.entries(outcome.shown)
  .map(([what, times]) => `${what} ${times}`)
  .join(', ')}
lost              ${outcome.lost.length}
repeats           ${outcome.repeats} (allowed: ${outcome.kills + outcome.lostAnswers})
out of order      ${outcome.disordered.length} containers
seconds           ${outcome.seconds}`)
const wrong = broken(outcome)
for (const text of wrong) console.error(`BROKEN: ${text}`)
process.exitCode = wrong.length === 0 ? 0 : 1
