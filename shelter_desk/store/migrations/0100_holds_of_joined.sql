-- A legal hold on one of two joined records is one on both. Whoever separates them leaves both on
-- hold, for the same reason each: else the record that was not held itself could be destroyed.

CREATE TRIGGER record_merge_hold_for_both BEFORE UPDATE OF ended_at ON record_merge
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM legal_hold AS held
    WHERE held.ended_at IS NULL
      AND (held.resident_id = NEW.into_id OR held.resident_id IN (
            SELECT resident_id FROM record_merge WHERE into_id = NEW.into_id AND ended_at IS NULL))
      AND 2 <> (SELECT count(*) FROM legal_hold AS own
            WHERE own.resident_id IN (NEW.resident_id, NEW.into_id)
              AND own.reason = held.reason AND own.ended_at IS NULL))
BEGIN SELECT RAISE(ABORT, 'a legal hold goes on for both records'); END;
