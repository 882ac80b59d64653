-- Everything Tieout keeps. STRICT throughout; amounts are whole minor units beside their currency; days are
-- YYYY-MM-DD, instants RFC 3339 in UTC with six decimals, so both sort as text.

CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    before  TEXT NOT NULL,
    after   TEXT NOT NULL,
    reason  TEXT NOT NULL,
    app     TEXT NOT NULL,
    -- Digest of the row this one speaks of, as it is from here on; NULL where there is no such row (any more).
    content BLOB,
    prev    BLOB NOT NULL,
    hash    BLOB NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject, seq);
CREATE INDEX audit_action ON audit (action, seq);
CREATE TRIGGER audit_is_kept_u BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_is_kept_d BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;

-- Every version of every cached record, with the document it was read from. Records point here.
CREATE TABLE documents (
    id         INTEGER PRIMARY KEY,
    object     INTEGER NOT NULL,
    row_id     INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    -- The version before this one.
    previous   INTEGER,
    digest     BLOB NOT NULL,
    body       TEXT NOT NULL,
    -- The raw document, deflated when that makes it smaller.
    raw        BLOB NOT NULL,
    deflated   INTEGER NOT NULL,
    raw_bytes  INTEGER NOT NULL,
    fetched_at TEXT NOT NULL,
    -- The audit row that vouches for it.
    audit      INTEGER NOT NULL
) STRICT;
CREATE TRIGGER documents_are_kept_u BEFORE UPDATE ON documents BEGIN SELECT RAISE(ABORT, 'documents are never changed'); END;
CREATE TRIGGER documents_are_kept_d BEFORE DELETE ON documents BEGIN SELECT RAISE(ABORT, 'documents are never deleted'); END;

CREATE TABLE refused_records (
    record     TEXT PRIMARY KEY,
    reason     TEXT NOT NULL,
    raw        TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen  TEXT NOT NULL
) STRICT;

CREATE TABLE sync_cursors (
    source TEXT NOT NULL,
    object TEXT NOT NULL,
    cursor TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (source, object)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_runs (
    id       INTEGER PRIMARY KEY,
    source   TEXT NOT NULL,
    started  TEXT NOT NULL,
    ended    TEXT,
    counts   TEXT NOT NULL,
    problem  TEXT
) STRICT;
CREATE INDEX sync_runs_source ON sync_runs (source, id);

CREATE TABLE settings (
    version INTEGER PRIMARY KEY,
    text    TEXT NOT NULL,
    at      TEXT NOT NULL,
    by      TEXT NOT NULL
) STRICT;
CREATE TRIGGER settings_are_kept_u BEFORE UPDATE ON settings BEGIN SELECT RAISE(ABORT, 'settings versions are never changed'); END;
CREATE TRIGGER settings_are_kept_d BEFORE DELETE ON settings BEGIN SELECT RAISE(ABORT, 'settings versions are never deleted'); END;

-- The non-secret part of each connection. Secrets are in the keychain.
CREATE TABLE connections (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    at   TEXT NOT NULL
) STRICT;

-- What the window remembers, and small facts such as the environment.
CREATE TABLE app_state (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE cool_downs (
    host  TEXT PRIMARY KEY,
    until TEXT NOT NULL
) STRICT;

CREATE TABLE matches (
    id       INTEGER PRIMARY KEY,
    match_id TEXT NOT NULL UNIQUE,
    body     TEXT NOT NULL,
    digest   BLOB NOT NULL,
    -- How many lines of the Match screen it takes: the longer of its sides.
    lines    INTEGER NOT NULL,
    score    INTEGER NOT NULL,
    exact    INTEGER NOT NULL,
    pass     TEXT NOT NULL,
    @LIST_COLUMNS@
) STRICT;

-- A record is in at most one live match: its text is the key.
CREATE TABLE match_members (
    record TEXT PRIMARY KEY,
    match  INTEGER NOT NULL REFERENCES matches (id) ON DELETE CASCADE,
    side   TEXT NOT NULL CHECK (side IN ('left', 'right')),
    object INTEGER NOT NULL,
    row_id INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX match_members_match ON match_members (match);
CREATE INDEX match_members_row ON match_members (object, row_id, match);

-- What a person said does not belong together.
CREATE TABLE rejected_pairs (
    left_record  TEXT NOT NULL,
    right_record TEXT NOT NULL,
    at           TEXT NOT NULL,
    by           TEXT NOT NULL,
    PRIMARY KEY (left_record, right_record)
) STRICT, WITHOUT ROWID;

CREATE TABLE exceptions (
    id            INTEGER PRIMARY KEY,
    exception_id  TEXT NOT NULL UNIQUE,
    body          TEXT NOT NULL,
    queue         TEXT NOT NULL,
    first_seen    TEXT NOT NULL,
    last_seen     TEXT NOT NULL,
    resolved_at   TEXT,
    snoozed_until TEXT,
    expected_on   TEXT,
    owner         TEXT,
    @LIST_COLUMNS@
) STRICT;

CREATE TABLE exception_records (
    record    TEXT NOT NULL,
    exception INTEGER NOT NULL REFERENCES exceptions (id) ON DELETE CASCADE,
    PRIMARY KEY (record, exception)
) STRICT, WITHOUT ROWID;

-- Notes on exceptions, matches and records.
CREATE TABLE notes (
    id     INTEGER PRIMARY KEY,
    target TEXT NOT NULL,
    at     TEXT NOT NULL,
    by     TEXT NOT NULL,
    text   TEXT NOT NULL
) STRICT;
CREATE INDEX notes_target ON notes (target, id);

-- What people decided, in order; the undo stack is the end of it.
CREATE TABLE decisions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    TEXT NOT NULL,
    title   TEXT NOT NULL,
    subject TEXT NOT NULL,
    at      TEXT NOT NULL,
    by      TEXT NOT NULL,
    undone  INTEGER NOT NULL DEFAULT 0,
    -- Undone, and then something else was decided: it cannot be redone any more.
    dropped INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX decisions_kind ON decisions (kind, undone, id);

CREATE TABLE postings (
    id               INTEGER PRIMARY KEY,
    posting_id       TEXT NOT NULL UNIQUE,
    -- Everything but the state.
    body             TEXT NOT NULL,
    state_body       TEXT NOT NULL,
    fingerprint      TEXT NOT NULL,
    natural_key      TEXT NOT NULL,
    settings_version INTEGER NOT NULL,
    -- 0 clear, 1 to review, 2 blocked.
    flag             INTEGER NOT NULL,
    idempotency_key  TEXT,
    intacct_record   TEXT,
    -- Voided by a person, not by changed facts: planning does not bring it back.
    withdrawn        INTEGER NOT NULL DEFAULT 0,
    created_at       TEXT NOT NULL,
    changed_at       TEXT NOT NULL,
    digest           BLOB NOT NULL,
    @LIST_COLUMNS@
) STRICT;
CREATE UNIQUE INDEX postings_natural_key ON postings (natural_key) WHERE state <> 'voided';
CREATE INDEX postings_state ON postings (state, id);
CREATE TRIGGER postings_are_kept BEFORE DELETE ON postings BEGIN SELECT RAISE(ABORT, 'postings are never deleted'); END;

CREATE TABLE posting_facts (
    record  TEXT NOT NULL,
    posting INTEGER NOT NULL REFERENCES postings (id),
    PRIMARY KEY (record, posting)
) STRICT, WITHOUT ROWID;
CREATE INDEX posting_facts_posting ON posting_facts (posting);

CREATE TABLE posting_keys (
    key         TEXT PRIMARY KEY,
    posting_id  TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    -- Exactly what is sent, and sent again if it must be.
    bytes       BLOB NOT NULL,
    created_at  TEXT NOT NULL
) STRICT;
CREATE INDEX posting_keys_posting ON posting_keys (posting_id);
CREATE TRIGGER posting_keys_are_kept_u BEFORE UPDATE ON posting_keys BEGIN SELECT RAISE(ABORT, 'a key never carries other bytes'); END;
CREATE TRIGGER posting_keys_are_kept_d BEFORE DELETE ON posting_keys BEGIN SELECT RAISE(ABORT, 'keys are never deleted'); END;

-- Attempts, replies (redacted) and look-ups, in order.
CREATE TABLE posting_log (
    id         INTEGER PRIMARY KEY,
    posting_id TEXT NOT NULL,
    at         TEXT NOT NULL,
    event      TEXT NOT NULL,
    text       TEXT NOT NULL
) STRICT;
CREATE INDEX posting_log_posting ON posting_log (posting_id, id);
CREATE TRIGGER posting_log_is_kept_u BEFORE UPDATE ON posting_log BEGIN SELECT RAISE(ABORT, 'the posting log is never changed'); END;
CREATE TRIGGER posting_log_is_kept_d BEFORE DELETE ON posting_log BEGIN SELECT RAISE(ABORT, 'the posting log is never deleted'); END;

CREATE TABLE import_batches (
    id        INTEGER PRIMARY KEY,
    source    TEXT NOT NULL,
    file_name TEXT NOT NULL,
    digest    BLOB NOT NULL,
    at        TEXT NOT NULL,
    by        TEXT NOT NULL,
    rows      INTEGER NOT NULL,
    added     INTEGER NOT NULL,
    already   INTEGER NOT NULL,
    undone_at TEXT
) STRICT;

-- Every row a file held, those that were there already included: undoing one file keeps what another one vouches for.
CREATE TABLE import_rows (
    row_id INTEGER NOT NULL,
    batch  INTEGER NOT NULL REFERENCES import_batches (id),
    PRIMARY KEY (row_id, batch)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_rows_batch ON import_rows (batch);

-- Words of records, postings and exceptions. The row id holds the kind and the row; see search.rs.
CREATE VIRTUAL TABLE search USING fts5 (
    number, reference, party, email, amount,
    content = '', contentless_delete = 1, detail = none, prefix = '2 3 4'
);
