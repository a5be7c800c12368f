"""What the demo station sent its enterprises: a notice that wants an answer, a policy, a form, and
an order on a hazard, half of it put right."""

import io
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from documents.actions import (
    acknowledge,
    answer_item,
    issue_order,
    look_at,
    open_document,
    publish,
    receive_order,
    reply,
)
from documents.actions.ordering import Ordered
from documents.actions.publishing import Draft
from documents.audience import Audience
from documents.models import Order
from enterprises.models import Enterprise
from issues.actions import accept_issue, raise_issue
from issues.models import Issue, IssueKind
from liaison.accounts.models import User
from liaison.core.sheets import Column, write_xlsx
from liaison.evidence.actions import keep
from liaison.evidence.models import Evidence
from liaison.law.models import LegalBasis

if TYPE_CHECKING:
    from liaison.demo.station import Station

POLICY = (
    "本所辖区重点企业、规上企业可以申请“一企一警”绿色通道：员工居住登记、无犯罪记录证明由责任警官"
    "代收材料，企业不必往返。需要的材料见责任警官下次走访时所带清单。"
)
NOTICE = (
    "近期风大物燥，请各企业逐项检查临时用电、仓库堆垛和消防通道，夜间安排双人值守；"
    "发现隐患的，在账单里报给责任警官。看过请点“已知悉”。"
)


def send_papers(shown: Enterprise, contact: User, station: "Station") -> None:
    """``contact`` signs in at ``shown``; everything goes by the verbs."""
    diary = station.diary
    diary.at(diary.day(9, 9), partial(_policy, station))
    diary.at(diary.day(6, 10), partial(_form, station, shown, contact))
    diary.at(diary.day(2, 9), partial(_notice, station, contact))
    diary.at(diary.day(3, 14), partial(_order, station, shown, contact))


def _policy(station: "Station") -> None:
    audience = Audience("by", tiers=("key", "above_scale"))
    publish(
        Draft("policy", "“一企一警”绿色通道办理说明", POLICY, audience), by=station.people["chief"]
    )


def _form(station: "Station", shown: Enterprise, contact: User) -> None:
    out = io.BytesIO()
    heads = ("姓名", "性别", "居民身份证号", "手机号", "现住址", "到岗日期")
    write_xlsx([Column(head, head, 16) for head in heads], [], "外来施工人员登记", out)
    file = keep(
        SimpleUploadedFile("外来施工人员登记表.xlsx", out.getvalue()), by=station.desk, papers=True
    )
    said = "有外来施工队进场的企业，请填好后通过本页发回。"
    draft = Draft("form", "外来施工人员登记表", said, Audience("all"))
    document = publish(draft, by=station.desk, files=[file.pk])
    open_document(document, by=contact)
    mine = document.addressed.select_related("document__unit", "enterprise__unit")
    reply(mine.get(enterprise=shown), by=contact, text="本月没有外来施工队进场。")


def _notice(station: "Station", contact: User) -> None:
    day = timezone.localdate() + timedelta(days=7)
    draft = Draft("notice", "关于大风天气安全防范的通知", NOTICE, Audience("all"), day)
    document = publish(draft, by=station.desk)
    # One of the enterprises has answered; the one that is shown has yet to.
    acknowledge(document, by=station.people["contact3"])


def _order(station: "Station", shown: Enterprise, contact: User) -> None:
    place = shown.assignments.open().responsible().select_related("officer").get()
    chief, officer = station.people["chief"], place.officer
    second = officer if officer.is_sworn else station.people["officer1"]
    line = raise_issue(
        shown,
        kind=IssueKind.objects.get(code="hazard"),
        title="东侧围墙破损、监控有死角",
        text="走访时发现厂区东侧围墙破损约三米，人可钻入；该处监控被遮挡。",
        by=officer,
        source=Issue.Source.VISIT,
    )
    line = accept_issue(line, by=officer, version=line.version)
    ordered = Ordered(
        officers=(chief, second),
        basis=LegalBasis.objects.for_orders().get(),
        facts=line.text,
        items=("修复东侧围墙", "调整东侧监控，消除死角"),
        # No later than the line itself.
        due_on=timezone.localdate(line.resolve_due_at),
        mark="绿所责改字",
    )
    order: Order = issue_order(line, ordered, by=chief)
    receive_order(order, by=contact)
    item = order.items.select_related("order").get(position=1)
    answer_item(item, by=contact, text="围墙已用砖砌补齐并加装铁丝网。", files=[_photo(contact).pk])
    look_at(item, by=chief, accepted=True)


def _photo(by: User) -> Evidence:
    """A wall, drawn: no picture of a real place is needed."""
    picture = Image.new("RGB", (640, 400), "#b7c4d6")
    pen = ImageDraw.Draw(picture)
    for row in range(8):
        for column in range(-1, 9):
            left = column * 80 + (40 if row % 2 else 0)
            box = (left, 120 + row * 35, left + 76, 151 + row * 35)
            pen.rectangle(box, fill="#a5614a")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return keep(SimpleUploadedFile("围墙.jpg", out.getvalue()), by=by)
