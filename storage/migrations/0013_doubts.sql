-- What readers tell the moderators privately: that a label may be wrong (R6, L11). No rule ever reads it.

CREATE TABLE doubts (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    chapter_id      INTEGER NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
    reader_id       INTEGER NOT NULL,     -- Discord's user; shown to nobody
    words           TEXT    NOT NULL,
    ai              TEXT    NOT NULL CHECK (ai IN ('none', 'assisted', 'generated')),  -- the label it is about
    said_at         INTEGER NOT NULL,
    read_at         INTEGER,
    read_by         INTEGER,              -- the moderator who read it
    outcome         TEXT    CHECK (outcome IN ('kept', 'asked')),
    answer          TEXT                  -- the moderator's words to the reader
) STRICT;
CREATE UNIQUE INDEX doubts_of_chapter ON doubts (chapter_id, reader_id);
CREATE INDEX doubts_unread ON doubts (community_id, chapter_id, id) WHERE read_at IS NULL;
CREATE INDEX doubts_of_reader ON doubts (community_id, reader_id, said_at);

CREATE INDEX less_of_key ON less (community_id, kind, value);
