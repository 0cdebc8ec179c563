-- Reports that were handed over to somebody by name: to whom, on what basis, who let it out, and the
-- figures as they were then. A row is never changed. What is handed over once more because the
-- records were corrected is a row of its own that names the one before it.

CREATE TABLE report_release (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    report       TEXT    NOT NULL,                 -- id of domain/report_kinds.py
    period       TEXT    NOT NULL,
    recipient    TEXT    NOT NULL CHECK (length(recipient) BETWEEN 1 AND 200),
    basis        TEXT    NOT NULL,                 -- code of the report's bases
    number       INTEGER NOT NULL CHECK (number >= 1),  -- 1 the first, 2 its first amendment
    amends_id    INTEGER REFERENCES report_release (id),
    reason       TEXT    NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
    content      TEXT    NOT NULL,                 -- the report as it was, JSON
    goes_public  INTEGER NOT NULL DEFAULT 0 CHECK (goes_public IN (0, 1)),
    staff_id     INTEGER NOT NULL REFERENCES staff (id),
    made_at      INTEGER NOT NULL,
    CHECK ((number = 1) = (amends_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX one_release_each ON report_release (report, period, recipient, number);
CREATE UNIQUE INDEX one_amendment_each ON report_release (amends_id) WHERE amends_id IS NOT NULL;
CREATE INDEX report_release_by_staff ON report_release (staff_id);

CREATE TRIGGER report_release_needs_event BEFORE UPDATE ON report_release
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER report_release_needs_new_event BEFORE INSERT ON report_release
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER report_release_no_delete BEFORE DELETE ON report_release
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER report_release_is_frozen BEFORE UPDATE OF report, period, recipient, basis, number,
    amends_id, reason, content, goes_public, staff_id, made_at ON report_release
BEGIN SELECT RAISE(ABORT, 'what was handed over is not changed'); END;
CREATE INDEX report_release_by_event ON report_release (event_id);
