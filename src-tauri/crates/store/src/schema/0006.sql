-- Flows: writes to the store on their way, what waits for a person, and what each run came to.

CREATE TABLE flow_runs (
    id       INTEGER PRIMARY KEY,
    flow     TEXT NOT NULL,
    started  TEXT NOT NULL,
    ended    TEXT,
    -- Counts as JSON.
    body     TEXT NOT NULL,
    problem  TEXT
) STRICT;
CREATE INDEX flow_runs_flow ON flow_runs (flow, id);

CREATE TABLE flow_writes (
    id          INTEGER PRIMARY KEY,
    -- The place at the store: flow, record and facet.
    write_key   TEXT NOT NULL,
    flow        TEXT NOT NULL,
    -- The run that planned it: what is taken back together.
    run         INTEGER NOT NULL REFERENCES flow_runs (id),
    title       TEXT NOT NULL,
    body        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    state       TEXT NOT NULL,
    state_body  TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    changed_at  TEXT NOT NULL
) STRICT;
CREATE INDEX flow_writes_state ON flow_writes (flow, state, id);
CREATE INDEX flow_writes_run ON flow_writes (run, id);
-- Two open writes of one place would undo each other.
CREATE UNIQUE INDEX flow_writes_open ON flow_writes (write_key)
    WHERE state IN ('planned', 'approved', 'sending', 'in-doubt');
CREATE TRIGGER flow_writes_are_kept BEFORE DELETE ON flow_writes BEGIN SELECT RAISE(ABORT, 'flow writes are never deleted'); END;

-- What was sent, answered and seen, in order.
CREATE TABLE flow_write_log (
    id    INTEGER PRIMARY KEY,
    write INTEGER NOT NULL REFERENCES flow_writes (id),
    at    TEXT NOT NULL,
    event TEXT NOT NULL,
    text  TEXT NOT NULL
) STRICT;
CREATE INDEX flow_write_log_write ON flow_write_log (write, id);
CREATE TRIGGER flow_write_log_is_kept_u BEFORE UPDATE ON flow_write_log BEGIN SELECT RAISE(ABORT, 'the log of flow writes is never changed'); END;
CREATE TRIGGER flow_write_log_is_kept_d BEFORE DELETE ON flow_write_log BEGIN SELECT RAISE(ABORT, 'the log of flow writes is never deleted'); END;

-- The dead-letter queue: one letter a place.
CREATE TABLE flow_letters (
    id         INTEGER PRIMARY KEY,
    letter_key TEXT NOT NULL UNIQUE,
    flow       TEXT NOT NULL,
    cause      TEXT NOT NULL,
    title      TEXT NOT NULL,
    why        TEXT NOT NULL,
    -- As it came or was sent; never changed by a person.
    raw        TEXT NOT NULL,
    -- A person's own version of the write, sent in its place when the letter is replayed.
    edited     TEXT,
    -- The write it comes from, where one was made.
    write      INTEGER REFERENCES flow_writes (id),
    -- open, closed by a person, healed by a later run, replayed.
    state      TEXT NOT NULL CHECK (state IN ('open', 'closed', 'healed', 'replayed')),
    times      INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen  TEXT NOT NULL
) STRICT;
CREATE INDEX flow_letters_state ON flow_letters (state, flow, cause);
