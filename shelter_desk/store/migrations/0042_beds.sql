-- Who sleeps where, at any past hour; beds that are held; and stays that cannot contradict each other.

CREATE TABLE stay_bed (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    stay_id   INTEGER NOT NULL REFERENCES stay (id),
    bed_id    INTEGER REFERENCES bed (id),         -- NULL: in the house without a bed
    since_at  INTEGER NOT NULL                     -- until the next row of the stay, or its end
) STRICT;
CREATE INDEX stay_bed_by_stay ON stay_bed (stay_id, since_at);
CREATE INDEX stay_bed_by_bed ON stay_bed (bed_id, since_at);
-- Where somebody slept before this was kept is not known; their last bed is the best there is.
INSERT INTO stay_bed (public_id, event_id, stay_id, bed_id, since_at)
SELECT lower(hex(randomblob(10))), event_id, id, bed_id, began_at FROM stay;

CREATE TABLE bed_hold (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    bed_id    INTEGER NOT NULL REFERENCES bed (id),
    reason    TEXT    NOT NULL,                    -- code of lists/bed_hold_reasons.toml
    until_at  INTEGER,
    staff_id  INTEGER NOT NULL REFERENCES staff (id),
    began_at  INTEGER NOT NULL,
    ended_at  INTEGER CHECK (ended_at IS NULL OR ended_at >= began_at)
) STRICT;
CREATE UNIQUE INDEX one_open_hold ON bed_hold (bed_id) WHERE ended_at IS NULL;

-- What an event opened again ("service:former status", by spaces), so that it can be taken back.
ALTER TABLE stay_event ADD COLUMN reopened TEXT NOT NULL DEFAULT '';

-- Stays of one resident follow each other; not even the program itself can make them overlap.
CREATE TRIGGER stay_no_overlap BEFORE INSERT ON stay
WHEN EXISTS (
    SELECT 1 FROM stay AS other
    WHERE other.resident_id = NEW.resident_id
      AND other.began_at < coalesce(NEW.ended_at, 9223372036854775807)
      AND coalesce(other.ended_at, 9223372036854775807) > NEW.began_at)
BEGIN SELECT RAISE(ABORT, 'stays of one resident do not overlap'); END;
CREATE TRIGGER stay_never_overlaps BEFORE UPDATE OF resident_id, began_at, ended_at ON stay
WHEN EXISTS (
    SELECT 1 FROM stay AS other
    WHERE other.resident_id = NEW.resident_id AND other.id <> NEW.id
      AND other.began_at < coalesce(NEW.ended_at, 9223372036854775807)
      AND coalesce(other.ended_at, 9223372036854775807) > NEW.began_at)
BEGIN SELECT RAISE(ABORT, 'stays of one resident do not overlap'); END;

CREATE TRIGGER stay_bed_needs_event BEFORE UPDATE ON stay_bed
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER stay_bed_needs_new_event BEFORE INSERT ON stay_bed
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER stay_bed_no_delete BEFORE DELETE ON stay_bed
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX stay_bed_by_event ON stay_bed (event_id);
CREATE TRIGGER bed_hold_needs_event BEFORE UPDATE ON bed_hold
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER bed_hold_needs_new_event BEFORE INSERT ON bed_hold
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER bed_hold_no_delete BEFORE DELETE ON bed_hold
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX bed_hold_by_event ON bed_hold (event_id);
