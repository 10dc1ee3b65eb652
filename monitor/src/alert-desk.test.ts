import type { AlertView } from '@plimsoll/contracts/alert'
import type { Evidence } from '@plimsoll/contracts/evidence'
import { describe, expect, it } from 'vitest'
import { alertFrom } from './alert-desk.ts'
import { newBook } from './core/alert-book.ts'
import { ulid } from './core/ulid.ts'

const NOON = Date.UTC(2026, 10, 21, 12)
const seed = '0123456789ab'
const alert = (id: string): AlertView => ({ id, firedAt: NOON }) as AlertView
const [known, stored] = [ulid(NOON, seed, 1), ulid(NOON - 3_600_000, seed, 2)]
const evidence = { v: 1, id: known } as Evidence

const answer = alertFrom({
  bridge: { book: { ...newBook({ host: 'h', seed, now: NOON }), alerts: [alert(known)] } },
  past: {
    alerts: ({ from, to }) => (from < NOON - 3_600_000 && to > NOON - 3_600_000 && to < NOON ? [alert(stored)] : []),
  },
  witness: { evidence: async (id) => (id === known ? evidence : null) },
})

describe('one alert', () => {
  it('is answered with its evidence', async () => expect(await answer(known)).toEqual({ ...alert(known), evidence }))

  it('of long ago is found by the time in its id, and may have no evidence any more', async () => {
    expect(await answer(stored)).toEqual({ ...alert(stored), evidence: null })
  })

  it.each([ulid(NOON, seed, 9), '', '../alerts', known.toLowerCase()])('%j is not known', async (id) => {
    await expect(answer(id)).rejects.toMatchObject({ code: 'alert-not-found' })
  })
})
