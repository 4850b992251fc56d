-- Proposals: a label that its author has seen the result of, and has not confirmed yet (N4).
-- And the author's answer where the form and the disclosure say different things (L14).

ALTER TABLE chapters ADD COLUMN answered INTEGER NOT NULL DEFAULT 0;

CREATE TABLE proposals (
    id              INTEGER PRIMARY KEY,
    chapter_id      INTEGER NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
    ai              TEXT    NOT NULL CHECK (ai IN ('none', 'assisted', 'generated')),
    disclosure      TEXT,
    answered        INTEGER NOT NULL,
    cure            TEXT,                 -- with it, the sentence is put where it counts (L8)
    mark            INTEGER NOT NULL,     -- what tells the result that was shown from any other
    made_at         INTEGER NOT NULL
) STRICT;
CREATE INDEX proposals_of_chapter ON proposals (chapter_id);
CREATE INDEX proposals_made ON proposals (made_at);

CREATE INDEX deliveries_edited ON deliveries (target_id, sent_at) WHERE kind = 'edit' AND state = 'sent';
