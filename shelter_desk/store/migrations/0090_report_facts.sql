-- Whom a report of exact counts was about that its recipient makes public: one line per resident
-- without a name, and what its figures count, so that later releases take them as known. Nothing in
-- this table is ever changed.

CREATE TABLE report_facts (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    release_id INTEGER NOT NULL UNIQUE REFERENCES report_release (id),
    period     TEXT    NOT NULL,
    content    TEXT    NOT NULL                    -- JSON, see desk/public_reports.py
) STRICT;
CREATE TRIGGER report_facts_needs_event BEFORE UPDATE ON report_facts
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER report_facts_needs_new_event BEFORE INSERT ON report_facts
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER report_facts_no_delete BEFORE DELETE ON report_facts
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX report_facts_by_event ON report_facts (event_id);
