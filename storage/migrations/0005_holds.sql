-- Holds: a moderator pauses a chapter or a series with a reason and a return date (C9, N5).

CREATE TABLE holds (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    series_id       INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    chapter_id      INTEGER REFERENCES chapters (id) ON DELETE CASCADE,  -- NULL: the whole series
    reason          TEXT    NOT NULL,
    until_at        INTEGER,              -- without one, until a moderator resumes it
    held_by         INTEGER NOT NULL,
    held_at         INTEGER NOT NULL,
    ended_at        INTEGER,
    ended_by        INTEGER               -- 0: its return date came
) STRICT;
CREATE UNIQUE INDEX holds_open ON holds (series_id, COALESCE(chapter_id, 0)) WHERE ended_at IS NULL;
CREATE INDEX holds_ending ON holds (until_at) WHERE ended_at IS NULL AND until_at IS NOT NULL;

CREATE INDEX chapters_withdrawn ON chapters (series_id) WHERE state = 'withdrawn';

CREATE INDEX deliveries_published ON deliveries (target_id, sent_at) WHERE kind = 'publish' AND state = 'sent';

ALTER TABLE deliveries ADD COLUMN hold_id INTEGER REFERENCES holds (id) ON DELETE CASCADE;
