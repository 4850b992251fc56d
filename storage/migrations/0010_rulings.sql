-- Labels that moderators have set (L11) and appeals against them and against declined requests (L12).

CREATE TABLE rulings (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    chapter_id      INTEGER NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
    ai              TEXT    NOT NULL CHECK (ai IN ('none', 'assisted', 'generated')),
    reason          TEXT    NOT NULL,
    note            TEXT,
    state           TEXT    NOT NULL CHECK (state IN ('proposed', 'standing', 'dropped', 'replaced', 'undone')),
    read_by         INTEGER NOT NULL,     -- Discord's user: who sets it, or the first of two readers
    read_at         INTEGER NOT NULL,
    confirmed_by    INTEGER,              -- the second reader, or who says that they read it otherwise
    set_at          INTEGER,
    before_id       INTEGER               -- the decision that knows the label which a won appeal gives back
) STRICT;
CREATE UNIQUE INDEX rulings_standing ON rulings (chapter_id) WHERE state = 'standing';
CREATE UNIQUE INDEX rulings_proposed ON rulings (chapter_id) WHERE state = 'proposed';
CREATE INDEX rulings_of_chapter ON rulings (chapter_id, before_id);
CREATE INDEX rulings_waiting ON rulings (community_id, id) WHERE state = 'proposed';

CREATE TABLE appeals (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    chapter_id      INTEGER REFERENCES chapters (id) ON DELETE CASCADE,
    ruling_id       INTEGER REFERENCES rulings (id) ON DELETE CASCADE,
    request_id      INTEGER REFERENCES requests (id) ON DELETE CASCADE,
    reason          TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('open', 'granted', 'kept')),
    asked_at        INTEGER NOT NULL,
    due_at          INTEGER NOT NULL,
    next_at         INTEGER,              -- when the bot itself has something to do about it
    decided_by      INTEGER,
    decided_at      INTEGER,
    answer          TEXT
) STRICT;
CREATE UNIQUE INDEX appeals_of_ruling ON appeals (ruling_id) WHERE ruling_id IS NOT NULL;
CREATE UNIQUE INDEX appeals_of_request ON appeals (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX appeals_waiting ON appeals (community_id, id) WHERE state = 'open';
CREATE INDEX appeals_next ON appeals (next_at) WHERE next_at IS NOT NULL;

CREATE INDEX requests_of_chapter ON requests (chapter_id, id);

ALTER TABLE deliveries ADD COLUMN ruling_id INTEGER REFERENCES rulings (id) ON DELETE CASCADE;
ALTER TABLE deliveries ADD COLUMN appeal_id INTEGER REFERENCES appeals (id) ON DELETE CASCADE;
