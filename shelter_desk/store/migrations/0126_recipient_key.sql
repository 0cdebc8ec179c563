-- A pack can be sealed to its reader's own age key in place of words. Whose key it is, a colleague
-- signs, and nobody changes afterwards: another key would hand the pack to somebody else.
ALTER TABLE custody ADD COLUMN recipient_key TEXT
    CHECK (recipient_key GLOB 'age1*' AND length(recipient_key) = 62);  -- as age writes it

CREATE TRIGGER custody_key_stays BEFORE UPDATE OF recipient_key ON custody
WHEN NEW.recipient_key IS NOT OLD.recipient_key
BEGIN SELECT RAISE(ABORT, 'an export is sealed to the key it began with'); END;
