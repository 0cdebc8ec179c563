-- A release names one agency by its own name, and not only what kind of reader it is: what was agreed
-- to for one is agreed to for no other. Those written down before name none; nothing leaves under them.
ALTER TABLE information_release ADD COLUMN agency TEXT;

CREATE TRIGGER information_release_names_agency BEFORE INSERT ON information_release
WHEN trim(coalesce(NEW.agency, '')) = ''
BEGIN SELECT RAISE(ABORT, 'a release is for one agency'); END;
CREATE TRIGGER information_release_agency_stays BEFORE UPDATE OF agency ON information_release
WHEN NEW.agency IS NOT OLD.agency
BEGIN SELECT RAISE(ABORT, 'a release is for the agency it was signed for'); END;
