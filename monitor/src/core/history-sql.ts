/**
 * The history file's tables, as SQL text that `io/` runs. `user_version` counts the migrations a file has had; a
 * migration, once released, is never changed, another is added.
 *
 * Numbers are written twice, each time where it is cheap: every 10 s one `hot` row holds the buckets of all containers
 * (one page run appended to the log, not one page for each container), and a quarter of an hour later they move into
 * `chunk`s, compressed columns of one series at one resolution, which a chart reads in a few seeks.
 */

/** "Plim": `file(1)` and other tools tell by it whose database it is. */
export const APPLICATION_ID = 0x506c696d

export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE metric (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE series (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    image TEXT NOT NULL,
    project TEXT,
    service TEXT,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL
  );
  CREATE INDEX series_name ON series (name, last_at);
  CREATE TABLE hot (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE TABLE moving (one INTEGER PRIMARY KEY CHECK (one = 1), before INTEGER NOT NULL, upto INTEGER NOT NULL, series INTEGER NOT NULL);
  CREATE TABLE chunk (level INTEGER NOT NULL, at INTEGER NOT NULL, series INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE UNIQUE INDEX chunk_place ON chunk (level, at, series);
  CREATE TABLE span (
    series INTEGER NOT NULL,
    begins INTEGER NOT NULL,
    ends INTEGER,
    condition TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (series, begins)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    no INTEGER NOT NULL,
    container TEXT,
    kind TEXT NOT NULL,
    text TEXT NOT NULL
  );
  CREATE INDEX event_at ON event (at, id);
  CREATE INDEX event_of ON event (container, at);
  CREATE TABLE alert (
    id TEXT PRIMARY KEY,
    fired_at INTEGER NOT NULL,
    resolved_at INTEGER,
    container TEXT,
    view TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX alert_at ON alert (fired_at);
  CREATE INDEX alert_of ON alert (container, fired_at);
  `,
]

/**
 * How the file is opened. WAL: readers and the one writer do not wait for each other, and a commit is one append.
 * `synchronous = NORMAL`: no fsync for a commit, only for a checkpoint. A killed process loses nothing that was
 * committed, for the kernel has it; a power cut loses what the kernel had not written yet (some 30 s), and never
 * harms what was there. FULL would wait for the disk every 10 s, on the loop that samples.
 * `auto_vacuum` must come before the first table.
 */
export const OPENING = `
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -2000;
  PRAGMA journal_size_limit = 4194304;
  PRAGMA wal_autocheckpoint = 500;
  PRAGMA temp_store = MEMORY;
`
