-- Handing a shift over: what was counted, and who signed on which side, each with their own key.
-- The sheet itself is not kept: it is put together from the records of `since` to `until`.

CREATE TABLE handoff (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    since        INTEGER NOT NULL,
    until        INTEGER NOT NULL,
    expected     INTEGER NOT NULL,                 -- who should be in the house by the records
    counted      INTEGER NOT NULL CHECK (counted >= 0),
    on_duty      INTEGER NOT NULL CHECK (on_duty >= 0),
    why          TEXT    NOT NULL DEFAULT '' CHECK (length(why) <= 140),  -- of a difference
    answer_key   TEXT,                             -- public id of the checklist answer it is
    withdrawn_at INTEGER,
    CHECK (counted = expected OR why <> '')
) STRICT;
CREATE INDEX handoff_by_time ON handoff (until);

CREATE TABLE handoff_signature (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    handoff_id INTEGER NOT NULL REFERENCES handoff (id),
    staff_id   INTEGER NOT NULL REFERENCES staff (id),
    side       TEXT    NOT NULL CHECK (side IN ('outgoing', 'incoming')),
    signed_at  INTEGER NOT NULL,
    UNIQUE (handoff_id, staff_id)
) STRICT;
CREATE INDEX handoff_signature_by_staff ON handoff_signature (staff_id, signed_at);

-- Who left since the last handoff, without reading through every stay there ever was.
CREATE INDEX stay_by_end ON stay (ended_at) WHERE ended_at IS NOT NULL;

CREATE TRIGGER handoff_needs_event BEFORE UPDATE ON handoff
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER handoff_needs_new_event BEFORE INSERT ON handoff
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER handoff_no_delete BEFORE DELETE ON handoff
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX handoff_by_event ON handoff (event_id);
CREATE TRIGGER handoff_signature_needs_event BEFORE UPDATE ON handoff_signature
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER handoff_signature_needs_new_event BEFORE INSERT ON handoff_signature
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER handoff_signature_no_delete BEFORE DELETE ON handoff_signature
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX handoff_signature_by_event ON handoff_signature (event_id);
