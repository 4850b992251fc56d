-- Promises (C11): a chapter that is withdrawn after its release may stay counted in its lanes.

ALTER TABLE chapters ADD COLUMN counts INTEGER NOT NULL DEFAULT 0;  -- withdrawn, and its slot stays taken

DROP INDEX chapters_of_series;
CREATE INDEX chapters_of_series ON chapters (series_id, slot_at) WHERE state IN ('waiting', 'released') OR counts = 1;
