-- Where a store's or Intacct's replies are not as they were known: one row a field and way, with the first example.
CREATE TABLE departures (
    source     TEXT NOT NULL,
    object     TEXT NOT NULL,
    field      TEXT NOT NULL,
    change     TEXT NOT NULL,
    example    TEXT NOT NULL,
    records    INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen  TEXT NOT NULL,
    PRIMARY KEY (source, object, field, change)
) STRICT, WITHOUT ROWID;
