"""One start at a time for each data folder."""

import pytest

from secondsource.embedded.folders import InUseError, take_lock
from secondsource.embedded.servers import Embedded


def test_it_works(tmp_path):
    with take_lock(tmp_path / "lock") as held:
        assert held is not None
    assert take_lock(tmp_path / "lock") is not None


def test_second_holder_is_refused(tmp_path):
    with take_lock(tmp_path / "lock"):
        assert take_lock(tmp_path / "lock") is None


def test_lock_file_is_private(tmp_path):
    take_lock(tmp_path / "lock").close()
    assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600


def test_second_start_names_the_folder(tmp_path):
    first = Embedded(tmp_path / "var", needs=frozenset())
    first.start()
    with pytest.raises(InUseError, match=str(tmp_path / "var")):
        Embedded(tmp_path / "var", needs=frozenset()).start()
    first.stop()
    Embedded(tmp_path / "var", needs=frozenset()).start()
