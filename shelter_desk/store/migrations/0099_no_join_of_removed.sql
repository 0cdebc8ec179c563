-- A record that was taken away is joined with none: half of a person could be destroyed. The other
-- way, a joined record is not taken away either: they are separated first.

CREATE TRIGGER record_merge_of_removed BEFORE INSERT ON record_merge
WHEN EXISTS (SELECT 1 FROM removal
    WHERE resident_id IN (NEW.resident_id, NEW.into_id) AND back_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this record was taken away'); END;
CREATE TRIGGER removal_of_joined BEFORE INSERT ON removal
WHEN EXISTS (SELECT 1 FROM record_merge
    WHERE NEW.resident_id IN (resident_id, into_id) AND ended_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this record is joined with another'); END;
