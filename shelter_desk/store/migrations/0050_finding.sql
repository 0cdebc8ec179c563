-- Finding people and notes. Everything here but resident.also_known_sealed is derived: it is left
-- out of backups and made anew from the sealed fields, so that no old copy keeps the words of an
-- erased resident. What was sealed for everybody at the desk (the general compartment) stands here
-- as words; what was sealed for some stands here as keyed digests, which only the holders of that
-- compartment can ask for.

ALTER TABLE resident ADD COLUMN also_known_sealed BLOB;        -- identity

-- One row for each word of the name they like to be called, and each way it sounds. `rest` is the
-- folded name from this word on, so that "jane d" finds "Mary Jane Doe".
CREATE TABLE resident_word (
    id          INTEGER PRIMARY KEY,
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    rest        TEXT    NOT NULL,
    sound       TEXT    NOT NULL
) STRICT;
CREATE INDEX resident_word_by_rest ON resident_word (rest, resident_id);
CREATE INDEX resident_word_by_sound ON resident_word (sound, resident_id);
CREATE INDEX resident_word_by_resident ON resident_word (resident_id);

-- Legal names and other names: digests, under a key of the identity compartment, of each beginning
-- of a word (3 letters and more) and of each way it sounds.
CREATE TABLE identity_mark (
    id          INTEGER PRIMARY KEY,
    resident_id INTEGER NOT NULL REFERENCES resident (id),
    mark        BLOB    NOT NULL CHECK (length(mark) = 16)
) STRICT;
CREATE INDEX identity_mark_by_mark ON identity_mark (mark, resident_id);
CREATE INDEX identity_mark_by_resident ON identity_mark (resident_id);

-- Where a note stands. `place` is the id of the item, the id of the service, or the record class
-- that says who may read it; `kind` says which. `subject` is the public id of what was written.
CREATE TABLE note_place (
    id          INTEGER PRIMARY KEY,
    resident_id INTEGER REFERENCES resident (id),
    stay_id     INTEGER REFERENCES stay (id),
    staff_id    INTEGER NOT NULL REFERENCES staff (id),
    kind        TEXT    NOT NULL CHECK (kind IN ('answer', 'entry', 'incident', 'part', 'step')),
    place       TEXT    NOT NULL,
    subject     TEXT    NOT NULL UNIQUE,
    written_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX note_place_by_resident ON note_place (resident_id);
CREATE INDEX note_place_by_stay ON note_place (stay_id);
CREATE INDEX note_place_by_staff ON note_place (staff_id);

-- The words of notes, by twice the id of note_place; the notes themselves are not kept a second
-- time. In notes of a class that is closed to some, words stand as marks: digests under a key of the
-- class. By the number after it: marks under the key of whoever wrote a note without reading its
-- class, so that they find their own.
-- Beginnings of two to six letters are indexed: without, a beginning that every note has is merged
-- from all of them before the newest is known. `words_query` asks for no longer ones.
CREATE VIRTUAL TABLE note_words USING fts5 (
    words, content = '', contentless_delete = 1, columnsize = 1, detail = 'none',
    prefix = '2 3 4 5 6', tokenize = 'unicode61 remove_diacritics 2'
);
