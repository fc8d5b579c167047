"""The cache after an upgrade: what its code does not know any more is missing."""

from __future__ import annotations

import pickle

import pytest
from django.core.cache import cache

from secondsource.core.cache import Serializer


@pytest.mark.parametrize("name", [b"secondsource.core.cache\nGone", b"secondsource.gone\nReading"])
def test_a_value_of_a_class_that_is_gone_is_missing(name: bytes) -> None:
    assert Serializer().loads(b"c" + name + b"\n.") is None


def test_other_values_are_read_as_they_were_written() -> None:
    cache.set("test-cache", {"digits": [1, 2]})
    assert cache.get("test-cache") == {"digits": [1, 2]}
    assert Serializer().loads(pickle.dumps("text")) == "text"
