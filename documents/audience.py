"""For whom a document is: how its enterprises are chosen. Who they are is frozen at publication."""

from dataclasses import asdict, dataclass
from typing import Any

from enterprises.models import Enterprise, Grade, Stage, Tier
from enterprises.querysets import EnterpriseQuerySet
from liaison.accounts.models import OFFICERS, OVERSEERS, User


@dataclass(frozen=True)
class Audience:
    """``how`` is "all", "by" (whatever fits everything that is named) or "picked"."""

    how: str = "all"
    kinds: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    industry: str = ""
    picked: tuple[int, ...] = ()

    def among(self, enterprises: EnterpriseQuerySet) -> EnterpriseQuerySet:
        if self.how == "picked":
            return enterprises.filter(pk__in=self.picked)
        if self.how == "by":
            for name in ("kind", "tier", "grade", "stage"):
                if wanted := getattr(self, f"{name}s"):
                    enterprises = enterprises.filter(**{f"{name}__in": wanted})
            if self.industry:
                enterprises = enterprises.filter(industry__icontains=self.industry)
        return enterprises

    @property
    def names_nothing(self) -> bool:
        """Chosen by qualities without one, or picked without any."""
        if self.how == "picked":
            return not self.picked
        said = (self.kinds, self.tiers, self.grades, self.stages, self.industry)
        return self.how == "by" and not any(said)

    def kept(self) -> dict[str, Any]:
        """For the row; whom somebody picked stands in the rows of those addressed."""
        return {key: value for key, value in asdict(self).items() if value and key != "picked"}


def labels_of(kept: dict[str, Any]) -> list[str]:
    """What a kept audience named, in words."""
    choices = {"kinds": Enterprise.Kind, "tiers": Tier, "grades": Grade, "stages": Stage}
    found = [
        str(choice(code).label) for key, choice in choices.items() for code in kept.get(key, ())
    ]
    return [*found, *([kept["industry"]] if kept.get("industry") else [])]


def reachable_by(user: User) -> EnterpriseQuerySet:
    """Whom this person may write to: desk and chiefs to all of the station, an officer to those
    whom he answers for or acts for today."""
    if user.kind not in (*OVERSEERS, *OFFICERS):
        return Enterprise.objects.none()
    seen = Enterprise.objects.visible_to(user).live()
    return seen if user.kind in OVERSEERS else seen.mine(user)
