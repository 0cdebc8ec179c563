-- What a visit found, and what shows its correction, are words about the house: sealed under the
-- keys of the day on which the finding was written (see 0108). Both stand under the same day.

-- `finding` and `evidence` say "sealed" then. What older editions wrote stands there as typed.
ALTER TABLE visit_finding ADD COLUMN words_sealed BLOB;
ALTER TABLE visit_finding ADD COLUMN correction_sealed BLOB;
ALTER TABLE visit_finding ADD COLUMN house_day_id INTEGER REFERENCES house_day (id);
CREATE INDEX visit_finding_by_house_day ON visit_finding (house_day_id)
    WHERE house_day_id IS NOT NULL;

DROP TRIGGER house_day_key_no_delete;
-- They go in the very write in which two people destroy a record, and nothing opens with them then.
CREATE TRIGGER house_day_key_no_delete BEFORE DELETE ON house_day_key
WHEN NOT EXISTS (
        SELECT 1 FROM removal WHERE destroyed_at IS NOT NULL
        AND event_id > (SELECT coalesce(max(id), 0) FROM audit_event))
    OR EXISTS (SELECT 1 FROM shift_line WHERE house_day_id = OLD.house_day_id)
    OR EXISTS (SELECT 1 FROM handoff WHERE house_day_id = OLD.house_day_id)
    OR EXISTS (SELECT 1 FROM item_answer WHERE house_day_id = OLD.house_day_id)
    OR EXISTS (SELECT 1 FROM visit_finding WHERE house_day_id = OLD.house_day_id)
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
