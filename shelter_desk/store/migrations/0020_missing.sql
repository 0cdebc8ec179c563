-- Missing from care. A clock is kept as the instant it runs out (due_at), so that nothing that
-- happens to the computer, the zone or the profile moves it afterwards.

CREATE TABLE missing_episode (
    id            INTEGER PRIMARY KEY,
    public_id     TEXT    NOT NULL UNIQUE,
    event_id      INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version       INTEGER NOT NULL DEFAULT 1,
    stay_id       INTEGER NOT NULL REFERENCES stay (id),
    start_key     TEXT    NOT NULL,                -- public id of the stay_event that started it
    discovered_at INTEGER NOT NULL,                -- when staff could not find them
    staff_id      INTEGER NOT NULL REFERENCES staff (id),
    entered_at    INTEGER NOT NULL,
    card_sealed   BLOB,                            -- last seen: JSON of short answers and codes
    returned_at   INTEGER,
    return_keys   TEXT,                            -- public ids of the events of the return
    return_way    TEXT,                            -- code of lists/return_ways.toml
    talk_sealed   BLOB,                            -- return talk: JSON of codes, no narrative
    talk_at       INTEGER,
    closed_at     INTEGER,
    withdrawn_at  INTEGER,                         -- they were here: it was a mistake
    CHECK (returned_at IS NULL OR returned_at >= discovered_at)
) STRICT;
CREATE UNIQUE INDEX one_open_episode ON missing_episode (stay_id)
    WHERE returned_at IS NULL AND closed_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX missing_episode_by_time ON missing_episode (discovered_at);
CREATE INDEX missing_episode_unclosed ON missing_episode (discovered_at)
    WHERE closed_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX missing_episode_by_stay ON missing_episode (stay_id, discovered_at);

-- Places looked at, and tries to reach them.
CREATE TABLE missing_line (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT    NOT NULL UNIQUE,
    event_id     INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version      INTEGER NOT NULL DEFAULT 1,
    episode_id   INTEGER NOT NULL REFERENCES missing_episode (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('search', 'try')),
    code         TEXT    NOT NULL,                 -- of search_places.toml or missing_tries.toml
    result       TEXT    NOT NULL,
    done_at      INTEGER NOT NULL,
    staff_id     INTEGER NOT NULL REFERENCES staff (id),
    entered_at   INTEGER NOT NULL,
    note_sealed  BLOB,
    withdrawn_at INTEGER
) STRICT;
CREATE INDEX missing_line_by_episode ON missing_line (episode_id, done_at);

-- Somebody outside who must be told by a moment: open until they were told, or until it was said
-- why they need not be.
CREATE TABLE notice (
    id               INTEGER PRIMARY KEY,
    public_id        TEXT    NOT NULL UNIQUE,
    event_id         INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version          INTEGER NOT NULL DEFAULT 1,
    episode_id       INTEGER REFERENCES missing_episode (id),
    stage            TEXT    NOT NULL,             -- start, return
    recipient        TEXT    NOT NULL,             -- code of lists/notice_recipients.toml
    item_id          TEXT,                         -- the checklist item that it is
    due_at           INTEGER NOT NULL,
    told_at          INTEGER,
    whom_sealed      BLOB,                         -- name, badge or desk of who was reached
    reference_sealed BLOB,                         -- their number for it
    reason           TEXT,                         -- code of lists/notice_reasons.toml
    staff_id         INTEGER REFERENCES staff (id),
    entered_at       INTEGER,
    CHECK (told_at IS NULL OR reason IS NULL)
) STRICT;
CREATE UNIQUE INDEX one_notice_each ON notice (episode_id, stage, recipient)
    WHERE episode_id IS NOT NULL;
CREATE INDEX notice_open ON notice (due_at) WHERE told_at IS NULL AND reason IS NULL;

CREATE TABLE contact_rule (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    stay_id   INTEGER NOT NULL REFERENCES stay (id),
    person    TEXT    NOT NULL,                    -- code of lists/contact_people.toml
    rule      TEXT    NOT NULL,                    -- code of lists/contact_rules.toml
    UNIQUE (stay_id, person)
) STRICT;

-- A paper about one resident that was made to be handed over: to whom, why, on what basis.
CREATE TABLE paper_disclosure (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    stay_id    INTEGER NOT NULL REFERENCES stay (id),
    episode_id INTEGER REFERENCES missing_episode (id),
    paper      TEXT    NOT NULL,
    recipient  TEXT    NOT NULL,
    basis      TEXT    NOT NULL,
    parts      TEXT    NOT NULL,                   -- which fields were on it, joined by a space
    made_at    INTEGER NOT NULL,
    staff_id   INTEGER NOT NULL REFERENCES staff (id)
) STRICT;
CREATE INDEX paper_disclosure_by_stay ON paper_disclosure (stay_id, made_at);

CREATE TRIGGER missing_episode_needs_event BEFORE UPDATE ON missing_episode
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER missing_episode_needs_new_event BEFORE INSERT ON missing_episode
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER missing_episode_no_delete BEFORE DELETE ON missing_episode
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX missing_episode_by_event ON missing_episode (event_id);
CREATE TRIGGER missing_line_needs_event BEFORE UPDATE ON missing_line
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER missing_line_needs_new_event BEFORE INSERT ON missing_line
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER missing_line_no_delete BEFORE DELETE ON missing_line
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX missing_line_by_event ON missing_line (event_id);
CREATE TRIGGER notice_needs_event BEFORE UPDATE ON notice
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER notice_needs_new_event BEFORE INSERT ON notice
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER notice_no_delete BEFORE DELETE ON notice
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX notice_by_event ON notice (event_id);
CREATE TRIGGER contact_rule_needs_event BEFORE UPDATE ON contact_rule
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER contact_rule_needs_new_event BEFORE INSERT ON contact_rule
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER contact_rule_no_delete BEFORE DELETE ON contact_rule
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX contact_rule_by_event ON contact_rule (event_id);
CREATE TRIGGER paper_disclosure_needs_event BEFORE UPDATE ON paper_disclosure
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER paper_disclosure_needs_new_event BEFORE INSERT ON paper_disclosure
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER paper_disclosure_no_delete BEFORE DELETE ON paper_disclosure
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE INDEX paper_disclosure_by_event ON paper_disclosure (event_id);
