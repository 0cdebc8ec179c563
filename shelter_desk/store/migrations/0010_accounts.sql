-- What accounts need besides keys: that the confidentiality agreement was accepted, and record
-- classes that were opened for a time in an emergency. A second person signs each opening.

CREATE TABLE agreement (
    id          INTEGER PRIMARY KEY,
    public_id   TEXT    NOT NULL UNIQUE,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version     INTEGER NOT NULL DEFAULT 1,
    staff_id    INTEGER NOT NULL REFERENCES staff (id),
    edition     TEXT    NOT NULL,                  -- of the text that was accepted
    accepted_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX agreement_by_staff ON agreement (staff_id, edition);

CREATE TABLE class_opening (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    staff_id     INTEGER NOT NULL REFERENCES staff (id),
    record_class TEXT    NOT NULL,                 -- id of record_classes.toml
    reason       TEXT    NOT NULL,                 -- code of lists/opening_reasons.toml
    opened_at    INTEGER NOT NULL,
    until_at     INTEGER NOT NULL,
    second_id    INTEGER NOT NULL REFERENCES staff (id),
    signature    BLOB    NOT NULL,                 -- of the second person
    closed_at    INTEGER,
    seen_at      INTEGER,
    seen_by      INTEGER REFERENCES staff (id),
    CHECK (until_at > opened_at),
    CHECK (second_id <> staff_id),
    CHECK ((seen_at IS NULL) = (seen_by IS NULL))
) STRICT;
CREATE INDEX class_opening_by_staff ON class_opening (staff_id, until_at);
CREATE INDEX class_opening_unseen ON class_opening (opened_at) WHERE seen_at IS NULL;

CREATE TRIGGER agreement_needs_event BEFORE UPDATE ON agreement
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER agreement_needs_new_event BEFORE INSERT ON agreement
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER agreement_no_delete BEFORE DELETE ON agreement
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX agreement_by_event ON agreement (event_id);
CREATE TRIGGER class_opening_needs_event BEFORE UPDATE ON class_opening
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER class_opening_needs_new_event BEFORE INSERT ON class_opening
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER class_opening_no_delete BEFORE DELETE ON class_opening
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX class_opening_by_event ON class_opening (event_id);
