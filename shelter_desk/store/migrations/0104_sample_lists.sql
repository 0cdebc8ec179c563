-- A reviewer draws from each list by itself: records, incidents, staff files. Which list it is stands
-- with the draw, and a place stands for one row of that list.

ALTER TABLE sample_draw ADD COLUMN of_list TEXT NOT NULL DEFAULT 'records'
    CHECK (of_list IN ('records', 'incidents', 'staff'));

ALTER TABLE sample_place RENAME TO sample_place_of_stays;
CREATE TABLE sample_place (
    id          INTEGER PRIMARY KEY,
    public_id   TEXT    NOT NULL UNIQUE,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version     INTEGER NOT NULL DEFAULT 1,
    draw_id     INTEGER NOT NULL REFERENCES sample_draw (id),
    position    INTEGER NOT NULL CHECK (position > 0),
    stay_id     INTEGER REFERENCES stay (id),
    incident_id INTEGER REFERENCES incident (id),
    staff_id    INTEGER REFERENCES staff (id),
    label       TEXT    NOT NULL,                  -- random, of this draw only
    salt        BLOB    NOT NULL CHECK (length(salt) = 16),
    key_salt    BLOB    NOT NULL CHECK (length(key_salt) = 16),
    UNIQUE (draw_id, position),
    UNIQUE (draw_id, label),
    CHECK ((stay_id IS NOT NULL) + (incident_id IS NOT NULL) + (staff_id IS NOT NULL) = 1)
) STRICT;
INSERT INTO sample_place (id, public_id, event_id, version, draw_id, position, stay_id, label, salt,
    key_salt)
SELECT id, public_id, event_id, version, draw_id, position, stay_id, label, salt, key_salt
FROM sample_place_of_stays;
DROP TABLE sample_place_of_stays;

CREATE INDEX sample_place_by_stay ON sample_place (stay_id);
CREATE INDEX sample_place_by_incident ON sample_place (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX sample_place_by_staff ON sample_place (staff_id) WHERE staff_id IS NOT NULL;
CREATE TRIGGER sample_place_needs_event BEFORE UPDATE ON sample_place
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER sample_place_needs_new_event BEFORE INSERT ON sample_place
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER sample_place_no_delete BEFORE DELETE ON sample_place
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX sample_place_by_event ON sample_place (event_id);
