"""The opener in a real Chromium, from a file: shows a good pack, by keyboard, in two languages."""

from __future__ import annotations

import io
import time

import pytest
from headless_chromium import Browser
from invented_pack import EARLIER, WORDS, contents, leaves, sealed, signed, signer
from opening import CHECKS, submit
from pypdf import PdfWriter
from tampered_packs import other_fingerprint

from shelter_desk.domain.audit import short_form
from shelter_desk.domain.merkle import merkle_root
from shelter_desk.exports.bundle import seal
from shelter_desk.exports.opener import opener_bytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stick")
    (folder / "OPEN-ME.html").write_bytes(opener_bytes())
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def good(folder):
    path = folder / "K7Q29XVD.age"
    path.write_bytes(sealed(signed().files))
    return path


def open_pack(browser, folder, pack, words=WORDS, fingerprint="", after=""):
    """Open a pack and return [check id, "true" | "false" | "null", sentence] for each check."""
    browser.forget()
    browser.go(folder / "OPEN-ME.html")
    submit(browser, pack, words, fingerprint, after)
    return browser.evaluate(CHECKS)


def test_a_real_pack_is_opened_checked_and_shown(browser, folder):
    pack = folder / "M8A60YYH.age"
    with pack.open("wb") as target:
        manifest = seal(contents(), signer(), WORDS, target)

    checks = open_pack(
        browser, folder, pack, "Kiwi-Crayon, latch OZONE trance poppy", manifest.fingerprint
    )

    assert [check for check in checks if check[1] != "true"] == []
    assert len(checks) == 15
    assert browser.evaluate("document.activeElement.id") == "verdict"
    assert browser.evaluate("verdict.textContent") == "This pack is whole and unchanged."
    facts = browser.evaluate("document.querySelector('dl').textContent")
    assert "K7Q29XVD" in facts
    assert manifest.fingerprint in facts
    rows = "[...document.querySelectorAll('[data-table=\"census.csv\"] tr')].map(r => r.innerText)"
    assert browser.evaluate(rows) == [
        "quarter\tadmissions\tnote",
        "2026-Q1\t12\t*",
        '2026-Q2\t11\ta, "b"',
    ]
    assert (
        browser.evaluate("document.querySelectorAll('[data-table=events] tbody tr').length") == 5
    )
    assert browser.evaluate("document.getElementById('words').value") == ""
    assert browser.complaints == []
    assert browser.requests == [(folder / "OPEN-ME.html").as_uri()]


def test_the_report_stands_first_and_is_shown_in_a_new_tab_by_keyboard(browser, folder):
    paper, report = PdfWriter(), io.BytesIO()
    paper.add_blank_page(200, 200)
    paper.add_metadata({"/Title": "Invented report"})
    paper.write(report)
    pack, whole = folder / "P7Q29XVD.age", contents()
    papers = ("outcomes/summary.pdf", "summary/summary.pdf")
    others = {f"data/{name}": report.getvalue() for name in papers}
    told = b'File,Column,Meaning,Version\ncensus,,"Invented nights, by quarter.",\n'
    others["data/02_definitions.csv"] = told
    files = {**whole.files, **others, "data/report.pdf": report.getvalue()}
    pack.write_bytes(sealed(signed(files=files).files))
    browser.forget()
    browser.go(folder / "OPEN-ME.html")
    submit(browser, pack)
    # What most came for is one press after the verdict, and the way past all that was checked.
    named = "[document.activeElement.textContent, document.activeElement.id].join()"
    reached = [browser.press("Tab", 9) or browser.evaluate(named) for _ in range(2)]
    assert reached == ["Read the report,read", "Go to the contents,down"]
    browser.press("Enter", 13, "\r")
    assert browser.evaluate(named) == "Contents,contents"
    meaning = "document.querySelector('[data-table=\"census.csv\"] .meaning').textContent"
    assert browser.evaluate(meaning) == "Invented nights, by quarter."
    order = "[...document.querySelectorAll('h3, [data-table]')].map(e => e.innerText.slice(0, 7))"
    assert browser.evaluate(order)[:2] == ["To read", "Tables"]
    # Two that are called alike are told apart by ear too.
    shows = "[...document.querySelectorAll('.save button:first-child')].map(b => b.textContent)"
    told = [text for text in browser.evaluate(shows) if text.startswith("Show ")]
    assert (told[0], told[-2:]) == (
        "Show report.pdf",
        ["Show outcomes/summary.pdf", "Show summary/summary.pdf"],
    )
    assert len(told) == len(set(told)) > 3  # those of the sample stand between
    show = (
        "[...document.querySelectorAll('button')].find(b => b.textContent === 'Show report.pdf')"
    )
    browser.evaluate(f"{show}.focus()")
    browser.press("Enter", 13, "\r")

    def papers():
        targets = browser.call("Target.getTargets")["targetInfos"]
        return [one for one in targets if one["type"] == "page" and one["url"].startswith("blob:")]

    end = time.monotonic() + 60
    while not (opened := [one for one in papers() if one["title"].startswith("Invented")]):
        assert time.monotonic() < end, papers()
        time.sleep(0.1)
    for one in opened:
        browser.call("Target.closeTarget", targetId=one["targetId"])
    assert browser.complaints == []
    assert browser.requests == [(folder / "OPEN-ME.html").as_uri()]


def test_a_pack_by_another_maker_is_refused_where_the_paper_names_the_maker(browser, folder, good):
    checks = open_pack(browser, folder, good, fingerprint=other_fingerprint().lower())
    assert [check[0] for check in checks if check[1] != "true"] == ["signature"]


def test_the_page_says_which_pack_of_its_reader_it_is(browser, folder, good):
    open_pack(browser, folder, good)
    said = browser.evaluate("document.getElementById('series').textContent")
    assert said == (
        "This is pack 3 for this reader, made on 2026-11-23; the one before it was M8A60YYH of "
        "2026-08-01. If you were given a later one, this is an old one."
    )


def test_the_line_of_an_older_sheet_is_taken_as_it_stands_there(browser, folder, good):
    line = short_form(EARLIER, merkle_root(leaves()[:EARLIER]))
    for typed in (line, f"Log {line}", f"log {line.lower().replace(' ', '')}"):
        checks = open_pack(browser, folder, good, after=typed)
        assert [check for check in checks if check[1] != "true"] == []
    browser.go(folder / "OPEN-ME.html")
    browser.choose_file("#file", good)
    browser.evaluate(
        "(words.value = 'some words', after.value = '12 of them',"
        " document.getElementById('open').click())"
    )
    assert browser.wait_for("document.activeElement.id === 'after'")
    assert "sixteen letters" in browser.evaluate("document.getElementById('problem').textContent")


def test_the_page_cannot_reach_any_network(browser, folder):
    browser.go(folder / "OPEN-ME.html")
    blocked = browser.evaluate(
        """(async () => {
          const seen = [];
          const note = e => seen.push(e.effectiveDirective);
          document.addEventListener('securitypolicyviolation', note);
          const add = (name, values) =>
            document.body.append(Object.assign(document.createElement(name), values));
          try { await fetch('http://127.0.0.1:9/x'); seen.push('fetched') } catch {}
          try { new WebSocket('ws://127.0.0.1:9/x') } catch {}
          new Image().src = 'http://127.0.0.1:9/y';
          add('script', {text: 'window.ran = 1'});
          add('iframe', {src: 'http://127.0.0.1:9/z'});
          navigator.sendBeacon?.('http://127.0.0.1:9/b', 'x');
          await new Promise(done => setTimeout(done, 300));
          return [...new Set(seen)].sort().concat(String(window.ran));
        })()"""
    )
    assert blocked == ["connect-src", "frame-src", "img-src", "script-src-elem", "undefined"]


def test_everything_works_by_keyboard(browser, folder, good):
    browser.go(folder / "OPEN-ME.html")
    browser.choose_file("#file", good)
    reached = []
    for _ in range(9):
        browser.press("Tab", 9)
        reached.append(browser.evaluate("document.activeElement.id"))
        if reached[-1] == "words":
            browser.call("Input.insertText", text=WORDS)
    assert [name for name in reached if name] == [
        "file",
        "words",
        "show",
        "fingerprint",
        "after",
        "open",
    ]
    assert browser.evaluate("document.getElementById('count').textContent") == "6 of 6 words"
    browser.evaluate("document.getElementById('words').focus()")
    browser.press("Enter", 13, "\r")
    assert browser.wait_for("document.activeElement.id === 'verdict'")


def test_every_control_has_a_name_for_screen_readers(browser, folder, good):
    for prepare in (lambda: None, lambda: submit(browser, good)):
        browser.go(folder / "OPEN-ME.html")
        prepare()
        browser.call("Accessibility.enable")
        nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
        roles = {
            "button",
            "textbox",
            "checkbox",
            "table",
            "region",
            "heading",
            "DisclosureTriangle",
        }
        named = [
            (node["role"]["value"], node.get("name", {}).get("value", ""))
            for node in nodes
            if not node.get("ignored") and node["role"]["value"] in roles
        ]
        assert len(named) >= 7
        assert [role for role, name in named if not name.strip()] == []


def test_the_page_speaks_spanish_too(browser, folder, good):
    browser.go(folder / "OPEN-ME.html")
    browser.evaluate("document.querySelector('[data-language=es]').click()")
    assert browser.evaluate("document.documentElement.lang + document.title") == (
        "esAbrir un paquete de auditoría"
    )
    submit(browser, good, "otras palabras")
    assert browser.evaluate("document.getElementById('reason').textContent") == (
        "Una de las palabras no es correcta."
    )
    submit(browser, good)
    assert browser.evaluate("verdict.textContent") == "Este paquete está completo y sin cambios."

    def fact(name):
        return browser.evaluate(f"document.querySelector('[data-fact={name}]').textContent")

    # What somebody typed stays as it is; what stands in every pack is in words of the language.
    assert fact("purpose") == "Licensing visit"
    assert fact("recipient") == "State licensing, visit 3"
    assert fact("legal_basis") == "Ley estatal de licencias"
    assert fact("deidentification").startswith("Pruebas de cómo se trabajó, para quien otorga")
    browser.evaluate("document.querySelector('[data-language=en]').click()")
    assert browser.evaluate("verdict.textContent") == "This pack is whole and unchanged."
    assert fact("legal_basis") == "State licensing law"
    assert fact("deidentification") == "Process evidence for the licensor; smallest group 5"
    said = "[...document.querySelectorAll('.checks li')].map((one) => one.children[1].textContent)"
    for line in browser.evaluate(said):
        parts = [part for part in line.split(": ", 1)[1].split(". ") if part]
        assert len({part.rstrip(".")[:25] for part in parts}) == len(parts), line


def test_what_is_missing_is_said_at_its_field(browser, folder, good):
    browser.go(folder / "OPEN-ME.html")
    problem = "document.activeElement.id + ': ' + document.getElementById('problem').textContent"
    browser.evaluate("document.getElementById('open').click()")
    assert browser.evaluate(problem) == "file: Choose the file first."
    browser.choose_file("#file", good)
    browser.evaluate("document.getElementById('open').click()")
    assert browser.wait_for(f"({problem}) === 'words: Type the words first.'")


def test_markup_in_a_table_stays_text(browser, folder):
    table = b'note\r\n"<img src=x onerror=document.title=1><script>document.title=2</script>"\r\n'
    whole = contents()
    pack = folder / "markup.age"
    pack.write_bytes(sealed(signed(files={**whole.files, "data/census.csv": table}).files))

    open_pack(browser, folder, pack)

    assert browser.evaluate("document.title") == "Open an audit pack"
    assert browser.evaluate("document.querySelectorAll('img, table script').length") == 0
    assert "<img" in browser.evaluate("document.querySelector('td').textContent")


def test_a_long_table_is_shown_in_part_and_then_whole(browser, folder):
    cells = [b"%d" % n for n in range(1_199)]
    cells[700:700] = [b'"two\nlines, ""one"" cell"']
    table = b"n\r\n" + b"\r\n".join(cells)
    pack = folder / "long.age"
    files = {**contents().files, "data/long.csv": table}
    pack.write_bytes(sealed(signed(files=files).files))

    open_pack(browser, folder, pack)

    rows = "document.querySelectorAll('[data-table=\"long.csv\"] tbody tr').length"
    assert browser.evaluate(rows) == 500
    browser.evaluate("document.querySelector('.scroll + p + button').click()")
    assert browser.evaluate(rows) == 1_200
    assert browser.evaluate(
        "document.querySelectorAll('[data-table=\"long.csv\"] td')[700].textContent"
    ) == ('two\nlines, "one" cell')
    assert "(1,200 rows)" in browser.evaluate(
        "document.querySelector('[data-table=\"long.csv\"]').textContent"
    )


@pytest.mark.slow  # times a browser: means something on a quiet computer only
def test_a_pack_of_5_mb_is_open_within_two_seconds(browser, folder, capsys):
    """With the work factor of real packs; the best of three, from the press to the verdict.

    Printed beside it is the processor time of the page, which other work hardly touches.
    """
    row = b"2026-Q1,12,*,some words of a longer cell\r\n"
    table = b"quarter,admissions,note,words\r\n" + row * (5_000_000 // len(row))
    pack = folder / "five.age"
    with pack.open("wb") as target:
        signed(files={**contents().files, "data/long.csv": table}).write(target, WORDS)
    took = []
    browser.call("Performance.enable", timeDomain="threadTicks")
    for _ in range(3):
        browser.go(folder / "OPEN-ME.html")
        before, began = _busy_seconds(browser), time.perf_counter()
        submit(browser, pack)
        took.append((time.perf_counter() - began, _busy_seconds(browser) - before))
    browser.call("Performance.disable")
    assert browser.evaluate("verdict.textContent") == "This pack is whole and unchanged."
    with capsys.disabled():
        wall, busy = min(took)
        print(f"\n5 MB pack in Chromium: {wall:.2f} s, of it {busy:.2f} s of the processor")
    assert min(took)[0] < 2


def _busy_seconds(browser):
    metrics = browser.call("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "TaskDuration")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(scheme, browser, folder, good):
    browser.call(
        "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}]
    )
    for words in (WORDS, "wrong"):
        open_pack(browser, folder, good, words)
        ratios = browser.evaluate(
            """(() => {
              const rgb = text => text.match(/[\\d.]+/g).map(Number);
              const light = c => c.slice(0, 3).map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
              const ground = e => {
                for (; e; e = e.parentElement) {
                  const c = rgb(getComputedStyle(e).backgroundColor);
                  if (c.length === 3 || c[3] > 0) return c;
                }
              };
              return [...document.body.querySelectorAll('*')]
                .filter(e => e.checkVisibility())
                .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
                .map(e => [getComputedStyle(e).color, e, e.textContent.slice(0, 30)])
                .map(([c, e, t]) => [light(rgb(c)), light(ground(e)), t])
                .map(([a, b, t]) => [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), t]);
            })()"""
        )
        assert len(ratios) >= 10
        assert [pair for pair in ratios if pair[0] < 4.5] == []
    browser.call("Emulation.setEmulatedMedia", features=[])
