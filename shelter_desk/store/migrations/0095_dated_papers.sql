-- Papers of the house and its staff that run out: checks, training, licences. Only that one was seen, and
-- until when it holds, never what it says. A renewal is a new row; one that was written down by mistake is
-- taken back. And findings of a visit: who corrects each by when, and what shows that it is corrected.

CREATE TABLE dated_paper (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    kind       TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    staff_id   INTEGER REFERENCES staff (id),      -- null: of the house itself
    issued_on  TEXT    NOT NULL CHECK (issued_on GLOB '????-??-??'),
    expires_on TEXT    CHECK (expires_on GLOB '????-??-??' AND expires_on >= issued_on),
    hours      INTEGER NOT NULL DEFAULT 0 CHECK (hours BETWEEN 0 AND 200),
    seen_by_id INTEGER NOT NULL REFERENCES staff (id),
    seen_at    INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX dated_paper_standing ON dated_paper (kind, staff_id, issued_on) WHERE revoked_at IS NULL;

CREATE TABLE visit_finding (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    visit_id     INTEGER NOT NULL REFERENCES audit_visit (id),
    area         TEXT    NOT NULL CHECK (length(area) BETWEEN 1 AND 40),
    finding      TEXT    NOT NULL CHECK (length(finding) BETWEEN 1 AND 300),
    owner_id     INTEGER NOT NULL REFERENCES staff (id),
    due_on       TEXT    NOT NULL CHECK (due_on GLOB '????-??-??'),
    corrected_on TEXT    CHECK (corrected_on GLOB '????-??-??'),
    corrected_by INTEGER REFERENCES staff (id),
    evidence     TEXT    CHECK (length(evidence) BETWEEN 1 AND 300),
    withdrawn_at INTEGER,
    CHECK ((corrected_on IS NULL) = (evidence IS NULL)),
    CHECK ((corrected_on IS NULL) = (corrected_by IS NULL))
) STRICT;
CREATE INDEX visit_finding_open ON visit_finding (due_on) WHERE corrected_on IS NULL AND withdrawn_at IS NULL;
CREATE INDEX visit_finding_by_visit ON visit_finding (visit_id);

CREATE TRIGGER dated_paper_needs_event BEFORE UPDATE ON dated_paper
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER dated_paper_needs_new_event BEFORE INSERT ON dated_paper
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER dated_paper_no_delete BEFORE DELETE ON dated_paper
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX dated_paper_by_event ON dated_paper (event_id);
CREATE TRIGGER visit_finding_needs_event BEFORE UPDATE ON visit_finding
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER visit_finding_needs_new_event BEFORE INSERT ON visit_finding
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER visit_finding_no_delete BEFORE DELETE ON visit_finding
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX visit_finding_by_event ON visit_finding (event_id);
