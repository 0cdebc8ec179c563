-- The inspector's seat: somebody from outside looks at a few records on this screen, for a time, under
-- the eyes of whoever opened it. They have no keys and no account.

CREATE TABLE seat (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    visitor   TEXT    NOT NULL CHECK (length(visitor) BETWEEN 1 AND 80),
    authority TEXT    NOT NULL CHECK (length(authority) BETWEEN 1 AND 200),
    opened_at INTEGER NOT NULL,
    until_at  INTEGER NOT NULL CHECK (until_at > opened_at),
    closed_at INTEGER,
    staff_id  INTEGER NOT NULL REFERENCES staff (id)
) STRICT;

CREATE TABLE seat_stay (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    seat_id   INTEGER NOT NULL REFERENCES seat (id),
    stay_id   INTEGER NOT NULL REFERENCES stay (id),
    UNIQUE (seat_id, stay_id)
) STRICT;
CREATE INDEX seat_stay_by_stay ON seat_stay (stay_id);

CREATE TRIGGER seat_needs_event BEFORE UPDATE ON seat
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER seat_needs_new_event BEFORE INSERT ON seat
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER seat_no_delete BEFORE DELETE ON seat
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX seat_by_event ON seat (event_id);
CREATE TRIGGER seat_stay_needs_event BEFORE UPDATE ON seat_stay
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER seat_stay_needs_new_event BEFORE INSERT ON seat_stay
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER seat_stay_no_delete BEFORE DELETE ON seat_stay
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX seat_stay_by_event ON seat_stay (event_id);
