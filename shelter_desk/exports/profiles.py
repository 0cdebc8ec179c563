"""For whom a pack is made, as the shipped rules say: checked whole before each use."""

from __future__ import annotations

from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.pack_rules import PackRules, read_pack_rules
from shelter_desk.paths import resources


def pack_rules_files() -> dict[str, str]:
    """Return the files of the rules: path inside their folder, with slashes -> text."""
    folder = resources() / "packs"
    return {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob("*.toml"))
    }


def pack_rules(model: CareModel) -> PackRules:
    """Return the shipped rules, checked against the care model as it was shipped.

    Raises:
        ContentError: naming everything that is wrong with them.
    """
    return read_pack_rules(pack_rules_files(), model)
