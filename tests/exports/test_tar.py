"""The archive is the same bytes every time, stock tar reads it, and its size tells little."""

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shelter_desk.exports.problems import ArchiveError
from shelter_desk.exports.tar import archive_size, is_safe_path, padded_size, read_tar, write_tar

PATHS = st.from_regex(r"[a-z]{1,8}(/[a-zA-Z0-9]{1,8}){0,2}(\.csv)?", fullmatch=True).filter(
    is_safe_path  # "con" is plain letters too
)


def written(files):
    target = io.BytesIO()
    write_tar(files, target, modified=86_400)
    return target.getvalue()


def can_stand_together(paths):
    """Tell whether no file is another one, or a folder of another, where capitals do not count."""
    names = [path.lower() for path in paths]
    folders = {name[:at] for name in names for at, sign in enumerate(name) if sign == "/"}
    return len(set(names)) == len(names) and folders.isdisjoint(names)


def in_pieces(data, size):
    return (data[i : i + size] for i in range(0, len(data), size))


@given(
    files=st.dictionaries(PATHS, st.binary(max_size=2_000), min_size=1, max_size=6),
    size=st.integers(1, 5_000),
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back_by_us_and_by_stock_tar(files, size):
    assume(can_stand_together(files))
    data = written(files)
    ours = {member.path: b"".join(pieces) for member, pieces in read_tar(in_pieces(data, size))}
    with tarfile.open(fileobj=io.BytesIO(data)) as stock:
        theirs = {m.name: stock.extractfile(m).read() for m in stock.getmembers()}
    assert ours == theirs == files
    assert len(data) == archive_size(map(len, files.values()))


def test_the_same_files_give_the_same_bytes():
    assert written({"a": b"1", "b": b"2"}) == written({"a": b"1", "b": b"2"})


@given(st.integers(0, 1 << 40))
def test_the_padding_is_small_and_leaves_few_sizes(size):
    padded = padded_size(size)
    assert size <= padded <= size * 1.12 + 1
    assert padded_size(padded) == padded


@pytest.mark.parametrize(("size", "padded"), [(9, 10), (100, 104), (1000, 1024), (10_000, 10_240)])
def test_the_padding_is_that_of_the_published_method(size, padded):
    assert padded_size(size) == padded


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/a",
        "a/",
        "a//b",
        "../a",
        "a/../b",
        "./a",
        ".a",
        "a\\b",
        "a:b",
        "a b",
        "á",
        "a.",
        "a" * 101,
        "con",
        "data/CON.csv",
        "Aux.tar.gz",
        "nul/a",
        "data/com1",
        "LPT9.pdf",
    ],
)
def test_a_path_that_could_do_harm_is_never_written(path):
    assert not is_safe_path(path)
    with pytest.raises(ArchiveError):
        written({path: b""})


@pytest.mark.parametrize("path", ["console.csv", "data/auxiliary", "com10.pdf", "lpt", "nul-1"])
def test_a_name_that_only_begins_like_a_device_is_written(path):
    assert is_safe_path(path)
    assert written({path: b""})


@pytest.mark.parametrize("files", [("data", "data/a.csv"), ("A/b/c", "a/B"), ("a/b", "A")])
def test_a_file_is_no_folder_as_well(files):
    with pytest.raises(ArchiveError, match="cannot both be unpacked"):
        written(dict.fromkeys(files, b""))


def test_too_many_files_are_refused():
    with pytest.raises(ArchiveError, match="1000"):
        written({f"data/{i}": b"" for i in range(1_001)})
