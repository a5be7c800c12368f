"""The demo's applications: one at each stage of its way, the contact's own among them."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from enterprises.models import Enterprise
from green_channel.actions import (
    apply_for,
    ask_correction,
    bring,
    check_complete,
    confirm_receipt,
    decide,
    save_item,
    save_local_term,
)
from green_channel.actions.catalogue import ITEM_FIELDS
from green_channel.models import Application, Item, Mode, Outcome
from issues.models import Issue
from liaison.accounts.models import User
from liaison.demo.bill import photo
from liaison.demo.diary import Diary
from liaison.evidence.actions import keep
from liaison.evidence.models import Evidence

Way = tuple[tuple[str, float], ...]
DAY = 24.0
# code, words, how it is done, hours ago, steps with the hours after the one before
WAYS: tuple[tuple[str, str, str, float, Way], ...] = (
    ("flow_register", "月底进厂的十二名工人，名单已备好。", Mode.ASSISTED, 9 * DAY,
     (("check", 3), ("grant", 20), ("receive", 20))),
    ("seal", "企业更名，公章重新刻制后备案。", Mode.SELF, 0.7 * DAY, (("check", 2),)),
    ("big_event", "十周年庆典，预计一千二百人。", Mode.SELF, 4 * DAY, (("correct", 20),)),
    ("lorry_pass", "两台配送货车白天进城。", Mode.AGENT, 6 * DAY, (("check", 4), ("refuse", 40))),
    ("toxic_buy", "电镀车间用，年度计划内。", Mode.SELF, 0.2 * DAY, ()),
)  # fmt: skip
OWN: tuple[tuple[str, str, str, float, Way], ...] = (
    ("household_in", "引进的技术负责人一家三口迁入。", Mode.AGENT, 6 * DAY,
     (("check", 4), ("grant", 60))),
    ("hotel", "厂区招待所对外营业。", Mode.SELF, 5 * DAY, (("correct", 22),)),
    ("residence_permit", "外地工人八名，证件已收齐。", Mode.ASSISTED, 1.2 * DAY, ()),
)  # fmt: skip


def keep_green_channel(
    enterprises: list[Enterprise],
    contacts_own: Enterprise,
    contact: User,
    people: Mapping[str, User],
    diary: Diary,
    chance: random.Random,
) -> None:
    """The station promises more than the law asks for, and applications are on their way."""
    chief = people["chief"]
    unit = contacts_own.unit
    diary.at(diary.now - timedelta(days=60), partial(_promise, unit.pk, chief))
    for enterprise, (code, text, mode, hours, way) in zip(
        chance.sample(enterprises, len(WAYS)), WAYS, strict=True
    ):
        Case(enterprise, code, text, mode, people["desk"], people, diary).enter(hours, way)
    for code, text, mode, hours, way in OWN:
        Case(contacts_own, code, text, mode, contact, people, diary).enter(hours, way)


def _promise(unit_id: int, chief: User) -> None:
    unit = chief.unit
    if unit is None or unit.pk != unit_id:
        raise ValueError("the chief is of the demo's station")
    for code, days in (("residence_permit", 7), ("household_in", 5), ("lorry_pass", 2)):
        save_local_term(Item.objects.get(code=code), unit, {"promised": days}, by=chief)
    office = {
        "office_name": "示例市外事办公室",
        "office_address": "示例市示范大街1号政务服务中心三楼",
        "office_phone": "0532-00000000",
        "office_way": "从派出所乘2路车到政务中心站，正门右侧电梯上三楼。",
    }
    save_local_term(Item.objects.get(code="apec_card"), unit, office, by=chief)
    _of_our_own(chief)


def _of_our_own(chief: User) -> None:
    """What only this station offers."""
    item = Item(code="site_talk", unit=chief.unit)
    values = {name: getattr(item, name) for name in ITEM_FIELDS if name != "basis"}
    values |= {
        "name": "上门集中采集证件信息", "name_en": "Taking details at the plant",
        "audience": "workers",
        "counted": "working_days", "promised": 3, "handover": "either", "fee": 0,
        "place": "企业内", "basis": None, "office_name": "", "note": "二十人以上可约。",
    }  # fmt: skip
    needs = [{"name": "人员名单", "form": "form", "copies": 1, "required": True}]
    save_item(item, values, needs, by=chief, version=1)


class Case:
    """One application on its way."""

    def __init__(
        self,
        enterprise: Enterprise,
        code: str,
        text: str,
        mode: str,
        by: User,
        people: Mapping[str, User],
        diary: Diary,
    ) -> None:
        self.enterprise, self.code, self.text, self.mode = enterprise, code, text, mode
        self.by, self.people, self.diary = by, people, diary
        self.made: Application | None = None

    def enter(self, hours_ago: float, way: Way) -> None:
        planned = self.diary.now - timedelta(hours=hours_ago)
        moment = self.diary.office(planned)
        complete = not any(name == "correct" for name, _hours in way)
        self.diary.at(moment, partial(self.apply, moment, complete=complete))
        for name, hours in way:
            planned += timedelta(hours=hours)
            moment = max(self.diary.office(planned), moment + timedelta(minutes=7))
            self.diary.at(min(moment, self.diary.now), partial(self.go, name, moment))

    def apply(self, moment: datetime, *, complete: bool) -> None:
        item = Item.objects.get(code=self.code)
        needs = list(item.requirements.all())
        given = needs if complete else needs[:1]
        files = {one.pk: [self.scan(self.by, moment).pk] for one in given}
        self.made = apply_for(
            item, self.enterprise, by=self.by, mode=self.mode, text=self.text, files=files
        )

    def go(self, name: str, moment: datetime) -> None:
        if self.made is None:
            raise ValueError("an application moves after it was made")
        application = Application.objects.get(pk=self.made.pk)
        issue = Issue.objects.select_related("handler").get(pk=application.issue_id)
        if issue.handler is None:
            raise ValueError("every application of the demo has a handler")
        by, version = issue.handler, issue.version
        match name:
            case "check":
                seen = [one.pk for one in application.papers.all() if one.is_open]
                if seen:
                    bring(application, by=by, seen=seen)
                check_complete(application, by=by, version=version)
            case "correct":
                words = "请按清单补齐，扫描件要求四角完整、字迹清楚。"
                ask_correction(application, by=by, version=version, words=words)
            case "grant":
                decide(
                    application,
                    by=by,
                    version=version,
                    outcome=Outcome.GRANTED,
                    pickup_place="派出所服务大厅3号窗口",
                    pickup_when="工作日 8:30-17:30",
                )
            case "refuse":
                decide(
                    application,
                    by=by,
                    version=version,
                    outcome=Outcome.REFUSED,
                    reason="车辆未达到现行排放要求，按本市通行规定不予发放。",
                    appeal="可在收到决定之日起六十日内申请行政复议，或者六个月内提起行政诉讼。",
                    document=[self.scan(by, moment).pk],
                )
            case "receive":
                desk = self.people["desk"]
                confirm_receipt(
                    application, by=desk, version=version, confirmed_by="经办人当面领取"
                )

    def scan(self, by: User, moment: datetime) -> Evidence:
        kept = keep(photo("after"), by=by)
        Evidence.objects.filter(pk=kept.pk).update(made_at=moment)
        return kept
