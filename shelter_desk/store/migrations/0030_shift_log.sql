-- The shift log: lines about nobody, one or several residents. What is written about residents is
-- sealed once for each of them, under their own key, with marks in place of names: a copy for one
-- of them opens alone, and names nobody else. A correction is a line of its own.

CREATE TABLE shift_line (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    happened_at  INTEGER NOT NULL,
    entered_at   INTEGER NOT NULL,
    staff_id     INTEGER NOT NULL REFERENCES staff (id),
    chips        TEXT    NOT NULL DEFAULT '',      -- codes of lists/shift_chips.toml, by spaces
    house_text   TEXT,                             -- only of a line about nobody
    must_know    INTEGER NOT NULL DEFAULT 0 CHECK (must_know IN (0, 1)),
    corrects_id  INTEGER REFERENCES shift_line (id),
    replaced_at  INTEGER,                          -- when a correction took its place
    withdrawn_at INTEGER,
    CHECK (happened_at <= entered_at)
) STRICT;
CREATE INDEX shift_line_by_time ON shift_line (happened_at);
CREATE INDEX shift_line_by_entry ON shift_line (entered_at);
CREATE INDEX shift_line_by_correction ON shift_line (corrects_id) WHERE corrects_id IS NOT NULL;

CREATE TABLE shift_line_person (
    id          INTEGER PRIMARY KEY,
    public_id   TEXT    NOT NULL UNIQUE,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version     INTEGER NOT NULL DEFAULT 1,
    line_id     INTEGER NOT NULL REFERENCES shift_line (id),
    stay_id     INTEGER NOT NULL REFERENCES stay (id),
    text_sealed BLOB,
    UNIQUE (line_id, stay_id)
) STRICT;
CREATE INDEX shift_line_person_by_stay ON shift_line_person (stay_id, line_id);

CREATE TRIGGER shift_line_needs_event BEFORE UPDATE ON shift_line
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER shift_line_needs_new_event BEFORE INSERT ON shift_line
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER shift_line_no_delete BEFORE DELETE ON shift_line
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX shift_line_by_event ON shift_line (event_id);
CREATE TRIGGER shift_line_person_needs_event BEFORE UPDATE ON shift_line_person
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER shift_line_person_needs_new_event BEFORE INSERT ON shift_line_person
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER shift_line_person_no_delete BEFORE DELETE ON shift_line_person
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX shift_line_person_by_event ON shift_line_person (event_id);
