-- A point of a visit that nobody can settle any more, such as documents never done for somebody who left, is
-- closed by having its answer ready: when somebody said so.

ALTER TABLE visit_point ADD COLUMN ready_at INTEGER;
