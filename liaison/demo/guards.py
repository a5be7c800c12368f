"""The demo's guards: a list taken in, some of whose certificates end or have ended, and what
officers said of those whom enterprises recruited themselves. The people are made up.
"""

import io
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils import timezone

from enterprises.models import Enterprise, Stage
from liaison.accounts.models import User
from liaison.core.sheets import CellValue, Column, write_xlsx
from liaison.law.models import LegalBasis
from patrols.actions.certificate_endings import tell_endings
from patrols.actions.compliance import answer_warning
from patrols.actions.guard_lists import apply_guards, preview_guards
from patrols.importing.headings import TEMPLATE, heading
from patrols.models import Guard

_SURNAMES = "卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = ("示例", "示范", "样本", "例一", "例二", "例三", "例四", "例五", "例六", "例七")
_COMPANIES = ("示例安邦保安服务有限公司", "示例平盾保安服务有限公司", "示例卫城保安服务有限公司")
# How many of a hundred have no certificate, one that has ended, one that ends within the month.
_NONE, _ENDED, _ENDING = 2, 2, 3
_SELF = 12
_ANSWERS = (
    ("admitted", "已参加本所组织的联防培训，由民警带队参加街道群防群治巡逻"),
    ("inside", "由企业自行招用，只在厂区内值守"),
    ("not", "负责消控室值班，不参加巡逻"),
)


def keep_guards(enterprises: Sequence[Enterprise], people: Mapping[str, User]) -> None:
    """A list of all of them, through the verbs that the station uses; then the first answers."""
    desk = people["desk"]
    # Of its own: what else the station has does not depend on how many guards there are.
    chance = random.Random("guards")  # noqa: S311  a demo
    today = timezone.localdate()
    live = Enterprise.objects.filter(pk__in=[one.pk for one in enterprises])
    live = live.exclude(stage=Stage.CLOSED).select_related("unit").order_by("pk")
    rows: list[dict[str, CellValue]] = []
    for enterprise in live:
        if chance.random() < 0.06:
            continue
        for _one in range(chance.choice((2, 2, 3, 3, 4))):
            rows.append(_guard(enterprise.name, len(rows) + 1, today, chance))
    file = io.BytesIO()
    columns = [Column(name, heading(name), 18) for name in TEMPLATE]
    write_xlsx(columns, rows, "保安员名单", file, numbered=False)
    unit = enterprises[0].unit
    apply_guards(preview_guards(unit, file.getvalue(), "保安员名单.xlsx", by=desk), by=desk)
    basis = LegalBasis.objects.in_force(today).order_by("pk").first()
    waiting = Guard.objects.filter(unit=unit).unanswered().select_related("enterprise__unit")
    for guard, (verdict, reason) in zip(waiting.order_by("pk"), _ANSWERS * 2, strict=False):
        answer_warning(
            guard,
            verdict,
            reason=reason,
            legal_basis=basis,
            version=guard.version,
            by=people["chief"],
        )
    # As the sweep would in the first hour.
    tell_endings(timezone.now())


def _guard(
    enterprise: str, serial: int, today: date, chance: random.Random
) -> dict[str, CellValue]:
    own = chance.randrange(100) < _SELF
    luck = chance.randrange(100)
    until: date | None = today + timedelta(days=chance.randrange(120, 900))
    if luck < _NONE:
        until = None
    elif luck < _NONE + _ENDED:
        until = today - timedelta(days=chance.randrange(1, 60))
    elif luck < _NONE + _ENDED + _ENDING:
        until = today + timedelta(days=chance.randrange(2, 28))
    return {
        "enterprise": enterprise,
        "name": chance.choice(_SURNAMES) + chance.choice(_GIVEN),
        "phone": f"1380002{serial:04d}",
        "employer": "自行招用" if own else "保安公司派驻",
        "company": None if own else chance.choice(_COMPANIES),
        "certificate": f"示证{serial:08d}" if until else None,
        "certificate_until": until,
        "joined_on": today - timedelta(days=chance.randrange(40, 900)),
    }
