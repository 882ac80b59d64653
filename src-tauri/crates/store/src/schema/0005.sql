-- Where a row was written and which rules were in force. Older rows have neither, and their digests are made
-- without them (audit.rs).
ALTER TABLE audit ADD COLUMN zone TEXT;
ALTER TABLE audit ADD COLUMN rule TEXT;

-- People whose signature is believed: a name and the public half of a key they made for themselves.
CREATE TABLE identities (
    -- Hex of the first 8 bytes of the key's SHA-256.
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    -- Ed25519, hex.
    key        TEXT NOT NULL UNIQUE,
    at         TEXT NOT NULL,
    by         TEXT NOT NULL,
    revoked_at TEXT
) STRICT;

-- Who signed what of a period. `body` is exactly what was signed; `digest` its SHA-256.
CREATE TABLE sign_offs (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    period       TEXT NOT NULL,
    role         TEXT NOT NULL,
    by           TEXT NOT NULL,
    at           TEXT NOT NULL,
    digest       TEXT NOT NULL,
    body         TEXT NOT NULL,
    withdrawn_at TEXT
) STRICT;
CREATE INDEX sign_offs_period ON sign_offs (period, id);
CREATE TRIGGER sign_offs_are_kept BEFORE DELETE ON sign_offs BEGIN SELECT RAISE(ABORT, 'sign-offs are never deleted'); END;

CREATE TABLE period_locks (
    period TEXT PRIMARY KEY,
    kind   TEXT NOT NULL CHECK (kind IN ('soft', 'hard')),
    at     TEXT NOT NULL,
    by     TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- What was handed to a reviewer: an answer is taken once, and only to what is noted here.
CREATE TABLE bundles (
    nonce       TEXT PRIMARY KEY,
    digest      TEXT NOT NULL,
    at          TEXT NOT NULL,
    by          TEXT NOT NULL,
    answered_at TEXT,
    answered_by TEXT
) STRICT;
CREATE TRIGGER bundles_are_kept BEFORE DELETE ON bundles BEGIN SELECT RAISE(ABORT, 'bundles are never deleted'); END;
