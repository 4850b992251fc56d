-- Exceptions (E1 to E7): what authors ask for, what moderators grant, and which chapter uses it.

CREATE TABLE exceptions (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    author_id       INTEGER NOT NULL,
    lane            TEXT    NOT NULL CHECK (lane IN ('series', 'chapter')),
    series_id       INTEGER REFERENCES series (id) ON DELETE CASCADE,  -- NULL: all of the author's
    uses            INTEGER NOT NULL,
    spent           INTEGER NOT NULL DEFAULT 0,   -- what waiting chapters hold is not spent yet (E3)
    ends_at         INTEGER NOT NULL,
    reason          TEXT    NOT NULL,
    granted_by      INTEGER NOT NULL,
    granted_at      INTEGER NOT NULL,
    revoked_at      INTEGER,
    revoked_by      INTEGER,
    revoke_reason   TEXT
) STRICT;
CREATE INDEX exceptions_of_author ON exceptions (community_id, author_id, id);

CREATE TABLE requests (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    author_id       INTEGER NOT NULL,
    chapter_id      INTEGER NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
    reason          TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('open', 'approved', 'declined')),
    asked_at        INTEGER NOT NULL,
    decided_by      INTEGER,
    decided_at      INTEGER,
    answer          TEXT,                         -- a refusal carries its reason (E6)
    exception_id    INTEGER REFERENCES exceptions (id) ON DELETE SET NULL
) STRICT;
CREATE UNIQUE INDEX requests_open ON requests (chapter_id) WHERE state = 'open';
CREATE INDEX requests_waiting ON requests (community_id, id) WHERE state = 'open';

ALTER TABLE chapters ADD COLUMN exception_id INTEGER REFERENCES exceptions (id) ON DELETE SET NULL;
CREATE INDEX chapters_excepted ON chapters (exception_id) WHERE exception_id IS NOT NULL;

ALTER TABLE deliveries ADD COLUMN request_id INTEGER REFERENCES requests (id) ON DELETE CASCADE;
ALTER TABLE deliveries ADD COLUMN exception_id INTEGER REFERENCES exceptions (id) ON DELETE CASCADE;
