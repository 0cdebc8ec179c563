-- Compartments as key pairs: everybody can seal to a record class, its readers open.

-- Generations only grow. `former` is the private half of the generation before, sealed within this
-- one: whoever holds the newest reaches all that was sealed earlier, and nobody the other way.
CREATE TABLE compartment_key (
    id          INTEGER PRIMARY KEY,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    compartment TEXT    NOT NULL,
    generation  INTEGER NOT NULL CHECK (generation BETWEEN 1 AND 65535),
    public      BLOB    NOT NULL CHECK (length(public) = 32),
    former      BLOB,
    UNIQUE (compartment, generation),
    CHECK ((former IS NULL) = (generation = 1))
) STRICT;
CREATE INDEX compartment_key_by_event ON compartment_key (event_id);
CREATE TRIGGER compartment_key_needs_event BEFORE UPDATE ON compartment_key
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER compartment_key_needs_new_event BEFORE INSERT ON compartment_key
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER compartment_key_no_delete BEFORE DELETE ON compartment_key
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;

-- A second copy of one sealed field for somebody who may open it without its class: whoever wrote
-- it, whoever goes along, or (staff_id NULL) everybody while the matter is open. Dropped with that.
-- Sealed under the resident's (or the incident's) own general pair, so that it goes with its keys.
CREATE TABLE lent_copy (
    id          INTEGER PRIMARY KEY,
    resident_id INTEGER REFERENCES resident (id),  -- NULL: of an incident
    staff_id    INTEGER REFERENCES staff (id),
    place       TEXT    NOT NULL,
    matter      TEXT,                              -- with whose end it is dropped
    sealed      BLOB    NOT NULL
) STRICT;
CREATE INDEX lent_copy_by_matter ON lent_copy (matter);
CREATE INDEX lent_copy_by_place ON lent_copy (place, staff_id);
CREATE INDEX lent_copy_by_resident ON lent_copy (resident_id);
CREATE INDEX lent_copy_by_staff ON lent_copy (staff_id);

-- The key of a class that two people opened for a time, sealed to the person it is open to, so
-- that it outlives a lock. It is gone with the end of that time, and in no backup.
CREATE TABLE opening_key (
    id          INTEGER PRIMARY KEY,
    opening_id  INTEGER NOT NULL UNIQUE REFERENCES class_opening (id),
    key_id      INTEGER NOT NULL REFERENCES staff_key (id),
    generation  INTEGER NOT NULL,
    sealed      BLOB    NOT NULL
) STRICT;
CREATE INDEX opening_key_by_key ON opening_key (key_id);

-- What finding cannot show yet: written by somebody who does not read the class. The next reader
-- of the class who signs in makes it findable.
CREATE TABLE unmarked (
    id          INTEGER PRIMARY KEY,
    compartment TEXT    NOT NULL,
    resident_id INTEGER REFERENCES resident (id),  -- NULL: of an incident
    note_id     INTEGER                            -- of note_place; NULL: the names of the resident
) STRICT;
CREATE INDEX unmarked_by_compartment ON unmarked (compartment);
CREATE INDEX unmarked_by_resident ON unmarked (resident_id);
CREATE INDEX unmarked_by_note ON unmarked (note_id);
