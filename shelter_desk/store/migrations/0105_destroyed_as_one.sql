-- Two records that are joined are one person: they are taken away, put back and destroyed as one. A
-- record of them goes only with the others, a hold on one keeps all, and while they are in the bin, or
-- destroyed, nobody separates them: half of a person would be left.

DROP TRIGGER removal_of_joined;

-- Every record whose person two people destroyed, whole.
CREATE VIEW destroyed_record AS
SELECT gone.resident_id FROM removal AS gone
WHERE gone.destroyed_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM resident AS other
    WHERE (other.id = coalesce((SELECT into_id FROM record_merge
                WHERE resident_id = gone.resident_id AND ended_at IS NULL), gone.resident_id)
        OR other.id IN (SELECT resident_id FROM record_merge
                WHERE ended_at IS NULL AND into_id = coalesce((SELECT into_id FROM record_merge
                    WHERE resident_id = gone.resident_id AND ended_at IS NULL), gone.resident_id)))
      AND NOT EXISTS (SELECT 1 FROM removal AS too
                WHERE too.resident_id = other.id AND too.destroyed_at IS NOT NULL));

-- All of them are in the bin before one is destroyed, and none of them is on hold.
CREATE TRIGGER removal_of_half BEFORE UPDATE OF destroyed_at ON removal
WHEN NEW.destroyed_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM record_merge AS one
    WHERE one.ended_at IS NULL
      AND one.into_id = coalesce((SELECT into_id FROM record_merge
            WHERE resident_id = NEW.resident_id AND ended_at IS NULL), NEW.resident_id)
      AND 2 <> (SELECT count(*) FROM removal AS own
            WHERE own.resident_id IN (one.resident_id, one.into_id) AND own.back_at IS NULL))
BEGIN SELECT RAISE(ABORT, 'this record is joined with another'); END;
DROP TRIGGER removal_on_hold;
CREATE TRIGGER removal_on_hold BEFORE UPDATE ON removal
WHEN NEW.destroyed_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM legal_hold AS held
    WHERE held.ended_at IS NULL
      AND coalesce((SELECT into_id FROM record_merge
            WHERE resident_id = held.resident_id AND ended_at IS NULL), held.resident_id)
        = coalesce((SELECT into_id FROM record_merge
            WHERE resident_id = NEW.resident_id AND ended_at IS NULL), NEW.resident_id))
BEGIN SELECT RAISE(ABORT, 'a legal hold keeps this record'); END;

CREATE TRIGGER record_merge_of_taken_away BEFORE UPDATE OF ended_at ON record_merge
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM removal
    WHERE resident_id IN (NEW.resident_id, NEW.into_id) AND back_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this record was taken away'); END;

-- Keys, and what says whose facts are whose, go with a whole person.
DROP TRIGGER resident_key_no_delete;
CREATE TRIGGER resident_key_no_delete BEFORE DELETE ON resident_key
WHEN NOT EXISTS (SELECT 1 FROM destroyed_record WHERE resident_id = OLD.resident_id)
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
DROP TRIGGER incident_key_no_delete;
CREATE TRIGGER incident_key_no_delete BEFORE DELETE ON incident_key
WHEN NOT EXISTS (
    SELECT 1 FROM destroyed_record
    JOIN stay ON stay.resident_id = destroyed_record.resident_id
    JOIN incident_person ON incident_person.stay_id = stay.id
    WHERE incident_person.incident_id = OLD.incident_id)
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
DROP TRIGGER fact_link_no_delete;
CREATE TRIGGER fact_link_no_delete BEFORE DELETE ON fact_link
WHEN NOT EXISTS (SELECT 1 FROM destroyed_record WHERE resident_id = OLD.resident_id)
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
