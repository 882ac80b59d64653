-- One kind of cached record. Lists read this narrow table and its indexes; the values themselves are in `documents`.
CREATE TABLE @TABLE@ (
    id         INTEGER PRIMARY KEY,
    source     TEXT NOT NULL,
    ext_id     TEXT NOT NULL,
    version    INTEGER NOT NULL,
    digest     BLOB NOT NULL,
    document   INTEGER NOT NULL,
    fetched_at TEXT NOT NULL,
    deleted_at TEXT,
    @LIST_COLUMNS@,
    UNIQUE (source, ext_id)
) STRICT;
CREATE INDEX @TABLE@_on_day ON @TABLE@ (on_day, id) WHERE deleted_at IS NULL;
CREATE INDEX @TABLE@_amount ON @TABLE@ (amount, id) WHERE deleted_at IS NULL;
CREATE INDEX @TABLE@_number ON @TABLE@ (number, id) WHERE deleted_at IS NULL;
CREATE INDEX @TABLE@_reference ON @TABLE@ (reference, id) WHERE deleted_at IS NULL;
CREATE INDEX @TABLE@_party ON @TABLE@ (party, id) WHERE deleted_at IS NULL;
