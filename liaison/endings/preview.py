"""What merging two entries would do, before anybody agrees to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from enterprises.actions.assignment import officer_in_place
from enterprises.actions.merging import missing_facts
from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.endings.relations import RELATIONS, Relation, Way, unlisted

PATROLLING = ("patrols.Membership", "patrols.Duty")


@dataclass(frozen=True)
class Holding:
    """What one relation holds of the entry that is to go; ``moves`` of it go over."""

    relation: Relation
    count: int
    moves: int

    @property
    def label(self) -> str | Promise:
        return self.relation.label

    @property
    def stays(self) -> int:
        return self.count - self.moves


@dataclass(frozen=True)
class Preview:
    """``agreed`` stands for all of it: merging is refused when it would do something else."""

    absorbed: Enterprise
    survivor: Enterprise
    holdings: Sequence[Holding]
    facts: dict[str, Any]
    going: User | None
    staying: User | None
    # People of the entry that goes who may sign in, and will see everything of the other.
    gaining: Sequence[str]
    obstacles: Sequence[str]

    @property
    def leaves_patrols(self) -> bool:
        """It takes part in joint patrols, which ends with it."""
        return any(one.relation.model in PATROLLING for one in self.holdings)

    @property
    def facts_in_words(self) -> list[tuple[str, str]]:
        names = [name for name in self.facts if name != "coordinate_source"]
        return [(_label(name), _words(self.absorbed, name)) for name in names]

    @property
    def agreed(self) -> str:
        parts = (
            self.absorbed.pk,
            self.absorbed.version,
            self.survivor.pk,
            self.survivor.version,
            self.going.pk if self.going else None,
            self.staying.pk if self.staying else None,
            *((one.relation.model, one.relation.column, one.count) for one in self.holdings),
        )
        return sha256(repr(parts).encode()).hexdigest()[:32]


def preview_of(absorbed: Enterprise, survivor: Enterprise) -> Preview:
    """What would happen; ``obstacles`` in words, where it may not."""
    holdings = [_holding(one, absorbed, survivor) for one in RELATIONS]
    gaining = absorbed.contacts.present().filter(user__isnull=False).order_by("name", "pk")
    return Preview(
        absorbed,
        survivor,
        [one for one in holdings if one.count],
        missing_facts(absorbed, survivor),
        officer_in_place(absorbed),
        officer_in_place(survivor),
        [str(one) for one in gaining],
        _obstacles(absorbed, survivor),
    )


def _holding(relation: Relation, absorbed: Enterprise, survivor: Enterprise) -> Holding:
    count = relation.of(absorbed).count()
    if not count:
        return Holding(relation, 0, 0)
    if relation.way is Way.FOLLOWS:
        return Holding(relation, count, relation.following(absorbed, survivor).count())
    return Holding(relation, count, relation.moving(absorbed, survivor).count())


def _obstacles(absorbed: Enterprise, survivor: Enterprise) -> list[str]:
    said = [
        _("“%(name)s” was merged into “%(into)s” already.")
        % {"name": one.name, "into": one.merged_into.name}
        for one in (absorbed, survivor)
        if one.merged_into is not None
    ]
    if absorbed.pk == survivor.pk:
        said.append(_("An entry cannot be merged into itself."))
    if absorbed.unit_id != survivor.unit_id:
        said.append(_("The two entries belong to different stations."))
    if not survivor.is_live and survivor.merged_into is None:
        said.append(_("“%(name)s” is closed down.") % {"name": survivor.name})
    if codes_differ(absorbed, survivor):
        said.append(
            _(
                "They have different credit codes: by law these are two enterprises. If one of the "
                "codes was mistyped, correct it first."
            )
        )
    if left := unlisted(absorbed):
        said.append(
            _("Something holds data of this entry that merging does not know: %(what)s.")
            % {"what": ", ".join(left)}
        )
    return said


def codes_differ(one: Enterprise, other: Enterprise) -> bool:
    return bool(one.credit_code and other.credit_code and one.credit_code != other.credit_code)


def _label(name: str) -> str:
    return str(Enterprise._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _words(enterprise: Enterprise, name: str) -> str:
    value = getattr(enterprise, name)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value)
