-- What residents say of the house, one slip without a name each. Nothing here leads to a resident: only the
-- quarter, and the numbers from 0 to 10 that stood on the slip. A wrong one is withdrawn, never deleted.

CREATE TABLE own_rating (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    period       TEXT    NOT NULL CHECK (period GLOB '[0-9][0-9][0-9][0-9]-Q[1-4]'),
    answers      TEXT    NOT NULL CHECK (json_valid(answers)),   -- question -> 0 to 10
    staff_id     INTEGER NOT NULL REFERENCES staff (id),
    withdrawn_at INTEGER
) STRICT;
CREATE INDEX own_rating_of_period ON own_rating (period) WHERE withdrawn_at IS NULL;
CREATE INDEX own_rating_by_staff ON own_rating (staff_id);
CREATE TRIGGER own_rating_needs_event BEFORE UPDATE ON own_rating
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER own_rating_needs_new_event BEFORE INSERT ON own_rating
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER own_rating_no_delete BEFORE DELETE ON own_rating
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX own_rating_by_event ON own_rating (event_id);
