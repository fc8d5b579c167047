"""One start at a time for each data folder."""

import pytest

from secondsource.embedded.folders import FolderLock, InUseError
from secondsource.embedded.servers import Embedded


def test_it_works(tmp_path):
    lock = FolderLock(tmp_path / "lock")
    assert lock.acquire() is True
    lock.release()
    assert lock.acquire() is True


def test_second_holder_is_refused(tmp_path):
    assert FolderLock(tmp_path / "lock").acquire() is True
    first = FolderLock(tmp_path / "other")
    first.acquire()
    assert FolderLock(tmp_path / "other").acquire() is False


def test_lock_file_is_private(tmp_path):
    FolderLock(tmp_path / "lock").acquire()
    assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600


def test_second_start_names_the_folder(tmp_path):
    first = Embedded(tmp_path / "var", needs=frozenset())
    first.start()
    with pytest.raises(InUseError, match=str(tmp_path / "var")):
        Embedded(tmp_path / "var", needs=frozenset()).start()
    first.stop()
    Embedded(tmp_path / "var", needs=frozenset()).start()
