-- The main job: communities and their policies, series, chapters with their manuscripts, deliveries, decisions.
-- Times are whole milliseconds UTC; ids without a "Discord's" are ours, 64-bit and time-ordered.

CREATE TABLE communities (
    id              INTEGER PRIMARY KEY,  -- Discord's guild
    home_id         INTEGER NOT NULL,     -- Discord's forum in which series have their home threads
    network_id      INTEGER NOT NULL,     -- Discord's channel for announcements
    moderators_id   INTEGER NOT NULL,
    notices_id      INTEGER,              -- without one, notices go to the series' home (N3)
    policy_version  INTEGER NOT NULL,
    set_up_at       INTEGER NOT NULL,
    set_up_by       INTEGER NOT NULL
) STRICT;

CREATE TABLE policies (
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    version         INTEGER NOT NULL,
    document        TEXT    NOT NULL,     -- JSON; a field it lacks has its default
    made_at         INTEGER NOT NULL,
    made_by         INTEGER NOT NULL,
    PRIMARY KEY (community_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    author_id       INTEGER NOT NULL,     -- Discord's user
    title           TEXT    NOT NULL,
    blurb           TEXT,
    tags            TEXT,
    rating          TEXT,
    complete        INTEGER NOT NULL DEFAULT 0,
    starts_at       INTEGER,              -- slot of its first chapter: what the series lane counts from (C1)
    thread_id       INTEGER,              -- Discord's home thread, once it is open
    request_id      INTEGER NOT NULL UNIQUE,  -- Discord's interaction, so that a repeated event makes no second one
    made_at         INTEGER NOT NULL
) STRICT;
CREATE INDEX series_of_author ON series (community_id, author_id, starts_at);

CREATE TABLE chapters (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    author_id       INTEGER NOT NULL,
    series_id       INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    title           TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('draft', 'waiting', 'released', 'withdrawn')),
    ai              TEXT    NOT NULL CHECK (ai IN ('none', 'assisted', 'generated')),
    disclosure      TEXT,                 -- the author's own sentence (L7)
    sentence        TEXT    NOT NULL,     -- the sentence that was looked for
    stands_in       INTEGER,              -- the paragraph it stands in, from 1 (L6)
    names_ai        INTEGER NOT NULL,
    words           INTEGER NOT NULL,
    policy_version  INTEGER NOT NULL,     -- in force when it was handed in (C9, L9)
    wanted_at       INTEGER,
    drafted_at      INTEGER NOT NULL,
    handed_in_at    INTEGER,
    slot_at         INTEGER,              -- the promise
    released_at     INTEGER,
    withdrawn_at    INTEGER,
    reach           TEXT    CHECK (reach IN ('personal', 'network'))
) STRICT;
CREATE INDEX chapters_of_series ON chapters (series_id, slot_at) WHERE state IN ('waiting', 'released');
CREATE INDEX chapters_of_author ON chapters (community_id, author_id, slot_at);
CREATE INDEX chapters_waiting ON chapters (slot_at) WHERE state = 'waiting';
CREATE INDEX chapters_drafted ON chapters (drafted_at) WHERE state = 'draft';

-- A table of its own, so that the rows that are read all day stay small.
CREATE TABLE manuscripts (
    chapter_id      INTEGER PRIMARY KEY REFERENCES chapters (id) ON DELETE CASCADE,
    markdown        TEXT    NOT NULL,
    unshown         TEXT    NOT NULL DEFAULT '[]'   -- JSON: the images of its file that readers will not see
) STRICT;

-- Every decision with the inputs it was made from: re-evaluating them gives the recorded answer.
CREATE TABLE decisions (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    chapter_id      INTEGER REFERENCES chapters (id) ON DELETE CASCADE,
    kind            TEXT    NOT NULL,     -- submitted, released, withdrawn
    actor_id        INTEGER NOT NULL,     -- Discord's user; 0 is the bot itself
    made_at         INTEGER NOT NULL,
    policy_version  INTEGER NOT NULL,
    inputs          TEXT    NOT NULL,     -- JSON
    answer          TEXT    NOT NULL      -- JSON
) STRICT;
CREATE INDEX decisions_of_chapter ON decisions (chapter_id, kind);

-- Whatever the bot does to Discord by itself is a row here before it happens (rules/deliveries.py).
CREATE TABLE deliveries (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    kind            TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'held', 'cancelled')),
    target_id       INTEGER,              -- Discord's channel; unknown until the home thread is open
    series_id       INTEGER REFERENCES series (id) ON DELETE CASCADE,
    chapter_id      INTEGER REFERENCES chapters (id) ON DELETE CASCADE,
    after_id        INTEGER REFERENCES deliveries (id) ON DELETE SET NULL,  -- goes out only after this one
    subject_id      INTEGER REFERENCES deliveries (id) ON DELETE CASCADE,   -- what is published or reported
    body            TEXT,                 -- the text of a part, until it is sent
    due_at          INTEGER NOT NULL,     -- also the end of the lease, while sending
    attempts        INTEGER NOT NULL DEFAULT 0,
    claimed_at      INTEGER,
    lost_at         INTEGER,              -- the oldest attempt whose answer never came
    message_id      INTEGER,              -- Discord's message or thread
    problem         TEXT,
    sent_at         INTEGER
) STRICT;
CREATE INDEX deliveries_open ON deliveries (due_at) WHERE state IN ('planned', 'sending');
CREATE INDEX deliveries_by_target ON deliveries (target_id, id) WHERE state IN ('planned', 'sending');
CREATE INDEX deliveries_after ON deliveries (after_id) WHERE after_id IS NOT NULL;
CREATE INDEX deliveries_of_chapter ON deliveries (chapter_id, kind);
CREATE INDEX deliveries_of_threads ON deliveries (series_id) WHERE kind = 'thread';

-- A file with a row that nobody has taken up is a copy: its bot was set back, and may have done more than it says.
CREATE TABLE copies (
    copied_at       INTEGER NOT NULL,
    taken_up_at     INTEGER,              -- when a bot first ran on the copy; nothing is known from one to the other
    knows_up_to     INTEGER               -- the largest of our ids that stood in it then
) STRICT;
