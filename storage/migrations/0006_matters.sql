-- What waits for a moderator is found by one query, and a moderator can say "I am on it".

CREATE TABLE takes (
    matter_id       INTEGER PRIMARY KEY,  -- the id of what waits: a request, the first held delivery of a channel, …
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    taken_by        INTEGER NOT NULL,     -- Discord's user
    taken_at        INTEGER NOT NULL
) STRICT;

CREATE INDEX deliveries_held ON deliveries (community_id, target_id) WHERE state = 'held';
CREATE INDEX holds_endless ON holds (community_id, id) WHERE ended_at IS NULL AND until_at IS NULL;
