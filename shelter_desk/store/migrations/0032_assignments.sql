-- An open item given to a colleague. It ends when it is given to somebody else or to nobody; whom an
-- answered item had been given to stays readable.

CREATE TABLE assignment (
    id          INTEGER PRIMARY KEY,
    public_id   TEXT    NOT NULL UNIQUE,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version     INTEGER NOT NULL DEFAULT 1,
    stay_id     INTEGER REFERENCES stay (id),      -- NULL: the house
    item_id     TEXT    NOT NULL,
    occurrence  TEXT    NOT NULL,
    staff_id    INTEGER NOT NULL REFERENCES staff (id),
    given_by    INTEGER NOT NULL REFERENCES staff (id),
    given_at    INTEGER NOT NULL,
    ended_at    INTEGER
) STRICT;
CREATE UNIQUE INDEX one_assignment ON assignment (coalesce(stay_id, 0), item_id, occurrence)
    WHERE ended_at IS NULL;
CREATE INDEX assignment_standing ON assignment (staff_id) WHERE ended_at IS NULL;

CREATE TRIGGER assignment_needs_event BEFORE UPDATE ON assignment
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER assignment_needs_new_event BEFORE INSERT ON assignment
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER assignment_no_delete BEFORE DELETE ON assignment
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX assignment_by_event ON assignment (event_id);
