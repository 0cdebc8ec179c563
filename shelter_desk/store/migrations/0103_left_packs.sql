-- A pack that is left before a byte of it was written takes its figures back: nobody outside has seen
-- them, so later summaries need not keep to them. Who left it and why stands with the export.

ALTER TABLE custody ADD COLUMN written_at INTEGER;        -- just before its first byte was written
ALTER TABLE custody ADD COLUMN ended_by_id INTEGER REFERENCES staff (id);
ALTER TABLE custody ADD COLUMN why TEXT;                  -- code of why it did not leave
CREATE INDEX custody_by_ender ON custody (ended_by_id);

ALTER TABLE summary_release ADD COLUMN withdrawn_at INTEGER;

-- Which export holds which release; without an export it was handed out by itself.
CREATE TABLE release_use (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    release_id INTEGER NOT NULL REFERENCES summary_release (id),
    custody_id INTEGER REFERENCES custody (id)
) STRICT;
CREATE INDEX release_use_by_release ON release_use (release_id);
CREATE INDEX release_use_by_export ON release_use (custody_id);

CREATE TRIGGER release_use_needs_event BEFORE UPDATE ON release_use
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER release_use_needs_new_event BEFORE INSERT ON release_use
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER release_use_no_delete BEFORE DELETE ON release_use
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX release_use_by_event ON release_use (event_id);

CREATE TRIGGER release_use_is_frozen BEFORE UPDATE OF release_id, custody_id ON release_use
BEGIN SELECT RAISE(ABORT, 'what an export holds is not changed'); END;
CREATE TRIGGER release_use_of_withdrawn BEFORE INSERT ON release_use
WHEN (SELECT withdrawn_at FROM summary_release WHERE id = NEW.release_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'this release was taken back'); END;
CREATE TRIGGER summary_release_withdrawn_once BEFORE UPDATE OF withdrawn_at ON summary_release
WHEN OLD.withdrawn_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'this release was taken back'); END;
CREATE TRIGGER summary_release_is_known BEFORE UPDATE OF withdrawn_at ON summary_release
WHEN NEW.withdrawn_at IS NOT NULL AND (
    NOT EXISTS (SELECT 1 FROM release_use WHERE release_id = NEW.id)
    OR EXISTS (SELECT 1 FROM release_use LEFT JOIN custody ON custody.id = release_use.custody_id
        WHERE release_use.release_id = NEW.id
        AND (custody.result IS NOT 'failed' OR custody.written_at IS NOT NULL)))
BEGIN SELECT RAISE(ABORT, 'these figures may be known outside'); END;
CREATE TRIGGER custody_written_once BEFORE UPDATE OF written_at ON custody
WHEN OLD.written_at IS NOT NULL OR OLD.result IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'this export was written, or ended, before'); END;
CREATE TRIGGER custody_ended_once BEFORE UPDATE OF result ON custody WHEN OLD.result IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'this export ended before'); END;
