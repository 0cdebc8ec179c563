-- A release in full: who made it, who approved it, for whom, from which facts, and its very files.
-- The facts a period was counted from are kept when it is first released, one line per resident
-- without a name, so that whatever is released of it later says the same. A restated period has facts
-- of its own, with the next number. Nothing in these tables is ever changed.

CREATE TABLE release_facts (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    period    TEXT    NOT NULL,
    number    INTEGER NOT NULL CHECK (number >= 1),
    taken_at  INTEGER NOT NULL,
    content   TEXT    NOT NULL,                    -- JSON, see desk/period_facts.py
    UNIQUE (period, number)
) STRICT;
CREATE TRIGGER release_facts_needs_event BEFORE UPDATE ON release_facts
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER release_facts_needs_new_event BEFORE INSERT ON release_facts
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER release_facts_no_delete BEFORE DELETE ON release_facts
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX release_facts_by_event ON release_facts (event_id);

CREATE TABLE release_paper (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    release_id INTEGER NOT NULL REFERENCES summary_release (id),
    name       TEXT    NOT NULL,
    content    BLOB    NOT NULL,
    UNIQUE (release_id, name)
) STRICT;
CREATE TRIGGER release_paper_needs_event BEFORE UPDATE ON release_paper
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER release_paper_needs_new_event BEFORE INSERT ON release_paper
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER release_paper_no_delete BEFORE DELETE ON release_paper
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX release_paper_by_event ON release_paper (event_id);

ALTER TABLE summary_release ADD COLUMN staff_id INTEGER REFERENCES staff (id);
ALTER TABLE summary_release ADD COLUMN approved_by_id INTEGER REFERENCES staff (id);
ALTER TABLE summary_release ADD COLUMN approval BLOB;
ALTER TABLE summary_release ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
ALTER TABLE summary_release ADD COLUMN detail TEXT NOT NULL DEFAULT '';
ALTER TABLE summary_release ADD COLUMN facts_id INTEGER REFERENCES release_facts (id);
CREATE INDEX summary_release_by_staff ON summary_release (staff_id);
CREATE INDEX summary_release_by_approver ON summary_release (approved_by_id);
CREATE INDEX summary_release_by_facts ON summary_release (facts_id);
