/** The tables of the service's one database, as SQL text. A change of shape is a new version with its own step. */

export const STORE_VERSION = 1

/** Each entry lifts the store by one version. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE place (one INTEGER PRIMARY KEY CHECK (one = 1), inode TEXT, offset INTEGER NOT NULL, mark BLOB NOT NULL,
     skipping INTEGER NOT NULL, done TEXT NOT NULL, lines INTEGER NOT NULL, badLines INTEGER NOT NULL,
     duplicates INTEGER NOT NULL) STRICT;
   CREATE TABLE alerts (id TEXT PRIMARY KEY, open INTEGER NOT NULL, repeatAfter INTEGER, changedAt INTEGER NOT NULL, memory TEXT NOT NULL) STRICT;
   CREATE INDEX alertsToRepeat ON alerts (repeatAfter) WHERE repeatAfter IS NOT NULL;
   CREATE INDEX alertsOpen ON alerts (changedAt) WHERE open = 1;
   CREATE INDEX alertsByAge ON alerts (changedAt);
   CREATE TABLE alike (name TEXT PRIMARY KEY, toldAt INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE held (seq INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL, id TEXT NOT NULL,
     because TEXT NOT NULL, dueAt INTEGER NOT NULL, entry TEXT NOT NULL) STRICT;
   CREATE INDEX heldByOrigin ON held (origin, seq);
   CREATE INDEX heldByDue ON held (dueAt);
   CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, turn INTEGER, channel TEXT NOT NULL,
     createdAt INTEGER NOT NULL, retryAt INTEGER, error TEXT, parcel TEXT NOT NULL) STRICT;
   CREATE INDEX outboxByChannel ON outbox (channel, turn, seq);
   CREATE TABLE channels (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE decisions (id TEXT NOT NULL, state TEXT NOT NULL, repeat INTEGER NOT NULL, channel TEXT NOT NULL,
     at INTEGER NOT NULL, rule TEXT NOT NULL, container TEXT, outcome TEXT NOT NULL, why TEXT NOT NULL,
     PRIMARY KEY (id, state, repeat, channel)) STRICT;
   CREATE INDEX decisionsByAge ON decisions (at);
   CREATE INDEX decisionsByOutcome ON decisions (outcome);`,
]
