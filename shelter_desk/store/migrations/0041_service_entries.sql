-- A service entry says how many times, who pays, whether it was given to a group, and which entry it
-- corrects: a correction is a row of its own, and the former one is kept as it was, withdrawn.

ALTER TABLE service_entry ADD COLUMN units INTEGER NOT NULL DEFAULT 1
    CHECK (units BETWEEN 1 AND 999);               -- times provided
ALTER TABLE service_entry ADD COLUMN funder TEXT NOT NULL DEFAULT 'none';  -- lists/service_funders
ALTER TABLE service_entry ADD COLUMN group_key TEXT;  -- the same for all lines of a group entry
ALTER TABLE service_entry ADD COLUMN corrects_id INTEGER REFERENCES service_entry (id);
CREATE UNIQUE INDEX one_correction ON service_entry (corrects_id) WHERE corrects_id IS NOT NULL;
CREATE INDEX service_entry_by_group ON service_entry (group_key) WHERE group_key IS NOT NULL;
