-- What became of a pack that left: who took it, until when, and whether it came back or was destroyed.
-- And visits by auditors: what they look at, and who settles which point before they come. A point is
-- named by a code and by public ids, never by a person.

CREATE TABLE handover (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    custody_id INTEGER NOT NULL UNIQUE REFERENCES custody (id),
    taken_by   TEXT    NOT NULL CHECK (length(taken_by) BETWEEN 1 AND 80),
    taken_on   TEXT    NOT NULL CHECK (taken_on GLOB '????-??-??'),
    device     TEXT    NOT NULL DEFAULT '',        -- what is printed on the stick
    wanted     TEXT    NOT NULL CHECK (wanted IN ('return', 'destroy')),
    due_on     TEXT    NOT NULL CHECK (due_on GLOB '????-??-??' AND due_on >= taken_on),
    ended      TEXT    CHECK (ended IN ('returned', 'destroyed', 'lost')),
    ended_on   TEXT    CHECK (ended_on GLOB '????-??-??' AND ended_on >= taken_on),
    staff_id   INTEGER NOT NULL REFERENCES staff (id),
    CHECK ((ended IS NULL) = (ended_on IS NULL))
) STRICT;
CREATE INDEX handover_open ON handover (due_on) WHERE ended IS NULL;

CREATE TABLE audit_visit (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    agency     TEXT    NOT NULL CHECK (length(agency) BETWEEN 1 AND 80),
    authority  TEXT    NOT NULL CHECK (length(authority) BETWEEN 1 AND 200),
    scope      TEXT    NOT NULL CHECK (scope IN (
                   'licensor', 'accreditor', 'grant', 'custodian', 'other')),
    since_on   TEXT    NOT NULL CHECK (since_on GLOB '????-??-??'),
    until_on   TEXT    NOT NULL CHECK (until_on GLOB '????-??-??' AND until_on >= since_on),
    visit_on   TEXT    NOT NULL CHECK (visit_on GLOB '????-??-??'),
    state      TEXT    NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'held', 'cancelled')),
    staff_id   INTEGER NOT NULL REFERENCES staff (id),
    planned_at INTEGER NOT NULL
) STRICT;

CREATE TABLE visit_point (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    visit_id  INTEGER NOT NULL REFERENCES audit_visit (id),
    point     TEXT    NOT NULL,                    -- kind:subject:item, as the pre-check names it
    owner_id  INTEGER NOT NULL REFERENCES staff (id),
    due_on    TEXT    NOT NULL CHECK (due_on GLOB '????-??-??'),
    UNIQUE (visit_id, point)
) STRICT;
CREATE INDEX visit_point_by_owner ON visit_point (owner_id);

CREATE TRIGGER handover_needs_event BEFORE UPDATE ON handover
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER handover_needs_new_event BEFORE INSERT ON handover
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER handover_no_delete BEFORE DELETE ON handover
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX handover_by_event ON handover (event_id);
CREATE TRIGGER audit_visit_needs_event BEFORE UPDATE ON audit_visit
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER audit_visit_needs_new_event BEFORE INSERT ON audit_visit
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER audit_visit_no_delete BEFORE DELETE ON audit_visit
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX audit_visit_by_event ON audit_visit (event_id);
CREATE TRIGGER visit_point_needs_event BEFORE UPDATE ON visit_point
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER visit_point_needs_new_event BEFORE INSERT ON visit_point
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER visit_point_no_delete BEFORE DELETE ON visit_point
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX visit_point_by_event ON visit_point (event_id);
