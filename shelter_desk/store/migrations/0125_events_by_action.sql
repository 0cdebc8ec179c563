-- Each page shows who touched what stands on it: the newest events of a few kinds, whatever
-- lies between them in the trail.
CREATE INDEX audit_event_by_action ON audit_event (action, id);
