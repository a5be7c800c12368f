"""The units: a province, its cities, their counties and the counties' stations, filled in order."""

from dataclasses import dataclass

from liaison.demo.scale.keys import FIRST_STATION

STATIONS_EACH = 15  # of a county
COUNTIES_EACH = 12  # of a city
CITIES_EACH = 17  # of a province


@dataclass(frozen=True)
class Place:
    """A unit by its key. ``parent`` is None for a province."""

    pk: int
    code: str
    name: str
    parent: "Place | None"

    @property
    def path(self) -> str:
        return f"{self.parent.path if self.parent else '/'}{self.pk}/"

    def row(self, kind: str) -> dict[str, object]:
        return {
            "id": self.pk,
            "code": self.code,
            "name": self.name,
            "kind": kind,
            "parent_id": self.parent.pk if self.parent else None,
            "path": self.path,
        }


def station(number: int) -> Place:
    """Station ``number``, counted from 1, with its county, city and province above it."""
    county = (number - 1) // STATIONS_EACH + 1
    pk = FIRST_STATION + number - 1
    return Place(pk, f"SC{number:04d}", f"示例{number:04d}派出所", _county(county))


def bureaus(stations: int) -> list[Place]:
    """Everything above the first so many stations, higher ones first.

    A province that has begun has all its cities, as it would: none of their stations is here yet.
    """
    counties = [_county(n + 1) for n in range(_parts(stations, STATIONS_EACH))]
    provinces = [
        _province(n + 1) for n in range(_parts(len(counties), COUNTIES_EACH * CITIES_EACH))
    ]
    cities = [_city(n + 1) for n in range(len(provinces) * CITIES_EACH)]
    return [*provinces, *cities, *counties]


def _parts(whole: int, size: int) -> int:
    return -(-whole // size)


def _county(number: int) -> Place:
    city = (number - 1) // COUNTIES_EACH + 1
    return Place(100 + number, f"SCC{number:03d}", f"示例{number:03d}县公安局", _city(city))


def _city(number: int) -> Place:
    province = (number - 1) // CITIES_EACH + 1
    return Place(10 + number, f"SCT{number:02d}", f"示例{number:02d}市公安局", _province(province))


def _province(number: int) -> Place:
    return Place(number, f"SCP{number}", f"示例{number}省公安厅", None)
