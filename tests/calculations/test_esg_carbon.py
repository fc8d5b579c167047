"""Evidence, carbon and distance."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondsource.core.inputs import InputError
from suppliers import carbon, distance, esg
from suppliers.carbon import Leg
from suppliers.esg import EsgEvidence

ON = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("score", "priority", "major", "everything", "recognition"),
    [
        (200, True, True, True, "platinum"),
        (200, True, True, False, "gold"),
        (180, True, True, False, "gold"),
        (185, True, False, False, "silver"),
        (160, True, False, False, "silver"),
        (190, False, True, False, "none"),
        (159.9, True, True, True, "none"),
    ],
)
def test_recognition(score, priority, major, everything, recognition: str) -> None:
    found = esg.rba_recognition(
        score=score, priority_closed=priority, major_closed=major, all_closed=everything
    )
    assert found == recognition


@pytest.mark.parametrize("score", [-1, 200.5, float("nan")])
def test_recognition_refuses_a_score(score: float) -> None:
    with pytest.raises(InputError) as refused:
        esg.rba_recognition(score=score, priority_closed=True, major_closed=True, all_closed=True)
    assert refused.value.field == "score"


def evidence(kind: str, result, until: date = date(2027, 1, 1)) -> EsgEvidence:
    return EsgEvidence(kind=kind, result=result, valid_from=date(2025, 1, 1), valid_to=until)


def test_score_is_the_mean_of_the_valid() -> None:
    found = esg.esg_score(
        [evidence("rba_vap", 180), evidence("ecovadis", 60), evidence("cdp", "B")], on=ON
    )
    assert found == pytest.approx((90 + 60 + 75) / 3)


def test_expired_evidence_is_missing() -> None:
    expired = evidence("ecovadis", 10, until=date(2026, 5, 31))
    assert esg.esg_score([expired], on=ON) is None
    assert esg.esg_score([expired, evidence("cdp", "A")], on=ON) == 100


def test_evidence_is_valid_on_its_last_day() -> None:
    assert esg.esg_score([evidence("cdp", "A-", until=ON)], on=ON) == 90


def test_letters_never_rise() -> None:
    points = [esg.cdp_points(letter) for letter in esg.CDP_LETTERS]
    assert points == [100, 90, 75, 65, 50, 40, 25, 15, 0]


def test_unknown_letter_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        esg.cdp_points("E")
    assert refused.value.field == "letter"


def test_sea_and_road() -> None:
    found = carbon.freight(mass_t=2.5, legs=[Leg(mode="sea", km=18_500), Leg(mode="road", km=320)])
    assert found.legs_kg == pytest.approx((745.55, 81.304))
    assert found.kg == pytest.approx(826.854)


@pytest.mark.parametrize(
    ("scope", "forcing", "kg"),
    [("ttw", True, 3309.7552), ("ttw", False, 1955.184), ("wtw", True, 3807.144)],
)
def test_air(scope: str, forcing: bool, kg: float) -> None:
    legs = [Leg(mode="air_long_haul", km=9200)]
    found = carbon.freight(mass_t=0.4, legs=legs, scope=scope, radiative_forcing=forcing)
    assert found.kg == pytest.approx(kg)


def test_upstream_is_added_to_every_leg_alike() -> None:
    legs = [Leg(mode=mode, km=100) for mode in carbon.FACTORS]
    direct = carbon.freight(mass_t=1, legs=legs)
    whole = carbon.freight(mass_t=1, legs=legs, scope="wtw")
    added = [b - a for a, b in zip(direct.legs_kg, whole.legs_kg, strict=True)]
    assert added == pytest.approx([100 * f.upstream for f in carbon.FACTORS.values()])


def test_the_method_names_publisher_year_and_scope() -> None:
    method = carbon.freight(mass_t=1, legs=[Leg(mode="rail", km=1)], scope="wtw").method
    assert "2025" in method.standard
    assert "wtw" in method.name


@pytest.mark.parametrize(
    ("mass", "leg", "scope", "field"),
    [
        (0, Leg(mode="sea", km=1), "ttw", "mass_t"),
        (1, Leg(mode="ship", km=1), "ttw", "legs.0.mode"),
        (1, Leg(mode="sea", km=-1), "ttw", "legs.0.km"),
        (1, Leg(mode="sea", km=1), "both", "scope"),
    ],
)
def test_freight_refuses(mass, leg, scope: str, field: str) -> None:
    with pytest.raises(InputError) as refused:
        carbon.freight(mass_t=mass, legs=[leg], scope=scope)
    assert refused.value.field == field


def test_footprint() -> None:
    assert carbon.footprint(supplier_kg=0.85, freight_kg_total=500, units=20_000) == 0.875
    with pytest.raises(InputError) as refused:
        carbon.footprint(supplier_kg=0.85, freight_kg_total=500, units=0)
    assert refused.value.field == "units"


POINT = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def by_vectors(a, b) -> float:
    """Central angle from the cross and dot product of unit vectors: another way to the distance."""

    def unit(point):
        lat, lon = map(math.radians, point)
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    (x1, y1, z1), (x2, y2, z2) = unit(a), unit(b)
    cross = math.hypot(y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2)
    return distance.EARTH_RADIUS_KM * math.atan2(cross, x1 * x2 + y1 * y2 + z1 * z2)


@given(a=POINT, b=POINT)
def test_distance_agrees_with_vectors(a, b) -> None:
    assert distance.great_circle_km(a=a, b=b) == pytest.approx(by_vectors(a, b), abs=1e-2)


def test_distance_of_two_factories() -> None:
    found = distance.great_circle_km(a=[22.5431, 114.0579], b=[20.6597, -103.3496])
    assert found == pytest.approx(13_726.96, abs=0.01)


@pytest.mark.parametrize(
    ("a", "field"), [([91, 0], "a.0"), ([0, 181], "a.1"), ([0], "a"), ([float("nan"), 0], "a.0")]
)
def test_distance_refuses(a, field: str) -> None:
    with pytest.raises(InputError) as refused:
        distance.great_circle_km(a=a, b=[0, 0])
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("continent", "days", "near"),
    [(True, None, True), (False, 10, True), (False, 10.5, False), (False, None, None)],
)
def test_nearshore(continent: bool, days: float | None, near: bool | None) -> None:
    assert distance.is_nearshore(same_continent=continent, transit_days=days) is near
