-- The written permission of a young person to share: what, with whom, why, until when, and who signed.
-- Codes and days only. It is never a condition of anything, can be taken back at any moment by word
-- alone, and an export made under it stops with it.

CREATE TABLE information_release (
    id          INTEGER PRIMARY KEY,
    public_id   TEXT    NOT NULL UNIQUE,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version     INTEGER NOT NULL DEFAULT 1,
    stay_id     INTEGER NOT NULL REFERENCES stay (id),
    recipient   TEXT    NOT NULL,                  -- id of packs/profiles
    purpose     TEXT    NOT NULL,                  -- code of domain/releases.py, here and below
    parts       TEXT    NOT NULL,                  -- files of packs/files.toml, by spaces
    from_on     TEXT    NOT NULL,
    until_on    TEXT    NOT NULL,
    signers     TEXT    NOT NULL,                  -- codes, by spaces
    alone       TEXT,                              -- why no adult signed
    longer      TEXT,                              -- why it is longer than usual
    staff_id    INTEGER NOT NULL REFERENCES staff (id),
    entered_at  INTEGER NOT NULL,
    revoked_at  INTEGER,
    revoked_how TEXT CHECK (revoked_how IN ('spoken', 'written')),
    CHECK (until_on >= from_on),
    CHECK (parts <> ''),
    CHECK ((revoked_at IS NULL) = (revoked_how IS NULL))
) STRICT;
CREATE INDEX information_release_by_stay ON information_release (stay_id, until_on);
CREATE INDEX information_release_standing ON information_release (until_on)
    WHERE revoked_at IS NULL;

ALTER TABLE custody ADD COLUMN release_id INTEGER REFERENCES information_release (id);

CREATE TRIGGER information_release_needs_event BEFORE UPDATE ON information_release
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER information_release_needs_new_event BEFORE INSERT ON information_release
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER information_release_no_delete BEFORE DELETE ON information_release
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX information_release_by_event ON information_release (event_id);
