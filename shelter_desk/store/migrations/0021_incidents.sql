-- Incidents: codes, times and roles. Residents stand in rows of their own, so that a paper for one
-- of them leaves the others out, and what is said of one is sealed under that one's own key. What is
-- said of the incident as a whole, and who was told of it, is sealed under keys of the incident.

CREATE TABLE incident (
    id            INTEGER PRIMARY KEY,
    public_id     TEXT    NOT NULL UNIQUE,
    event_id      INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version       INTEGER NOT NULL DEFAULT 1,
    types         TEXT    NOT NULL,                -- codes of lists/incident_types.toml, by spaces
    occurred_at   INTEGER NOT NULL,
    found_at      INTEGER NOT NULL,                -- when staff learned of it: the clocks run from here
    place         TEXT    NOT NULL,                -- code of lists/incident_places.toml
    episode_id    INTEGER REFERENCES missing_episode (id),
    staff_id      INTEGER NOT NULL REFERENCES staff (id),
    entered_at    INTEGER NOT NULL,
    start_keys    TEXT    NOT NULL DEFAULT '',     -- public ids of the stay events it was
    circumstances TEXT    NOT NULL DEFAULT '',     -- codes, by spaces, here and below
    interventions TEXT    NOT NULL DEFAULT '',
    treated       TEXT    NOT NULL DEFAULT '',
    resolution    TEXT    NOT NULL DEFAULT '',
    return_update TEXT    NOT NULL DEFAULT '',
    nobody        TEXT    NOT NULL DEFAULT '',
    note_sealed   BLOB,                            -- what to do; no names
    filed_at      INTEGER,
    closed_at     INTEGER,
    closed_by     INTEGER REFERENCES staff (id),
    withdrawn_at  INTEGER,
    CHECK (occurred_at <= found_at),
    CHECK (closed_at IS NULL OR filed_at IS NOT NULL)
) STRICT;
CREATE INDEX incident_by_time ON incident (found_at);
CREATE INDEX incident_unclosed ON incident (found_at)
    WHERE closed_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE incident_person (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    incident_id  INTEGER NOT NULL REFERENCES incident (id),
    stay_id      INTEGER REFERENCES stay (id),
    staff_id     INTEGER REFERENCES staff (id),
    role         TEXT,                             -- code of lists/incident_people.toml
    part         TEXT    NOT NULL,                 -- code of lists/incident_parts.toml
    note_sealed  BLOB,                             -- only of a resident, under their own key
    withdrawn_at INTEGER,
    CHECK ((stay_id IS NOT NULL) + (staff_id IS NOT NULL) + (role IS NOT NULL) = 1)
) STRICT;
CREATE INDEX incident_person_by_incident ON incident_person (incident_id);
CREATE INDEX incident_person_by_stay ON incident_person (stay_id);

CREATE TABLE incident_step (
    id          INTEGER PRIMARY KEY,
    public_id   TEXT    NOT NULL UNIQUE,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version     INTEGER NOT NULL DEFAULT 1,
    incident_id INTEGER NOT NULL REFERENCES incident (id),
    text_sealed BLOB    NOT NULL,
    due_on      TEXT    NOT NULL,
    done_at     INTEGER,
    done_by     INTEGER REFERENCES staff (id)
) STRICT;
CREATE INDEX incident_step_by_incident ON incident_step (incident_id);

-- As resident_key, and kept out of backups as that is: with the keys of any resident who had a part
-- these go too.
CREATE TABLE incident_key (
    id          INTEGER PRIMARY KEY,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    incident_id INTEGER NOT NULL REFERENCES incident (id) DEFERRABLE INITIALLY DEFERRED,
    compartment TEXT    NOT NULL,
    generation  INTEGER NOT NULL,                  -- of the compartment the private half is sealed to
    public      BLOB    NOT NULL CHECK (length(public) = 32),
    sealed      BLOB    NOT NULL,
    UNIQUE (incident_id, compartment, generation)
) STRICT;

ALTER TABLE lent_copy ADD COLUMN incident_id INTEGER REFERENCES incident (id);
CREATE INDEX lent_copy_by_incident ON lent_copy (incident_id) WHERE incident_id IS NOT NULL;
ALTER TABLE notice ADD COLUMN incident_id INTEGER REFERENCES incident (id);
ALTER TABLE paper_disclosure ADD COLUMN incident_id INTEGER REFERENCES incident (id);
CREATE UNIQUE INDEX one_incident_notice ON notice (incident_id, recipient)
    WHERE incident_id IS NOT NULL;

CREATE TRIGGER incident_needs_event BEFORE UPDATE ON incident
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER incident_needs_new_event BEFORE INSERT ON incident
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER incident_no_delete BEFORE DELETE ON incident
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX incident_by_event ON incident (event_id);
CREATE TRIGGER incident_person_needs_event BEFORE UPDATE ON incident_person
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER incident_person_needs_new_event BEFORE INSERT ON incident_person
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER incident_person_no_delete BEFORE DELETE ON incident_person
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX incident_person_by_event ON incident_person (event_id);
CREATE TRIGGER incident_step_needs_event BEFORE UPDATE ON incident_step
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER incident_step_needs_new_event BEFORE INSERT ON incident_step
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER incident_step_no_delete BEFORE DELETE ON incident_step
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX incident_step_by_event ON incident_step (event_id);
CREATE TRIGGER incident_key_needs_event BEFORE UPDATE ON incident_key
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER incident_key_needs_new_event BEFORE INSERT ON incident_key
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER incident_key_no_delete BEFORE DELETE ON incident_key
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX incident_key_by_event ON incident_key (event_id);
