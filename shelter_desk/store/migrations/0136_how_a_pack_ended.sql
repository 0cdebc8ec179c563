-- How a pack came back, or how it is known that it was destroyed: what an auditor of the shelter asks.

ALTER TABLE handover ADD COLUMN how TEXT CHECK (how IN ('damaged', 'in-writing'));   -- null: neither
