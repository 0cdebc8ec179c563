-- What must be done before a court date or a move counts from when its day became known: a hearing
-- that is announced three days ahead cannot be prepared a week ahead. Empty for what an older
-- edition wrote down: that keeps the due dates it has.
ALTER TABLE stay_event ADD COLUMN known_at INTEGER;
ALTER TABLE stay ADD COLUMN exit_known_at INTEGER;
