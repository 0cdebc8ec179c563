-- On what ground an export leaves, and the digest of its contents that a colleague agrees to. And
-- samples drawn by a reviewer's own dice: the list is fixed, and its root in the audit trail, before
-- the dice are known.

ALTER TABLE custody ADD COLUMN basis TEXT;                 -- code of packs/bases.toml
ALTER TABLE custody ADD COLUMN authority TEXT;             -- section, order or agreement, as typed
ALTER TABLE custody ADD COLUMN has_rows INTEGER NOT NULL DEFAULT 0 CHECK (has_rows IN (0, 1));
ALTER TABLE custody ADD COLUMN contents TEXT CHECK (length(contents) = 64);  -- SHA-256, hex

CREATE TABLE sample_draw (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    profile      TEXT    NOT NULL,
    period       TEXT    NOT NULL,
    population   INTEGER NOT NULL CHECK (population > 0),
    root         BLOB    NOT NULL CHECK (length(root) = 32),  -- Merkle root over the places
    fixed_at     INTEGER NOT NULL,
    fixed_event  INTEGER NOT NULL,                 -- number of the event that fixed the list
    wanted       INTEGER CHECK (wanted BETWEEN 1 AND population),
    seed         TEXT,                             -- what the dice showed, as typed
    drawn_at     INTEGER,
    drawn_event  INTEGER,
    withdrawn_at INTEGER,
    CHECK ((seed IS NULL) = (drawn_at IS NULL)),
    CHECK ((seed IS NULL) = (wanted IS NULL)),
    CHECK ((seed IS NULL) = (drawn_event IS NULL))
) STRICT;
CREATE INDEX sample_draw_by_time ON sample_draw (fixed_at);

-- One place of the list: the leaf that was fixed, and what opens it.
CREATE TABLE sample_place (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    draw_id   INTEGER NOT NULL REFERENCES sample_draw (id),
    position  INTEGER NOT NULL CHECK (position > 0),
    stay_id   INTEGER NOT NULL REFERENCES stay (id),
    label     TEXT    NOT NULL,                    -- random, of this draw only
    salt      BLOB    NOT NULL CHECK (length(salt) = 16),
    key_salt  BLOB    NOT NULL CHECK (length(key_salt) = 16),
    UNIQUE (draw_id, position),
    UNIQUE (draw_id, label)
) STRICT;
CREATE INDEX sample_place_by_stay ON sample_place (stay_id);

CREATE TRIGGER sample_draw_needs_event BEFORE UPDATE ON sample_draw
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER sample_draw_needs_new_event BEFORE INSERT ON sample_draw
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER sample_draw_no_delete BEFORE DELETE ON sample_draw
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX sample_draw_by_event ON sample_draw (event_id);
CREATE TRIGGER sample_place_needs_event BEFORE UPDATE ON sample_place
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER sample_place_needs_new_event BEFORE INSERT ON sample_place
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER sample_place_no_delete BEFORE DELETE ON sample_place
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX sample_place_by_event ON sample_place (event_id);
