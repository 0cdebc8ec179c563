-- What is written about the house (lines of the shift log about nobody, why a head count differs,
-- notes on checks of the house) may hold a name that nobody could link. It is sealed under keys of
-- the day it is written on, so that a name can be taken out for good when that resident's record is
-- destroyed: the other words of the day get new keys, and the keys of the day go with the record.

CREATE TABLE house_day (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    day       TEXT    NOT NULL                     -- several of one day: the newest holds new words
) STRICT;
CREATE INDEX house_day_by_day ON house_day (day);

-- As resident_key, and kept out of backups as that is.
CREATE TABLE house_day_key (
    id           INTEGER PRIMARY KEY,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    house_day_id INTEGER NOT NULL REFERENCES house_day (id) DEFERRABLE INITIALLY DEFERRED,
    compartment  TEXT    NOT NULL,
    generation   INTEGER NOT NULL,                 -- of the compartment the private half is sealed to
    public       BLOB    NOT NULL CHECK (length(public) = 32),
    sealed       BLOB    NOT NULL,
    UNIQUE (house_day_id, compartment, generation)
) STRICT;

-- What older editions wrote stands in house_text, why and note_sealed as it was typed.
ALTER TABLE shift_line ADD COLUMN words_sealed BLOB;
ALTER TABLE shift_line ADD COLUMN house_day_id INTEGER REFERENCES house_day (id);
ALTER TABLE handoff ADD COLUMN words_sealed BLOB;
ALTER TABLE handoff ADD COLUMN house_day_id INTEGER REFERENCES house_day (id);
ALTER TABLE item_answer ADD COLUMN house_day_id INTEGER REFERENCES house_day (id);
CREATE INDEX shift_line_by_house_day ON shift_line (house_day_id) WHERE house_day_id IS NOT NULL;
CREATE INDEX handoff_by_house_day ON handoff (house_day_id) WHERE house_day_id IS NOT NULL;
CREATE INDEX item_answer_by_house_day ON item_answer (house_day_id)
    WHERE house_day_id IS NOT NULL;

CREATE TRIGGER house_day_needs_event BEFORE UPDATE ON house_day
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER house_day_needs_new_event BEFORE INSERT ON house_day
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER house_day_no_delete BEFORE DELETE ON house_day
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX house_day_by_event ON house_day (event_id);
CREATE TRIGGER house_day_key_needs_event BEFORE UPDATE ON house_day_key
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER house_day_key_needs_new_event BEFORE INSERT ON house_day_key
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
-- They go in the very write in which two people destroy a record, and nothing opens with them then.
CREATE TRIGGER house_day_key_no_delete BEFORE DELETE ON house_day_key
WHEN NOT EXISTS (
        SELECT 1 FROM removal WHERE destroyed_at IS NOT NULL
        AND event_id > (SELECT coalesce(max(id), 0) FROM audit_event))
    OR EXISTS (SELECT 1 FROM shift_line WHERE house_day_id = OLD.house_day_id)
    OR EXISTS (SELECT 1 FROM handoff WHERE house_day_id = OLD.house_day_id)
    OR EXISTS (SELECT 1 FROM item_answer WHERE house_day_id = OLD.house_day_id)
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX house_day_key_by_event ON house_day_key (event_id);
