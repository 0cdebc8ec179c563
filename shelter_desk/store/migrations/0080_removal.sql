-- Taking a record away, and destroying it: first the bin, from which it comes back; then, a month later
-- at the earliest and by two people, its keys. And legal holds, which stop both.

CREATE TABLE legal_hold (
    id          INTEGER PRIMARY KEY,
    public_id   TEXT    NOT NULL UNIQUE,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version     INTEGER NOT NULL DEFAULT 1,
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    reason      TEXT    NOT NULL,                  -- code of domain/retention.py, here and below
    began_at    INTEGER NOT NULL,
    staff_id    INTEGER NOT NULL REFERENCES staff (id),
    ended_at    INTEGER CHECK (ended_at IS NULL OR ended_at >= began_at),
    ended_by    INTEGER REFERENCES staff (id),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;
CREATE INDEX legal_hold_by_resident ON legal_hold (resident_id);
CREATE UNIQUE INDEX one_hold_each ON legal_hold (resident_id, reason) WHERE ended_at IS NULL;

CREATE TABLE removal (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    resident_id  INTEGER NOT NULL REFERENCES resident (id),
    reason       TEXT    NOT NULL,
    rule         TEXT    NOT NULL,                 -- which rule kept it longest
    kept_until   TEXT    NOT NULL CHECK (kept_until GLOB '????-??-??'),
    born_sealed  BLOB,                             -- identity: a guessed birthday, nowhere else kept
    taken_at     INTEGER NOT NULL,
    taken_by     INTEGER NOT NULL REFERENCES staff (id),
    back_at      INTEGER CHECK (back_at IS NULL OR back_at >= taken_at),
    destroyed_at INTEGER CHECK (destroyed_at IS NULL OR destroyed_at >= taken_at + 2592000000),
    destroyed_by INTEGER REFERENCES staff (id),
    second_id    INTEGER REFERENCES staff (id),
    second_signature BLOB,
    keys         INTEGER,                          -- how many were destroyed
    CHECK (back_at IS NULL OR destroyed_at IS NULL),
    CHECK ((destroyed_at IS NULL) = (destroyed_by IS NULL)),
    CHECK ((destroyed_at IS NULL) = (second_signature IS NULL)),
    CHECK (destroyed_at IS NULL OR (second_id IS NOT NULL AND second_id <> destroyed_by))
) STRICT;
CREATE UNIQUE INDEX one_removal ON removal (resident_id) WHERE back_at IS NULL;

CREATE TRIGGER removal_on_hold BEFORE UPDATE ON removal
WHEN NEW.destroyed_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM legal_hold WHERE resident_id = NEW.resident_id AND ended_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'a legal hold keeps this record'); END;

-- Keys go with a record that two people destroyed, and in no other way.
DROP TRIGGER resident_key_no_delete;
CREATE TRIGGER resident_key_no_delete BEFORE DELETE ON resident_key
WHEN NOT EXISTS (
    SELECT 1 FROM removal WHERE resident_id = OLD.resident_id AND destroyed_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
DROP TRIGGER incident_key_no_delete;
CREATE TRIGGER incident_key_no_delete BEFORE DELETE ON incident_key
WHEN NOT EXISTS (
    SELECT 1 FROM removal
    JOIN stay ON stay.resident_id = removal.resident_id
    JOIN incident_person ON incident_person.stay_id = stay.id
    WHERE incident_person.incident_id = OLD.incident_id AND removal.destroyed_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;

CREATE TRIGGER legal_hold_needs_event BEFORE UPDATE ON legal_hold
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER legal_hold_needs_new_event BEFORE INSERT ON legal_hold
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER legal_hold_no_delete BEFORE DELETE ON legal_hold
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX legal_hold_by_event ON legal_hold (event_id);
CREATE TRIGGER removal_needs_event BEFORE UPDATE ON removal
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER removal_needs_new_event BEFORE INSERT ON removal
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER removal_no_delete BEFORE DELETE ON removal
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX removal_by_event ON removal (event_id);

-- Nobody moves in again under a record that was taken away: put it back first.
CREATE TRIGGER stay_of_removed BEFORE INSERT ON stay
WHEN EXISTS (SELECT 1 FROM removal WHERE resident_id = NEW.resident_id AND back_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'this record was taken away'); END;
