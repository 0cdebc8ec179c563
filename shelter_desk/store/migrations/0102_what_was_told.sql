-- What was told of residents, and whose it is. Facts that totals are counted from stand under a random
-- link in place of the resident. This table alone says whose link it is; the row goes with the keys
-- of a record that two people destroyed. Backups keep it with the keys, apart from the records.

CREATE TABLE fact_link (
    id          INTEGER PRIMARY KEY,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    resident_id INTEGER NOT NULL UNIQUE REFERENCES resident (id),
    link        TEXT    NOT NULL UNIQUE CHECK (length(link) = 20)
) STRICT;
INSERT INTO fact_link (event_id, resident_id, link)
SELECT event_id, id, lower(hex(randomblob(10))) FROM resident
WHERE EXISTS (SELECT 1 FROM resident_key WHERE resident_key.resident_id = resident.id);
CREATE INDEX fact_link_by_event ON fact_link (event_id);
CREATE TRIGGER fact_link_needs_event BEFORE UPDATE ON fact_link
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER fact_link_needs_new_event BEFORE INSERT ON fact_link
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER fact_link_no_delete BEFORE DELETE ON fact_link
WHEN NOT EXISTS (
    SELECT 1 FROM removal WHERE resident_id = OLD.resident_id AND destroyed_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;

-- A report of exact counts that was to stay with its recipient and became public after all.
CREATE TABLE report_publication (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    release_id INTEGER NOT NULL UNIQUE REFERENCES report_release (id),
    reason     TEXT    NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
    made_at    INTEGER NOT NULL,
    staff_id   INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX report_publication_by_staff ON report_publication (staff_id);
CREATE INDEX report_publication_by_event ON report_publication (event_id);
CREATE TRIGGER report_publication_needs_event BEFORE UPDATE ON report_publication
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER report_publication_needs_new_event BEFORE INSERT ON report_publication
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER report_publication_no_delete BEFORE DELETE ON report_publication
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
