/**
 * What the service must not forget, in one SQLite file: its place in the log, what it knows of alerts, what is held,
 * and the outbox. All of it changes in the same transaction, so they cannot disagree whenever the process ends.
 */
import type { DatabaseSync } from 'node:sqlite'
import { alertStore, factStore, heldStore, placeStore } from './io/alert-store.ts'
import { decisionStore } from './io/decision-store.ts'
import { laneStore, outboxStore } from './io/outbox-store.ts'

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw cause
  }
}

/** The store over an open database. Changes that belong together go into one `transaction`. */
export function createStore(db: DatabaseSync) {
  return {
    ...placeStore(db),
    ...alertStore(db),
    ...heldStore(db),
    ...outboxStore(db),
    ...factStore(db),
    ...laneStore(db),
    ...decisionStore(db),
    transaction: <T>(work: () => T): T => inTransaction(db, work),
    close: (): void => db.close(),
  }
}

export type Store = ReturnType<typeof createStore>
