-- Readers: what they follow, what they asked to see less of, how far they have looked, and what they are to be told.
-- Nothing here is ever read by a rule of cadence, labels or reach (R6).

CREATE TABLE follows (
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    reader_id       INTEGER NOT NULL,     -- Discord's user
    author_id       INTEGER NOT NULL,
    series_id       INTEGER REFERENCES series (id) ON DELETE CASCADE,  -- NULL: all of the author's
    how             TEXT    NOT NULL CHECK (how IN ('thread', 'message', 'feed')),
    since_at        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX follows_of_reader ON follows (community_id, reader_id, author_id, COALESCE(series_id, 0));
CREATE INDEX follows_of_author ON follows (community_id, author_id, series_id, how, reader_id);

-- Whom the bot has added to which home thread, as far as it knows; whoever went there alone is never removed.
CREATE TABLE memberships (
    series_id       INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    reader_id       INTEGER NOT NULL,
    state           TEXT    NOT NULL
                    CHECK (state IN ('asked', 'added', 'own', 'leaving', 'asleep', 'full', 'refused')),
    PRIMARY KEY (series_id, reader_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_of_reader ON memberships (reader_id, series_id);

CREATE TABLE less (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    reader_id       INTEGER NOT NULL,
    kind            TEXT    NOT NULL CHECK (kind IN ('series', 'author', 'tag', 'label')),
    value           TEXT    NOT NULL,
    since_at        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX less_of_reader ON less (community_id, reader_id, kind, value);

CREATE TABLE readers (
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    reader_id       INTEGER NOT NULL,
    looked_at       INTEGER,              -- the last look into the feed
    seen_at         INTEGER,              -- the look before it: what came out since is new in the present one
    closed_at       INTEGER,              -- the inbox takes nothing from the bot, so that it has stopped writing
    PRIMARY KEY (community_id, reader_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX chapters_out ON chapters (community_id, released_at) WHERE state = 'released';

ALTER TABLE deliveries ADD COLUMN reader_id INTEGER;  -- whom it concerns alone
CREATE INDEX deliveries_of_reader ON deliveries (reader_id, community_id) WHERE reader_id IS NOT NULL;
-- Direct messages have one line for the whole bot, so that a thousand of them weigh on nothing else.
DROP INDEX deliveries_open;
CREATE INDEX deliveries_open ON deliveries (due_at) WHERE state IN ('planned', 'sending') AND kind <> 'direct';
ALTER TABLE deliveries ADD COLUMN place INTEGER;  -- in that line: one crowd's messages stand between the others'
CREATE INDEX deliveries_direct ON deliveries (id) WHERE state IN ('planned', 'sending') AND kind = 'direct';
CREATE INDEX deliveries_direct_places ON deliveries (place, id, due_at)
    WHERE state IN ('planned', 'sending') AND kind = 'direct';
CREATE INDEX deliveries_direct_tried ON deliveries (id)
    WHERE state IN ('planned', 'sending') AND kind = 'direct' AND attempts > 0;
CREATE INDEX deliveries_claimed_direct ON deliveries (claimed_at) WHERE kind = 'direct' AND claimed_at IS NOT NULL;
CREATE INDEX deliveries_over ON deliveries (due_at) WHERE state IN ('sent', 'cancelled') AND reader_id IS NOT NULL;
CREATE INDEX deliveries_of_message ON deliveries (message_id) WHERE message_id IS NOT NULL;

-- The chapters that one direct message names; what comes while it waits joins it.
CREATE TABLE news (
    delivery_id     INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    chapter_id      INTEGER NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
    PRIMARY KEY (delivery_id, chapter_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX news_of_chapter ON news (chapter_id);
