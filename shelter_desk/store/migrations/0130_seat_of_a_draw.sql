-- A seat shows what a reviewer's dice drew, and which draw that was stands with it. A seat from before
-- has none, and is read as it was. The trail of a list that was fixed while its period still ran says
-- up to which moment it went; such a list is looked at on this screen and leaves in no pack.

ALTER TABLE sample_draw ADD COLUMN until_at INTEGER;   -- null: all of the period
ALTER TABLE seat ADD COLUMN draw_id INTEGER REFERENCES sample_draw (id);
CREATE INDEX seat_by_draw ON seat (draw_id) WHERE draw_id IS NOT NULL;

CREATE TRIGGER seat_needs_draw BEFORE INSERT ON seat
WHEN NEW.draw_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM sample_draw AS d
    WHERE d.id = NEW.draw_id AND d.of_list = 'records' AND d.seed IS NOT NULL
)
BEGIN SELECT RAISE(ABORT, 'a seat shows what dice drew'); END;
CREATE TRIGGER seat_keeps_draw BEFORE UPDATE ON seat WHEN NEW.draw_id IS NOT OLD.draw_id
BEGIN SELECT RAISE(ABORT, 'a seat stays with its draw'); END;
CREATE TRIGGER seat_stay_is_on_list BEFORE INSERT ON seat_stay
WHEN NOT EXISTS (
    SELECT 1 FROM seat AS s JOIN sample_place AS p ON p.draw_id = s.draw_id
    WHERE s.id = NEW.seat_id AND p.stay_id = NEW.stay_id
)
BEGIN SELECT RAISE(ABORT, 'a seat shows what dice drew'); END;
CREATE TRIGGER seat_stay_stays BEFORE UPDATE ON seat_stay
WHEN NEW.stay_id <> OLD.stay_id OR NEW.seat_id <> OLD.seat_id
BEGIN SELECT RAISE(ABORT, 'a seat stays with its draw'); END;
