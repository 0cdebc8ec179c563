-- Lines of the shift log are found by their words as well: those of the house, and each resident's
-- copy of a line about them, which goes with the keys of that resident. Where notes stand has
-- another rule then; what finding reads is derived, and is made anew at the next sign-in.
DROP TABLE note_place;
CREATE TABLE note_place (
    id          INTEGER PRIMARY KEY,
    resident_id INTEGER REFERENCES resident (id),
    stay_id     INTEGER REFERENCES stay (id),
    staff_id    INTEGER NOT NULL REFERENCES staff (id),
    kind        TEXT    NOT NULL CHECK (
        kind IN ('answer', 'entry', 'incident', 'part', 'step', 'line', 'house-line')),
    place       TEXT    NOT NULL,
    subject     TEXT    NOT NULL UNIQUE,
    written_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX note_place_by_resident ON note_place (resident_id);
CREATE INDEX note_place_by_stay ON note_place (stay_id);
CREATE INDEX note_place_by_staff ON note_place (staff_id);

DELETE FROM unmarked WHERE note_id IS NOT NULL;
INSERT INTO note_words (note_words) VALUES ('delete-all');
DELETE FROM resident_word;
