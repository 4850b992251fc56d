-- Challenges (H1 to H7): community events with a deadline, the deadlines they were given, the series entered in them.

CREATE TABLE challenges (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    name            TEXT    NOT NULL,
    about           TEXT,
    state           TEXT    NOT NULL CHECK (state IN ('draft', 'open', 'closed')),  -- a draft is a preview (H1)
    opens_at        INTEGER NOT NULL,
    deadline_at     INTEGER NOT NULL,
    zone            TEXT    NOT NULL,     -- in which the deadline was said
    window_days     INTEGER NOT NULL,     -- before the deadline, C2 is lifted (H2)
    made_by         INTEGER NOT NULL,     -- Discord's user
    made_at         INTEGER NOT NULL,
    closed_by       INTEGER,
    closed_at       INTEGER,
    window_due_at   INTEGER              -- when its window opens, until what waits is planned for that (H2)
) STRICT;
CREATE INDEX challenges_open ON challenges (community_id, deadline_at) WHERE state = 'open';
CREATE INDEX challenges_window ON challenges (window_due_at) WHERE window_due_at IS NOT NULL;
CREATE INDEX challenges_drafted ON challenges (made_at) WHERE state = 'draft';

-- Another deadline: a preview until it is confirmed, history afterwards (H7).
CREATE TABLE challenge_moves (
    id              INTEGER PRIMARY KEY,
    challenge_id    INTEGER NOT NULL REFERENCES challenges (id) ON DELETE CASCADE,
    deadline_at     INTEGER NOT NULL,
    zone            TEXT    NOT NULL,
    made_by         INTEGER NOT NULL,
    made_at         INTEGER NOT NULL,
    moved_at        INTEGER
) STRICT;
CREATE INDEX challenge_moves_of_challenge ON challenge_moves (challenge_id, moved_at);

CREATE TABLE challenge_entries (
    challenge_id    INTEGER NOT NULL REFERENCES challenges (id) ON DELETE CASCADE,
    series_id       INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    entered_at      INTEGER NOT NULL,
    PRIMARY KEY (challenge_id, series_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX challenge_entries_of_series ON challenge_entries (series_id);

ALTER TABLE deliveries ADD COLUMN challenge_id INTEGER REFERENCES challenges (id) ON DELETE CASCADE;
