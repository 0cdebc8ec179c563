-- The cover sheet of a pack can be printed again: what stands on it, and in the record of the export
-- nowhere else, is kept with that. The words that open the pack are in no record.

ALTER TABLE custody ADD COLUMN file_name TEXT;        -- random name of the file on the drive
ALTER TABLE custody ADD COLUMN fingerprint TEXT;      -- of who signed it, as printed
ALTER TABLE custody ADD COLUMN opener_sha256 TEXT;    -- of the page that opens it
ALTER TABLE custody ADD COLUMN pdf_sha256 TEXT;       -- of the locked PDF beside it
ALTER TABLE custody ADD COLUMN return_by TEXT;        -- day by which it comes back or is destroyed
ALTER TABLE custody ADD COLUMN series TEXT;           -- which pack of its reader, as printed

CREATE TRIGGER custody_keeps_cover
BEFORE UPDATE OF file_name, fingerprint, opener_sha256, return_by, series ON custody
WHEN OLD.file_name IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the cover of a pack is not changed'); END;
CREATE TRIGGER custody_keeps_pdf BEFORE UPDATE OF pdf_sha256 ON custody
WHEN OLD.pdf_sha256 IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the cover of a pack is not changed'); END;
