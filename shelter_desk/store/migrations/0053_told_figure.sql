-- Figures that are public already: told to a newspaper, in a speech, on a web page, in a proposal.
-- Later releases take them as known. A wrong entry is withdrawn, never deleted.

CREATE TABLE told_figure (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    period       TEXT    NOT NULL,
    figure       TEXT    NOT NULL,                 -- id of a figure of the summary of the period
    counts       TEXT    NOT NULL,                 -- JSON, dimension -> raw values it counts
    value        INTEGER NOT NULL CHECK (value >= 0),
    told_to      TEXT    NOT NULL CHECK (length(told_to) BETWEEN 1 AND 200),
    told_on      TEXT    NOT NULL,
    staff_id     INTEGER NOT NULL REFERENCES staff (id),
    entered_at   INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT;
CREATE INDEX told_figure_by_staff ON told_figure (staff_id);
CREATE TRIGGER told_figure_needs_event BEFORE UPDATE ON told_figure
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER told_figure_needs_new_event BEFORE INSERT ON told_figure
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER told_figure_no_delete BEFORE DELETE ON told_figure
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX told_figure_by_event ON told_figure (event_id);
