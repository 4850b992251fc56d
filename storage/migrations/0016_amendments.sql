-- Amendments: a changed policy that its owner has typed, seen the effect of, and not confirmed yet (N4, C9).
-- What was typed is kept as it was typed, so that a mistake costs nobody the rest of a form.

CREATE TABLE amendments (
    id              INTEGER PRIMARY KEY,
    community_id    INTEGER NOT NULL REFERENCES communities (id) ON DELETE CASCADE,
    owner_id        INTEGER NOT NULL,     -- Discord's user
    base_version    INTEGER NOT NULL,     -- the version of the policy that they have seen
    typed           TEXT    NOT NULL,     -- JSON: what was typed, by field, where it says something else than that
    made_at         INTEGER NOT NULL,
    UNIQUE (community_id, owner_id)
) STRICT;
CREATE INDEX amendments_made ON amendments (made_at);
