-- The counts about care of a period as they were when first released, beside the release: without
-- them a pack made after a correction would withhold what an earlier one showed, and so tell readers
-- of both that something was corrected. One line per resident under a number of its own, which leads
-- to nobody. Nothing in this table is ever changed.

CREATE TABLE care_facts (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    period    TEXT    NOT NULL,
    taken_at  INTEGER NOT NULL,
    content   TEXT    NOT NULL                     -- JSON, see desk/care_facts.py
) STRICT;
CREATE TRIGGER care_facts_needs_event BEFORE UPDATE ON care_facts
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER care_facts_needs_new_event BEFORE INSERT ON care_facts
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER care_facts_no_delete BEFORE DELETE ON care_facts
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX care_facts_by_event ON care_facts (event_id);
CREATE INDEX care_facts_by_period ON care_facts (period);

ALTER TABLE summary_release ADD COLUMN care_facts_id INTEGER REFERENCES care_facts (id);
CREATE INDEX summary_release_by_care_facts ON summary_release (care_facts_id);
