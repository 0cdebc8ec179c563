-- Who agreed to an export beside the person who made it, and their signature over what it was.

ALTER TABLE custody ADD COLUMN second_id INTEGER REFERENCES staff (id);
ALTER TABLE custody ADD COLUMN second_signature BLOB CHECK (length(second_signature) = 64);
