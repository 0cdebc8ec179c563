-- Appointments and court dates: codes and times. Where it is reveals where somebody will be, so the
-- place is sealed under the resident's own key. Each change appends a line; none overwrites one.

CREATE TABLE appointment (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    stay_id      INTEGER NOT NULL REFERENCES stay (id),
    kind         TEXT    NOT NULL,                 -- code of lists/appointment_kinds.toml
    starts_at    INTEGER NOT NULL,
    minutes      INTEGER NOT NULL CHECK (minutes BETWEEN 5 AND 20160),
    place_sealed BLOB,
    escort_id    INTEGER REFERENCES staff (id),    -- the member of staff who goes along
    company      TEXT    NOT NULL,                 -- code of lists/appointment_company.toml
    transport    TEXT    NOT NULL,                 -- code of lists/appointment_transport.toml
    state        TEXT    NOT NULL DEFAULT 'planned'
                 CHECK (state IN ('planned', 'kept', 'missed', 'cancelled')),
    reason       TEXT,                             -- code of lists/appointment_reasons.toml
    start_key    TEXT,                             -- public id of the stay event it is
    staff_id     INTEGER NOT NULL REFERENCES staff (id),
    entered_at   INTEGER NOT NULL,
    CHECK ((company = 'staff') = (escort_id IS NOT NULL)),
    CHECK (reason IS NULL OR state IN ('missed', 'cancelled'))
) STRICT;
CREATE INDEX appointment_by_time ON appointment (starts_at);
CREATE INDEX appointment_by_stay ON appointment (stay_id, starts_at);

CREATE TABLE appointment_change (
    id             INTEGER PRIMARY KEY,
    public_id      TEXT    NOT NULL UNIQUE,
    event_id       INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version        INTEGER NOT NULL DEFAULT 1,
    appointment_id INTEGER NOT NULL REFERENCES appointment (id),
    what           TEXT    NOT NULL CHECK (what IN (
                       'planned', 'moved', 'changed', 'kept', 'missed', 'cancelled', 'opened')),
    starts_at      INTEGER NOT NULL,               -- as it stood from then on
    minutes        INTEGER NOT NULL,
    reason         TEXT,
    staff_id       INTEGER NOT NULL REFERENCES staff (id),
    changed_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX appointment_change_by_appointment ON appointment_change (appointment_id);

CREATE TRIGGER appointment_needs_event BEFORE UPDATE ON appointment
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER appointment_needs_new_event BEFORE INSERT ON appointment
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER appointment_no_delete BEFORE DELETE ON appointment
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX appointment_by_event ON appointment (event_id);
CREATE TRIGGER appointment_change_needs_event BEFORE UPDATE ON appointment_change
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER appointment_change_needs_new_event BEFORE INSERT ON appointment_change
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER appointment_change_no_delete BEFORE DELETE ON appointment_change
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX appointment_change_by_event ON appointment_change (event_id);
