-- Older work comes in (C13): several chapters in one file, confirmed by a moderator, posted one after another.
-- Until their turn comes its chapters are drafts. They have no slot, ever: that is what keeps them out of every lane.

CREATE TABLE imports (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    series_id       INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    state           TEXT    NOT NULL
                            CHECK (state IN ('draft', 'open', 'confirmed', 'declined', 'cancelled', 'done')),
    chapters        INTEGER NOT NULL,     -- how many came in the file
    drafted_at      INTEGER NOT NULL,
    asked_at        INTEGER,
    decided_by      INTEGER,              -- Discord's user
    decided_at      INTEGER,
    answer          TEXT,                 -- a moderator's words, where they declined
    kept_until      INTEGER,              -- declined: how long its chapters are kept, so that it can be appealed (L12)
    next_at         INTEGER               -- when the bot itself has something to do about it
) STRICT;
CREATE UNIQUE INDEX imports_under_way ON imports (series_id) WHERE state IN ('open', 'confirmed');
CREATE INDEX imports_of_series ON imports (series_id);
CREATE INDEX imports_open ON imports (community_id, id) WHERE state = 'open';
CREATE INDEX imports_next ON imports (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX imports_kept ON imports (kept_until) WHERE kept_until IS NOT NULL;
CREATE INDEX imports_drafted ON imports (drafted_at) WHERE state = 'draft';

ALTER TABLE chapters ADD COLUMN import_id INTEGER REFERENCES imports (id) ON DELETE CASCADE;
CREATE INDEX chapters_of_import ON chapters (import_id) WHERE import_id IS NOT NULL;

ALTER TABLE deliveries ADD COLUMN import_id INTEGER REFERENCES imports (id) ON DELETE CASCADE;
CREATE INDEX deliveries_of_import ON deliveries (import_id, kind) WHERE import_id IS NOT NULL;

-- An appeal is against one act: a ruling or a declined request, about a chapter, or a declined import (L12).
ALTER TABLE appeals ADD COLUMN import_id INTEGER REFERENCES imports (id) ON DELETE CASCADE
    CHECK ((ruling_id IS NOT NULL) + (request_id IS NOT NULL) + (import_id IS NOT NULL) = 1
           AND (chapter_id IS NULL) = (import_id IS NOT NULL));
CREATE UNIQUE INDEX appeals_of_import ON appeals (import_id) WHERE import_id IS NOT NULL;
