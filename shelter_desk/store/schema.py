"""The tables as Python sees them: names for statements. The SQL truth is migrations/.

A test compares every table and column here with a migrated file.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from shelter_desk.store import (
    schema_accounts,  # noqa: F401 - its tables stand in the same metadata
    schema_days,  # noqa: F401 - its tables stand in the same metadata
    schema_finding,  # noqa: F401 - its tables stand in the same metadata
    schema_keys,  # noqa: F401 - its tables stand in the same metadata
    schema_merging,  # noqa: F401 - its tables stand in the same metadata
    schema_metadata,
    schema_missing,  # noqa: F401 - its tables stand in the same metadata
    schema_model,  # noqa: F401 - its tables stand in the same metadata
    schema_packs,  # noqa: F401 - its tables stand in the same metadata
    schema_releases,  # noqa: F401 - its tables stand in the same metadata
    schema_removal,  # noqa: F401 - its tables stand in the same metadata
    schema_reports,  # noqa: F401 - its tables stand in the same metadata
    schema_shift,  # noqa: F401 - its tables stand in the same metadata
    schema_visit,  # noqa: F401 - its tables stand in the same metadata
)
from shelter_desk.store.schema_metadata import recorded

metadata = schema_metadata.metadata

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", Text),
    Column("salt", LargeBinary),
    Column("leaf", LargeBinary),
    Column("head", LargeBinary),
    Column("key_id", Integer),
    Column("signature", LargeBinary),
    Column("at", Integer),
    Column("actor", Text),
    Column("action", Text),
    Column("object", Text),
)
audit_detail = Table(
    "audit_detail",
    metadata,
    Column("event_id", Integer, primary_key=True),
    Column("resident_id", Integer),
    Column("salt", LargeBinary),
    Column("body", LargeBinary),
)
checkpoint = Table(
    "checkpoint",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer),
    Column("size", Integer),
    Column("root", LargeBinary),
    Column("note", Text),
    Column("purpose", Text),
)
shelter = Table(
    "shelter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer),
    Column("version", Integer),
    Column("vault_id", Text),
    Column("name", Text),
    Column("zone", Text),
    Column("profile", Text),
    Column("idle_minutes", Integer),
    Column("shift_starts", Text),
    Column("model_version", Text),
)
audience = Table(
    "audience",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", Text),
    Column("event_id", Integer),
    Column("version", Integer),
    Column("name", Text),
    Column("kind", Text),
    Column("is_active", Integer),
)
staff = Table(
    "staff",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", Text),
    Column("event_id", Integer),
    Column("version", Integer),
    Column("name", Text),
    Column("roles", Text),
    Column("began_at", Integer),
    Column("ended_at", Integer),
)
staff_key = Table(
    "staff_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", Integer),
    Column("staff_id", Integer),
    Column("signing_public", LargeBinary),
    Column("sealing_public", LargeBinary),
)
bed = Table(
    "bed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", Text),
    Column("event_id", Integer),
    Column("version", Integer),
    Column("name", Text),
    Column("is_active", Integer),
)
resident = Table(
    "resident",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", Text),
    Column("event_id", Integer),
    Column("version", Integer),
    Column("case_code", Text),
    Column("called_sealed", LargeBinary),
    Column("pronouns_sealed", LargeBinary),
    Column("language_sealed", LargeBinary),
    Column("good_to_know_sealed", LargeBinary),
    Column("legal_name_sealed", LargeBinary),
    Column("born_on_sealed", LargeBinary),
    Column("also_known_sealed", LargeBinary),
)
resident_index = Table(
    "resident_index",
    metadata,
    Column("resident_id", Integer, primary_key=True),
    Column("called", Text),
    Column("folded", Text),
    Column("born_on", Text),
    Column("born_is_guess", Integer),
)
stay = Table(
    "stay",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", Text),
    Column("event_id", Integer),
    Column("version", Integer),
    Column("resident_id", Integer),
    Column("bed_id", Integer),
    Column("began_at", Integer),
    Column("ended_at", Integer),
    Column("planned_exit_at", Integer),
    Column("exit_known_at", Integer),
    Column("brought_by", Text),
    Column("exit_type", Text),
    Column("exit_destination", Text),
)
stay_phase = recorded("stay_phase", numbers="stay_id started_at ended_at", texts="phase")
stay_event = recorded(
    "stay_event", numbers="stay_id occurred_at known_at withdrawn_at", texts="code reopened"
)
service_need = recorded(
    "service_need",
    numbers="stay_id opened_at since",
    texts="service_id status reason offer_again_on",
)
item_answer = Table(
    "item_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", Text),
    Column("event_id", Integer),
    Column("version", Integer),
    Column("stay_id", Integer),
    Column("item_id", Text),
    Column("occurrence", Text),
    Column("outcome", Text),
    Column("reason", Text),
    Column("due_at", Integer),
    Column("done_at", Integer),
    Column("entered_at", Integer),
    Column("until", Integer),
    Column("staff_id", Integer),
    Column("role", Text),
    Column("note_sealed", LargeBinary),
    Column("model_version", Text),
    Column("closed_at", Integer),
    Column("undone_at", Integer),
    Column("house_day_id", Integer),
)
item_signature = recorded("item_signature", numbers="answer_id staff_id signed_at", texts="role")
due_item = Table(
    "due_item",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("stay_id", Integer),
    Column("service_id", Text),
    Column("item_id", Text),
    Column("occurrence", Text),
    Column("due_at", Integer),
    Column("deferred_until", Integer),
    Column("state", Text),
)
service_entry = Table(
    "service_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", Text),
    Column("event_id", Integer),
    Column("version", Integer),
    Column("stay_id", Integer),
    Column("service_id", Text),
    Column("voca_code", Text),
    Column("given_at", Integer),
    Column("minutes", Integer),
    Column("staff_id", Integer),
    Column("entered_at", Integer),
    Column("note_sealed", LargeBinary),
    Column("withdrawn_at", Integer),
    Column("units", Integer),
    Column("funder", Text),
    Column("group_key", Text),
    Column("corrects_id", Integer),
)
draft = Table(
    "draft",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("staff_id", Integer),
    Column("form", Text),
    Column("subject", Text),
    Column("body_sealed", LargeBinary),
    Column("saved_at", Integer),
)
summary_release = Table(
    "summary_release",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", Text),
    Column("event_id", Integer),
    Column("version", Integer),
    Column("made_at", Integer),
    Column("period", Text),
    Column("audience", Text),
    Column("k", Integer),
    Column("snapshot", Text),
    Column("certificate", Text),
    Column("proof", Text),
    Column("staff_id", Integer),
    Column("approved_by_id", Integer),
    Column("approval", LargeBinary),
    Column("recipient", Text),
    Column("detail", Text),
    Column("facts_id", Integer),
    Column("care_facts_id", Integer),
    Column("withdrawn_at", Integer),
)
custody = Table(
    "custody",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", Text),
    Column("event_id", Integer),
    Column("version", Integer),
    Column("kind", Text),
    Column("began_at", Integer),
    Column("ended_at", Integer),
    Column("result", Text),
    Column("profile", Text),
    Column("period", Text),
    Column("recipient", Text),
    Column("purpose", Text),
    Column("sha256", Text),
    Column("size", Integer),
    Column("log_size", Integer),
    Column("log_root", LargeBinary),
    Column("second_id", Integer),
    Column("second_signature", LargeBinary),
    Column("basis", Text),
    Column("authority", Text),
    Column("has_rows", Integer),
    Column("contents", Text),
    Column("release_id", Integer),
    Column("written_at", Integer),
    Column("ended_by_id", Integer),
    Column("why", Text),
    Column("file_name", Text),
    Column("fingerprint", Text),
    Column("opener_sha256", Text),
    Column("pdf_sha256", Text),
    Column("return_by", Text),
    Column("series", Text),
    Column("recipient_key", Text),
)
