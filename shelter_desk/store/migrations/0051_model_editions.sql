-- The shelter's own changes of the care model: one row each time they were saved, none overwritten.
-- Number 0 is a shipped model as it came, with the words of all its items, so that what was ticked
-- keeps the words it was ticked under after an upgrade.

CREATE TABLE model_edition (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    number    INTEGER NOT NULL CHECK (number >= 0),
    shipped   TEXT    NOT NULL,                    -- version of the shipped model
    changes   TEXT    NOT NULL,                    -- JSON, see domain/overlay.py
    words     TEXT    NOT NULL,                    -- JSON, item id -> its words
    reason    TEXT    NOT NULL,
    staff_id  INTEGER NOT NULL REFERENCES staff (id),
    made_at   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_edition_each ON model_edition (number) WHERE number > 0;
CREATE UNIQUE INDEX one_shipped_each ON model_edition (shipped) WHERE number = 0;
CREATE INDEX model_edition_by_staff ON model_edition (staff_id);

CREATE TRIGGER model_edition_needs_event BEFORE UPDATE ON model_edition
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER model_edition_needs_new_event BEFORE INSERT ON model_edition
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER model_edition_no_delete BEFORE DELETE ON model_edition
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX model_edition_by_event ON model_edition (event_id);
