-- Images (L5): what a chapter shows beside its text, what its author says of each, and our own copy until it is posted.

CREATE TABLE images (
    id              INTEGER PRIMARY KEY,
    chapter_id      INTEGER NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
    number          INTEGER NOT NULL,     -- its place among the chapter's images, from 1
    embedded        INTEGER NOT NULL,     -- it came in the manuscript's file, whose text says where it stands
    media_type      TEXT    NOT NULL,
    size            INTEGER NOT NULL,     -- in bytes
    sha256          BLOB    NOT NULL,
    origin          TEXT    CHECK (origin IN ('own', 'others', 'ai')),  -- NULL: nobody has said it yet
    caption         TEXT    NOT NULL,
    source          TEXT    NOT NULL,
    names_ai        INTEGER NOT NULL,     -- whether the caption names AI
    alt             TEXT    NOT NULL
) STRICT;
CREATE INDEX images_of_chapter ON images (chapter_id, number);

-- A table of its own, as manuscripts have; a row goes when nobody needs it any more.
CREATE TABLE image_files (
    image_id        INTEGER PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
    data            BLOB    NOT NULL
) STRICT;

ALTER TABLE deliveries ADD COLUMN image_id INTEGER REFERENCES images (id) ON DELETE SET NULL;
CREATE INDEX deliveries_of_image ON deliveries (image_id) WHERE image_id IS NOT NULL;
