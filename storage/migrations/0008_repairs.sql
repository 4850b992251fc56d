-- Repairs: a label may be mended after the release (L10).

ALTER TABLE chapters ADD COLUMN heading_label TEXT;   -- the disclosure that its heading carries as the first paragraph
ALTER TABLE chapters ADD COLUMN mended_at INTEGER;    -- when a mended label brought it to the network after all
CREATE INDEX chapters_mended ON chapters (community_id, mended_at) WHERE mended_at IS NOT NULL;

CREATE INDEX deliveries_about ON deliveries (subject_id) WHERE subject_id IS NOT NULL;
