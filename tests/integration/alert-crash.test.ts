import { describe, expect, it } from 'vitest'
import { broken, runCampaign } from '../crash/campaign.ts'

/** The short form of `npm run test:crash`; needs no engine. */
describe('the alert service, killed again and again', () => {
  it('loses no alert, keeps the order per container, and repeats no more than kills and lost answers', async () => {
    const outcome = await runCampaign({ kills: 10, alerts: 150, seed: 7, say: () => {} })
    expect(outcome.kills).toBe(10)
    expect(outcome.alerts).toBeGreaterThanOrEqual(150)
    expect(broken(outcome)).toEqual([])
  }, 60_000)
})
