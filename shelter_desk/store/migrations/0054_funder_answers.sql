-- What funders ask about a person, by the codes of their lists: sealed under the resident's identity
-- key, because together such answers can tell who somebody is. One row per stay and question; a
-- changed answer keeps the former one in the trail.

CREATE TABLE funder_answer (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    stay_id      INTEGER NOT NULL REFERENCES stay (id),
    question     TEXT    NOT NULL,                 -- id of domain/funder_questions.py
    codes_sealed BLOB    NOT NULL,                 -- codes of the question's list, JSON
    staff_id     INTEGER NOT NULL REFERENCES staff (id),
    answered_at  INTEGER NOT NULL,
    withdrawn_at INTEGER,
    UNIQUE (stay_id, question)
) STRICT;

CREATE TRIGGER funder_answer_needs_event BEFORE UPDATE ON funder_answer
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER funder_answer_needs_new_event BEFORE INSERT ON funder_answer
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER funder_answer_no_delete BEFORE DELETE ON funder_answer
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX funder_answer_by_event ON funder_answer (event_id);
CREATE INDEX funder_answer_by_staff ON funder_answer (staff_id);
