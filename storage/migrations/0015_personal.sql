-- Deletion of a person's data: all that C1 still needs of somebody who is gone, without their name, until it lapses.

CREATE TABLE kept_starts (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    key             BLOB    NOT NULL,     -- of this row alone, gone with it
    author_hash     BLOB    NOT NULL,     -- of the author's id under the key
    slot_at         INTEGER NOT NULL,     -- the last series start of theirs that came out
    lapses_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_starts_of_community ON kept_starts (community_id, slot_at);
