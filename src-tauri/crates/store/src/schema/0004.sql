-- The accountant's matching rules, one text with versions, as the settings are.
CREATE TABLE rules (
    version INTEGER PRIMARY KEY,
    text    TEXT NOT NULL,
    at      TEXT NOT NULL,
    by      TEXT NOT NULL
) STRICT;
CREATE TRIGGER rules_are_kept_u BEFORE UPDATE ON rules BEGIN SELECT RAISE(ABORT, 'rules versions are never changed'); END;
CREATE TRIGGER rules_are_kept_d BEFORE DELETE ON rules BEGIN SELECT RAISE(ABORT, 'rules versions are never deleted'); END;

-- What a person switched off of all that is learned. What is learned itself is read from the matches, and kept nowhere.
CREATE TABLE learned_off (
    id    TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    at    TEXT NOT NULL,
    by    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What both records said when a person took them apart; NULL where that was not kept yet.
ALTER TABLE rejected_pairs ADD COLUMN evidence BLOB;
