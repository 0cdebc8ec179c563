"""The reserve for a full disk: kept when there is room, given up once, never in the way."""

import os

import pytest

from shelter_desk.domain.trouble import DiskError, DiskFullError
from shelter_desk.store.reserve import RESERVE_NAME, Reserve

SIZE = 2 << 20


def test_it_is_really_written_and_only_once(tmp_path):
    reserve = Reserve(tmp_path, SIZE)
    assert reserve.keep()
    status = (tmp_path / RESERVE_NAME).stat()
    assert status.st_size == SIZE
    assert status.st_blocks * 512 >= SIZE  # a sparse file would reserve nothing
    assert status.st_mode & 0o077 == 0
    before = status.st_mtime_ns
    assert reserve.keep()
    assert (tmp_path / RESERVE_NAME).stat().st_mtime_ns == before


def test_without_ample_room_there_is_none(tmp_path):
    reserve = Reserve(tmp_path, 1 << 60)
    assert not reserve.keep()
    assert os.listdir(tmp_path) == []
    assert not Reserve(tmp_path / "missing", SIZE).keep()


def test_a_full_disk_is_tried_once_more_in_the_room_of_the_reserve(tmp_path):
    reserve = Reserve(tmp_path, SIZE)
    reserve.keep()
    tries = []

    def act():
        tries.append(reserve.is_kept())
        if reserve.is_kept():
            raise DiskFullError
        return "saved"

    assert reserve.with_room(act) == "saved"
    assert tries == [True, False]


def test_without_a_reserve_it_is_said_and_another_error_stays_itself(tmp_path):
    reserve = Reserve(tmp_path, SIZE)

    def full():
        raise DiskFullError

    def broken():
        raise DiskError

    with pytest.raises(DiskFullError):
        reserve.with_room(full)
    with pytest.raises(DiskError):
        reserve.with_room(broken)  # there is room: it is not that the disk is full
    reserve.keep()
    with pytest.raises(DiskError):
        reserve.with_room(broken)
    assert reserve.is_kept()
