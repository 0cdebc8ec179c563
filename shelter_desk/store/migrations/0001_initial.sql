-- Conventions. Instants are INTEGER milliseconds since 1970 UTC, days are TEXT "YYYY-MM-DD".
-- *_sealed columns hold a field sealed with a pair of the resident's own (see resident_key): when it
-- is destroyed, every copy of the field is unreadable, in old backups too.
-- Every recorded table carries event_id, the audit event that last wrote the row; the key is
-- deferred because the event is written as the last act of the same transaction.

CREATE TABLE audit_event (
    id        INTEGER PRIMARY KEY,                 -- seq of the chain, 1, 2, 3 ...
    text      TEXT    NOT NULL,                    -- canonical JSON; no personal data
    salt      BLOB    NOT NULL CHECK (length(salt) = 16),
    leaf      BLOB    NOT NULL CHECK (length(leaf) = 32),
    head      BLOB    NOT NULL CHECK (length(head) = 32),
    key_id    INTEGER NOT NULL,                    -- staff_key that signed
    signature BLOB    NOT NULL CHECK (length(signature) = 64),
    at        INTEGER GENERATED ALWAYS AS (json_extract(text, '$.utc_ms')) VIRTUAL,
    actor     TEXT    GENERATED ALWAYS AS (json_extract(text, '$.actor')) VIRTUAL,
    action    TEXT    GENERATED ALWAYS AS (json_extract(text, '$.action')) VIRTUAL,
    object    TEXT    GENERATED ALWAYS AS (json_extract(text, '$.object')) VIRTUAL
) STRICT;
CREATE INDEX audit_event_by_object ON audit_event (object, id);

-- Names and values of an event stand apart, so that they can be withheld or lawfully destroyed
-- while the chain still verifies. The event's text holds a digest of salt and body.
CREATE TABLE audit_detail (
    event_id    INTEGER PRIMARY KEY REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    resident_id INTEGER REFERENCES resident (id),
    salt        BLOB NOT NULL CHECK (length(salt) = 16),
    body        BLOB NOT NULL                      -- JSON, sealed when it concerns a resident
) STRICT;

CREATE TABLE checkpoint (
    id       INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    size     INTEGER NOT NULL,
    root     BLOB    NOT NULL CHECK (length(root) = 32),
    note     TEXT    NOT NULL,
    purpose  TEXT    NOT NULL
) STRICT;

CREATE TABLE shelter (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    event_id      INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version       INTEGER NOT NULL DEFAULT 1,
    vault_id      TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    zone          TEXT    NOT NULL,
    profile       TEXT    NOT NULL DEFAULT 'default',
    idle_minutes  INTEGER NOT NULL DEFAULT 5 CHECK (idle_minutes BETWEEN 1 AND 60),
    shift_starts  TEXT    NOT NULL DEFAULT '07:00,15:00,23:00',
    model_version TEXT    NOT NULL
) STRICT;

CREATE TABLE audience (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    name      TEXT    NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('public', 'named')),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1))
) STRICT;

CREATE TABLE staff (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    name      TEXT    NOT NULL,
    roles     TEXT    NOT NULL,                    -- ids of roles.toml, joined by a space
    began_at  INTEGER NOT NULL,
    ended_at  INTEGER
) STRICT;

-- The authority for re-sealing and for checking signatures: never the slot file. Rows only grow,
-- so that a signature made with a former key still verifies.
CREATE TABLE staff_key (
    id             INTEGER PRIMARY KEY,
    event_id       INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    staff_id       INTEGER REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,  -- NULL: recovery kit
    signing_public BLOB    NOT NULL,
    sealing_public BLOB    NOT NULL
) STRICT;
CREATE INDEX staff_key_by_staff ON staff_key (staff_id, id);

CREATE TABLE compartment_seal (
    id          INTEGER PRIMARY KEY,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    key_id      INTEGER NOT NULL REFERENCES staff_key (id) DEFERRABLE INITIALLY DEFERRED,
    compartment TEXT    NOT NULL,
    generation  INTEGER NOT NULL,
    kind        TEXT    NOT NULL CHECK (kind IN ('key', 'share')),
    sealed      BLOB    NOT NULL
) STRICT;
CREATE INDEX compartment_seal_by_key ON compartment_seal (key_id, compartment, generation);

CREATE TABLE bed (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    name      TEXT    NOT NULL,
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX bed_name ON bed (name) WHERE is_active = 1;

CREATE TABLE resident (
    id                INTEGER PRIMARY KEY,
    public_id         TEXT    NOT NULL UNIQUE,
    event_id          INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version           INTEGER NOT NULL DEFAULT 1,
    case_code         TEXT    NOT NULL UNIQUE,
    called_sealed     BLOB    NOT NULL,
    pronouns_sealed   BLOB,
    language_sealed   BLOB,
    good_to_know_sealed BLOB,
    legal_name_sealed BLOB,                        -- identity
    born_on_sealed    BLOB                         -- identity
) STRICT;

-- Kept in a table of its own so that a backup of the records can leave it out and carry it in a
-- small key file instead, of which only the newest is kept: destroying a key reaches every copy.
CREATE TABLE resident_key (
    id          INTEGER PRIMARY KEY,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    resident_id INTEGER NOT NULL REFERENCES resident (id) DEFERRABLE INITIALLY DEFERRED,
    compartment TEXT    NOT NULL,
    generation  INTEGER NOT NULL,                  -- of the compartment the private half is sealed to
    public      BLOB    NOT NULL CHECK (length(public) = 32),
    sealed      BLOB    NOT NULL,
    UNIQUE (resident_id, compartment, generation)
) STRICT;

-- Derived from sealed fields so that lists, search and counts are plain SQL. Left out of backups
-- and rebuilt on restore, so that no old copy keeps an erased resident's words.
CREATE TABLE resident_index (
    resident_id INTEGER PRIMARY KEY REFERENCES resident (id),
    called      TEXT NOT NULL,
    folded      TEXT NOT NULL,                     -- lower case without accents, for search
    born_on     TEXT,                              -- as told, or worked out from an age guess
    born_is_guess INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX resident_index_by_name ON resident_index (folded);

CREATE TABLE stay (
    id              INTEGER PRIMARY KEY,
    public_id       TEXT    NOT NULL UNIQUE,
    event_id        INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version         INTEGER NOT NULL DEFAULT 1,
    resident_id     INTEGER NOT NULL REFERENCES resident (id),
    bed_id          INTEGER REFERENCES bed (id),
    began_at        INTEGER NOT NULL,
    ended_at        INTEGER CHECK (ended_at IS NULL OR ended_at >= began_at),
    planned_exit_at INTEGER,
    brought_by      TEXT,                          -- code of lists/referral_source.toml
    exit_type       TEXT,                          -- code of lists/discharge_types.toml
    exit_destination TEXT                          -- code of lists/exit_destinations.toml
) STRICT;
CREATE UNIQUE INDEX one_open_stay ON stay (resident_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX one_stay_in_a_bed ON stay (bed_id) WHERE ended_at IS NULL;
CREATE INDEX stay_by_resident ON stay (resident_id, began_at);
CREATE INDEX stay_by_time ON stay (began_at, ended_at);

CREATE TABLE stay_phase (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    stay_id    INTEGER NOT NULL REFERENCES stay (id),
    phase      TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX one_open_phase ON stay_phase (stay_id, phase) WHERE ended_at IS NULL;
CREATE INDEX stay_phase_by_stay ON stay_phase (stay_id, started_at);

-- What happened to start items: codes of lists/item_triggers.toml, and court-date.
CREATE TABLE stay_event (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT    NOT NULL UNIQUE,
    event_id   INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL DEFAULT 1,
    stay_id    INTEGER REFERENCES stay (id),       -- NULL: the house
    code       TEXT    NOT NULL,
    occurred_at INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT;
CREATE INDEX stay_event_by_stay ON stay_event (stay_id, occurred_at);

CREATE TABLE service_need (
    id             INTEGER PRIMARY KEY,
    public_id      TEXT    NOT NULL UNIQUE,
    event_id       INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version        INTEGER NOT NULL DEFAULT 1,
    stay_id        INTEGER NOT NULL REFERENCES stay (id),
    service_id     TEXT    NOT NULL,
    status         TEXT    NOT NULL,               -- code of lists/service_status.toml
    reason         TEXT,
    opened_at      INTEGER NOT NULL,
    since          INTEGER NOT NULL,
    offer_again_on TEXT,
    UNIQUE (stay_id, service_id)
) STRICT;

CREATE TABLE item_answer (
    id            INTEGER PRIMARY KEY,
    public_id     TEXT    NOT NULL UNIQUE,         -- made by the asker: a retry cannot double it
    event_id      INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version       INTEGER NOT NULL DEFAULT 1,
    stay_id       INTEGER REFERENCES stay (id),    -- NULL: the house
    item_id       TEXT    NOT NULL,
    occurrence    TEXT    NOT NULL,
    outcome       TEXT    NOT NULL,                -- code of lists/item_outcomes.toml
    reason        TEXT,
    due_at        INTEGER,
    done_at       INTEGER NOT NULL,
    entered_at    INTEGER NOT NULL,
    until         INTEGER,
    staff_id      INTEGER NOT NULL REFERENCES staff (id),
    role          TEXT    NOT NULL,
    note_sealed   BLOB,
    model_version TEXT    NOT NULL,
    closed_at     INTEGER,                         -- when the last signature it needs was given
    undone_at     INTEGER
) STRICT;
CREATE INDEX item_answer_by_item ON item_answer (stay_id, item_id, done_at);
CREATE INDEX item_answer_by_time ON item_answer (done_at);

CREATE TABLE item_signature (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    answer_id INTEGER NOT NULL REFERENCES item_answer (id),
    staff_id  INTEGER NOT NULL REFERENCES staff (id),
    role      TEXT    NOT NULL,
    signed_at INTEGER NOT NULL,
    UNIQUE (answer_id, staff_id)
) STRICT;

-- Derived by domain.due from stays, events, answers and the care model; `check` recomputes it.
CREATE TABLE due_item (
    id             INTEGER PRIMARY KEY,
    stay_id        INTEGER REFERENCES stay (id),   -- NULL: the house
    service_id     TEXT    NOT NULL,
    item_id        TEXT    NOT NULL,
    occurrence     TEXT    NOT NULL,
    due_at         INTEGER NOT NULL,
    deferred_until INTEGER,
    state          TEXT    NOT NULL CHECK (state IN ('open', 'deferred', 'blocked', 'signature'))
) STRICT;
CREATE INDEX due_item_by_time ON due_item (due_at);
CREATE INDEX due_item_by_stay ON due_item (stay_id, item_id);

CREATE TABLE service_entry (
    id          INTEGER PRIMARY KEY,
    public_id   TEXT    NOT NULL UNIQUE,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version     INTEGER NOT NULL DEFAULT 1,
    stay_id     INTEGER NOT NULL REFERENCES stay (id),
    service_id  TEXT    NOT NULL,
    voca_code   TEXT,                              -- code of lists/voca_services.toml
    given_at    INTEGER NOT NULL,
    minutes     INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 1440),
    staff_id    INTEGER NOT NULL REFERENCES staff (id),
    entered_at  INTEGER NOT NULL,
    note_sealed BLOB,
    withdrawn_at INTEGER
) STRICT;
CREATE INDEX service_entry_by_stay ON service_entry (stay_id, given_at);
CREATE INDEX service_entry_by_time ON service_entry (given_at, service_id, stay_id);
CREATE INDEX service_entry_by_staff ON service_entry (staff_id, id);

-- Typing in progress: never part of the record, so outside the audit trail.
CREATE TABLE draft (
    id       INTEGER PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    form     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    body_sealed BLOB NOT NULL,                     -- to whoever types it, and to nobody else
    saved_at INTEGER NOT NULL,
    UNIQUE (staff_id, form, subject)
) STRICT;

CREATE TABLE summary_release (
    id          INTEGER PRIMARY KEY,
    public_id   TEXT    NOT NULL UNIQUE,
    event_id    INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version     INTEGER NOT NULL DEFAULT 1,
    made_at     INTEGER NOT NULL,
    period      TEXT    NOT NULL,
    audience    TEXT    NOT NULL,
    k           INTEGER NOT NULL,
    snapshot    TEXT    NOT NULL,                  -- SHA-256 of the counts it was made from
    certificate TEXT    NOT NULL,                  -- the shareable certificate, JSON
    proof       TEXT    NOT NULL                   -- the one that stays: sensitive figures, worlds
) STRICT;

CREATE TABLE custody (
    id        INTEGER PRIMARY KEY,
    public_id TEXT    NOT NULL UNIQUE,
    event_id  INTEGER NOT NULL REFERENCES audit_event (id) DEFERRABLE INITIALLY DEFERRED,
    version   INTEGER NOT NULL DEFAULT 1,
    kind      TEXT    NOT NULL,                    -- pack, summary, backup, kit
    began_at  INTEGER NOT NULL,
    ended_at  INTEGER,
    result    TEXT,                                -- delivered, failed
    profile   TEXT,
    period    TEXT,
    recipient TEXT,
    purpose   TEXT,
    sha256    TEXT,
    size      INTEGER,
    log_size  INTEGER,
    log_root  BLOB
) STRICT;

-- The number of an event is written into rows before the event itself, so the key is deferred; and
-- when a parent row is added while a deferred key is open, SQLite looks for its children in every
-- table that refers to it. Without these indexes each command would read through all records.
CREATE INDEX checkpoint_by_event ON checkpoint (event_id);
CREATE INDEX shelter_by_event ON shelter (event_id);
CREATE INDEX audience_by_event ON audience (event_id);
CREATE INDEX staff_by_event ON staff (event_id);
CREATE INDEX staff_key_by_event ON staff_key (event_id);
CREATE INDEX compartment_seal_by_event ON compartment_seal (event_id);
CREATE INDEX bed_by_event ON bed (event_id);
CREATE INDEX resident_by_event ON resident (event_id);
CREATE INDEX resident_key_by_event ON resident_key (event_id);
CREATE INDEX stay_by_event ON stay (event_id);
CREATE INDEX stay_phase_by_event ON stay_phase (event_id);
CREATE INDEX stay_event_by_event ON stay_event (event_id);
CREATE INDEX service_need_by_event ON service_need (event_id);
CREATE INDEX item_answer_by_event ON item_answer (event_id);
CREATE INDEX item_signature_by_event ON item_signature (event_id);
CREATE INDEX service_entry_by_event ON service_entry (event_id);
CREATE INDEX summary_release_by_event ON summary_release (event_id);
CREATE INDEX custody_by_event ON custody (event_id);
