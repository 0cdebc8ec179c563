"""What funders ask about a person: written down and read by who may open identities."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.report_rows import Codes, answers_of_stay, answers_place
from shelter_desk.desk.rows import find
from shelter_desk.desk.sealing import IDENTITY
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import InvalidError, NotPermittedError, Problem
from shelter_desk.domain.funder_questions import QUESTIONS, FunderQuestion
from shelter_desk.domain.record_classes import IDENTITY as IDENTITY_CLASS
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_reports import funder_answer
from shelter_desk.store.sql import Statement

_ONE = Statement(
    select(funder_answer).where(
        funder_answer.c.stay_id == bindparam("stay_id"),
        funder_answer.c.question == bindparam("question"),
    )
)


def choices(model: CareModel, question: FunderQuestion) -> tuple[tuple[str, str], ...]:
    """Return (code, words) of the answers that a question has."""
    return tuple(
        (value.code, value.label)
        for value in model.values(question.list_id)
        if not question.part or question.part in _parts(value.extra)
    )


def _parts(extra: Mapping[str, object]) -> tuple[str, ...]:
    named = extra.get("answers_for")
    return named if isinstance(named, tuple) else ()


@dataclass(frozen=True)
class AnswerFunders(Command):
    """Write down what somebody answered: question -> codes, or None for not asked.

    Only the questions named are touched.
    """

    action: ClassVar[str] = "funder.answer"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = Area.RESIDENTS

    stay_id: str
    answers: Mapping[str, Codes | None] = field(repr=False)

    def apply(self, write: Write) -> str:
        """Seal each answer under the resident's identity key."""
        write.staff_may_open(IDENTITY_CLASS)
        problems = [p for name, codes in self.answers.items() for p in _wrong(write, name, codes)]
        if problems:
            raise InvalidError(tuple(problems))
        stay = find(write.writer, schema.stay, self.stay_id)
        write.about(stay["resident_id"])
        for name, codes in self.answers.items():
            _put(write, stay["id"], stay["resident_id"], name, codes)
        return self.stay_id


def _wrong(write: Write, name: str, codes: Codes | None) -> list[Problem]:
    question = QUESTIONS.get(name)
    if question is None:
        return [Problem(name, "This is not a question of a funder.")]
    if codes is None:
        return []
    known = {code for code, _ in choices(write.care_model, question)}
    missing = {v.code for v in write.care_model.values(question.list_id) if v.missing}
    if not known.issuperset(codes) or len(set(codes)) != len(codes):
        return [Problem(name, "Choose from the list.")]
    if not codes and not question.none_fits:
        return [Problem(name, "Choose an answer, or leave it as not asked.")]
    if len(codes) > 1 and (not question.is_many or missing & set(codes)):
        return [Problem(name, "These answers do not go together.")]
    return []


def _put(write: Write, stay: int, resident: int, name: str, codes: Codes | None) -> None:
    row = write.writer.row(_ONE, stay_id=stay, question=name)
    now = {"staff_id": write.who.staff.id, "answered_at": write.now_ms}
    if row is None and codes is None:
        return
    if row is not None:
        kept = dict(zip(funder_answer.c.keys(), row, strict=True))
        changed = {"withdrawn_at": write.now_ms} if codes is None else {
            "codes_sealed": _sealed(write, resident, kept["public_id"], codes),
            "withdrawn_at": None,
        }  # fmt: skip
        write.change(funder_answer, kept, **changed, **now)
        return
    public_id = write.new_public_id()
    write.add(
        funder_answer,
        public_id=public_id,
        stay_id=stay,
        question=name,
        codes_sealed=_sealed(write, resident, public_id, codes or ()),
        **now,
    )


def _sealed(write: Write, resident: int, public_id: str, codes: Codes) -> bytes:
    text = json.dumps(list(codes))
    return write.seal(answers_place(public_id), text, IDENTITY, resident)


@asks(May.READ_RECORDS)
def funder_answers(read: Read, *, stay_id: str) -> Mapping[str, Codes]:
    """Return question -> codes of a stay; what is not in it was not asked.

    Raises:
        NotPermittedError: when the person asking does not read identities.
    """
    if not read.access.may_open(IDENTITY_CLASS):
        raise NotPermittedError
    stay = find(read.reader, schema.stay, stay_id)
    return dict(answers_of_stay(read, stay["id"], stay["resident_id"]).by_question)
