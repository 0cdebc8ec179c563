-- Two records of one young person are joined by a row that says so, and separated by ending it.
-- Nothing of either record moves: every row keeps the stay and the resident it was written under,
-- so that a join that was wrong is undone to the letter. Counts read `person_stay`.

CREATE TABLE record_merge (
    id          INTEGER PRIMARY KEY,
    public_id   TEXT    NOT NULL UNIQUE,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version     INTEGER NOT NULL DEFAULT 1,
    resident_id INTEGER NOT NULL REFERENCES resident (id),   -- the record that is closed
    into_id     INTEGER NOT NULL REFERENCES resident (id),   -- the one that stands for both
    merged_at   INTEGER NOT NULL,
    staff_id    INTEGER NOT NULL REFERENCES staff (id),
    ended_at    INTEGER CHECK (ended_at IS NULL OR ended_at >= merged_at),
    ended_by    INTEGER REFERENCES staff (id),
    CHECK (resident_id <> into_id)
) STRICT;
CREATE UNIQUE INDEX one_open_merge ON record_merge (resident_id) WHERE ended_at IS NULL;
CREATE INDEX record_merge_by_record ON record_merge (resident_id);
CREATE INDEX record_merge_by_person ON record_merge (into_id);

-- A stay that was written down twice: it lies within one of the other record, and counts as that.
CREATE TABLE doubled_stay (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    merge_id   INTEGER NOT NULL REFERENCES record_merge (id),
    stay_id    INTEGER NOT NULL REFERENCES stay (id),
    of_stay_id INTEGER NOT NULL REFERENCES stay (id),
    was_open   INTEGER NOT NULL CHECK (was_open IN (0, 1)),  -- the join ended it, the separation opens it
    UNIQUE (merge_id, stay_id)
) STRICT;
CREATE INDEX doubled_stay_by_stay ON doubled_stay (stay_id);
CREATE INDEX doubled_stay_of_stay ON doubled_stay (of_stay_id);

-- A record that stands for others is not joined with a third one itself: whose it is stays one step.
CREATE TRIGGER record_merge_no_chain BEFORE INSERT ON record_merge
WHEN EXISTS (
    SELECT 1 FROM record_merge
    WHERE ended_at IS NULL AND (resident_id = NEW.into_id OR into_id = NEW.resident_id))
BEGIN SELECT RAISE(ABORT, 'a joined record is joined once'); END;

-- Each stay with the person it belongs to while records are joined.
CREATE VIEW person_stay AS
SELECT stay.id, stay.public_id, stay.event_id, stay.version,
       coalesce((SELECT one.into_id FROM record_merge AS one
                 WHERE one.resident_id = stay.resident_id AND one.ended_at IS NULL),
                stay.resident_id) AS resident_id,
       stay.bed_id, stay.began_at, stay.ended_at, stay.planned_exit_at, stay.brought_by,
       stay.exit_type, stay.exit_destination,
       EXISTS (SELECT 1 FROM doubled_stay JOIN record_merge ON record_merge.id = doubled_stay.merge_id
               WHERE doubled_stay.stay_id = stay.id AND record_merge.ended_at IS NULL) AS is_doubled
FROM stay;

-- Stays of one person follow each other too, whichever record they stand in.
CREATE TRIGGER stay_of_person_no_overlap BEFORE INSERT ON stay
WHEN EXISTS (SELECT 1 FROM record_merge WHERE ended_at IS NULL)
 AND EXISTS (
    SELECT 1 FROM person_stay AS other
    WHERE other.resident_id = coalesce((SELECT into_id FROM record_merge
            WHERE resident_id = NEW.resident_id AND ended_at IS NULL), NEW.resident_id)
      AND other.began_at < coalesce(NEW.ended_at, 9223372036854775807)
      AND coalesce(other.ended_at, 9223372036854775807) > NEW.began_at
      AND NOT other.is_doubled)
BEGIN SELECT RAISE(ABORT, 'stays of one person do not overlap'); END;
CREATE TRIGGER stay_of_person_never_overlaps BEFORE UPDATE OF resident_id, began_at, ended_at ON stay
WHEN EXISTS (SELECT 1 FROM record_merge WHERE ended_at IS NULL)
 AND NOT EXISTS (SELECT 1 FROM person_stay WHERE id = NEW.id AND is_doubled)
 AND EXISTS (
    SELECT 1 FROM person_stay AS other
    WHERE other.resident_id = coalesce((SELECT into_id FROM record_merge
            WHERE resident_id = NEW.resident_id AND ended_at IS NULL), NEW.resident_id)
      AND other.id <> NEW.id
      AND other.began_at < coalesce(NEW.ended_at, 9223372036854775807)
      AND coalesce(other.ended_at, 9223372036854775807) > NEW.began_at
      AND NOT other.is_doubled)
BEGIN SELECT RAISE(ABORT, 'stays of one person do not overlap'); END;

CREATE TRIGGER record_merge_needs_event BEFORE UPDATE ON record_merge
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER record_merge_needs_new_event BEFORE INSERT ON record_merge
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER record_merge_no_delete BEFORE DELETE ON record_merge
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX record_merge_by_event ON record_merge (event_id);
CREATE TRIGGER doubled_stay_needs_event BEFORE UPDATE ON doubled_stay
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER doubled_stay_needs_new_event BEFORE INSERT ON doubled_stay
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER doubled_stay_no_delete BEFORE DELETE ON doubled_stay
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX doubled_stay_by_event ON doubled_stay (event_id);
CREATE INDEX record_merge_by_staff ON record_merge (staff_id);
