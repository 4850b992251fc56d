-- Questions about a label (L11): a moderator who doubts asks first; who was asked, what they said, what became of it.

CREATE TABLE questions (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    chapter_id      INTEGER NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
    question        TEXT    NOT NULL,
    asked_by        INTEGER NOT NULL,     -- Discord's user
    asked_at        INTEGER NOT NULL,
    due_at          INTEGER,              -- once its author can read it: until when they have time
    next_at         INTEGER,              -- when the bot itself has something to do about it
    reminded_at     INTEGER,
    answer          TEXT,
    corrected       TEXT    CHECK (corrected IN ('none', 'assisted', 'generated')),  -- the label that came with the answer
    answered_at     INTEGER,
    closed_by       INTEGER,
    closed_at       INTEGER,
    outcome         TEXT    CHECK (outcome IN ('left', 'set'))
) STRICT;
CREATE UNIQUE INDEX questions_open ON questions (chapter_id) WHERE closed_at IS NULL;
CREATE INDEX questions_waiting ON questions (community_id, id) WHERE closed_at IS NULL;
CREATE INDEX questions_next ON questions (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX questions_of_chapter ON questions (chapter_id, id);

ALTER TABLE deliveries ADD COLUMN question_id INTEGER REFERENCES questions (id) ON DELETE CASCADE;
