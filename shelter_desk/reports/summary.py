"""The de-identified summary on paper: safe tables, bars, and the certificate in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    Facts,
    Figures,
    Furniture,
    Heading,
    NewPage,
    PageSize,
    Paper,
    Table,
    Text,
    Tone,
)
from shelter_desk.reports.charts import BarChart
from shelter_desk.reports.summary_seal import seal_of
from shelter_desk.reports.summary_tables import Cell, grid
from shelter_desk.reports.wording import (
    WITHHELD_NOTE,
    counted_things,
    digest_lines,
    figure,
    plain_moment,
    plain_period,
)

if TYPE_CHECKING:
    from shelter_desk.disclosure import SafeRelease, SafeTable

_AUDIENCES = {"public": "for anyone", "named": "for the named recipient only"}


def summary_pdf(
    release: SafeRelease,
    made_at: datetime,
    shelter_label: str,
    *,
    size: PageSize = PageSize.LETTER,
) -> bytes:
    """Return the summary as a PDF; its last page is the certificate in plain words.

    `made_at` carries its zone. `shelter_label` is the shelter as the reader may know it.
    """
    return pdf.make_pdf(summary_paper(release, made_at, shelter_label, size=size))


def summary_paper(
    release: SafeRelease,
    made_at: datetime,
    shelter_label: str,
    *,
    size: PageSize = PageSize.LETTER,
) -> Paper:
    """Return the summary as a paper, not yet set."""
    return Paper(
        furniture=Furniture(
            title=f"{release.title}, {plain_period(release.period)}",
            owner=shelter_label,
            notice=WITHHELD_NOTE,
            subject="De-identified summary",
        ),
        blocks=(
            *_opening(release, made_at, shelter_label),
            *(summary_table(table) for table in release.tables),
            NewPage(),
            *_certificate(release, seal_of(release, made_at, shelter_label)),
        ),
        size=size,
    )


def summary_table(table: SafeTable) -> Table:
    """Return one safe table for the page, with bars under it where it has one column."""
    laid_out = grid(table)
    return Table(
        title=laid_out.title,
        columns=laid_out.head,
        rows=tuple(tuple(_text(cell) for cell in row) for row in laid_out.rows),
        note=table.means,
        numeric=frozenset(range(1, len(laid_out.head))),
        strong_rows=frozenset({laid_out.total_row}),
        chart=BarChart(table) if len(table.columns) == 1 else None,
    )


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else figure(cell)


def _opening(release: SafeRelease, made_at: datetime, shelter_label: str) -> Iterator[Block]:
    yield Heading(release.title)
    audience = _AUDIENCES.get(release.audience, release.audience)
    yield Text(f"{shelter_label} · {plain_period(release.period)} · {audience}", Tone.MUTED)
    yield Text(
        "This summary counts people; it names nobody. Small counts, and the others that would "
        "give them away, are withheld. The last page says what that guarantees and what it does "
        "not."
    )
    yield Figures(
        (
            (figure(release.population_shown), "residents in this period"),
            (figure(release.shown), "figures shown"),
            (figure(release.withheld), "figures withheld"),
        )
    )
    yield Text(f"Made on {plain_moment(made_at)}.", Tone.MUTED)


def _certificate(release: SafeRelease, seal: str) -> Iterator[Block]:
    k = int(release.certificate["settings"]["k"])
    worlds = len(release.certificate["worlds"]) if release.withheld else 0
    yield Heading("Privacy certificate")
    yield Text(
        f"{counted_things(release.shown + release.withheld, 'figure', 'figures')} about "
        f"{plain_period(release.period)}: {figure(release.shown)} shown, "
        f"{figure(release.withheld)} withheld. Smallest group that may be shown: {k} residents.",
        Tone.STRONG,
    )
    yield Heading("What is guaranteed", level=3)
    yield Text(_guarantee(k, worlds))
    if any(table.counted != "residents" for table in release.tables):
        yield Text(
            f"Counts of nights, entries or items are shown only where at least {k} residents are "
            "behind each of them and no resident makes up more than half. That was checked when "
            "this summary was made; it cannot be rechecked from these files."
        )
    yield Heading("Fewest possible blanks", level=3)
    yield Text(
        "Yes. It is proved that no safe choice withholds fewer figures."
        if release.fewest_proved
        else "The figures are safe. Whether fewer could be withheld was not settled."
    )
    yield Heading("What is not covered", level=3)
    yield Text(
        "Knowledge from outside these figures: what somebody has seen or been told, news reports, "
        "and figures given to a funder under a separate agreement."
    )
    yield from _beside(release)
    yield Heading("How to check it", level=3)
    yield Text(
        "certificate.json, beside this file, holds every published figure and the other sets of "
        "residents. Anybody can recheck it by addition. The command “shelter-desk verify-summary” "
        "does so from the files alone. The seal below covers the figures and the certificate. "
        "Files that agree with each other but carry another seal are not the ones the shelter "
        "made: compare the seal with the shelter’s own record."
    )
    yield Facts((("Seal (SHA-256)", digest_lines(seal)),))


def _beside(release: SafeRelease) -> Iterator[Block]:
    """Say which other summaries it is safe beside, and why that proof does not leave."""
    named = release.certificate["beside"]
    yield Heading("Beside other summaries", level=3)
    yield Text(
        "The proof in certificate.json is about this summary alone. That it tells no more beside "
        "the other summaries of these residents was proved when it was made, with the same kind "
        "of sets of residents. They stay with the shelter’s records: they give the figures of "
        "every summary at once, and some of those were given to one reader only."
    )
    if named:
        yield Facts(
            tuple(
                (plain_period(one["period"]), f"{_AUDIENCES.get(one['audience'], '')} "
                 f"{one['sha256'][:12]}".strip())
                for one in named
            )
        )  # fmt: skip


def _guarantee(k: int, worlds: int) -> str:
    if not worlds:
        return (
            f"No figure that counts residents had to be withheld: every count shown is 0, or at "
            f"least {k}."
        )
    return (
        f"Using only these figures, no reader can show that a withheld count of residents is "
        f"smaller than {k}. For each of them the certificate holds another possible set of "
        f"residents ({counted_things(worlds, 'set', 'sets')} in all) that gives exactly the same "
        f"published figures and has {k} or more there."
    )
