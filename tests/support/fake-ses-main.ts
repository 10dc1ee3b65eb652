/** The fake SES as a program: `node fake-ses-main.ts <port>`. `GET /mails` answers what it accepted, for the end-to-end test. */
import { simpleParser } from 'mailparser'
import { startFakeSes } from './fake-ses.ts'

const ses = await startFakeSes({ host: '0.0.0.0', port: Number(process.argv[2] ?? 8005) })
ses.serve('/mails', async () =>
  Promise.all(
    ses.accepted.map(async ({ at, destinations, raw }) => {
      const { subject } = await simpleParser(raw)
      return { at, to: destinations, subject: subject ?? '', raw }
    }),
  ),
)
console.log(`fake SES on ${ses.url}`)
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0))
