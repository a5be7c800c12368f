"""The kinds of bill line, the time limits and the ladders every installation starts with."""

from collections import Counter

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# code, Chinese, English, close rule, proofs wanted, asks for loss, sensitive
KINDS = (
    ("hazard", "风险隐患", "Hazard", "chief", ["before", "after"], False, False),
    ("dispute", "矛盾纠纷", "Dispute", "second_officer", ["agreement"], False, False),
    ("case_lead", "案件线索", "Case lead", "chief", [], True, True),
    ("service", "服务诉求", "Service", "contact", [], False, False),
    ("approval", "审批事项", "Approval", "contact", ["receipt"], False, False),
    ("patrol_request", "巡防需求", "Patrol request", "second_officer", [], False, False),
    ("other", "其他", "Other", "second_officer", [], False, False),
)
# A lead is followed day and night.
ROUND_THE_CLOCK = ("case_lead",)
# Practice elsewhere: acknowledge within 24 h; simple 3, ordinary 5, complex 15 working days.
LIMITS = (("simple", 3), ("ordinary", 5), ("complex", 15))
# Practice elsewhere: what is not done climbs from the handler to the chief and the bureau in four
# steps, each with a time of its own. kind (empty: any), clock, how far, who is told.
LADDERS = (
    ("", "respond", {"percent": 75}, ["handler"]),
    ("", "respond", {"hours": 0}, ["handler", "deputy", "desk"]),
    ("", "respond", {"hours": 8}, ["handler", "chief"]),
    ("", "respond", {"hours": 24}, ["chief", "bureau"]),
    ("", "resolve", {"percent": 80}, ["handler"]),
    ("", "resolve", {"hours": 0}, ["handler", "deputy", "desk"]),
    ("", "resolve", {"days": 1}, ["handler", "chief"]),
    ("", "resolve", {"days": 3}, ["chief", "bureau"]),
    ("", "wait", {"days": -1}, ["handler"]),
    ("", "wait", {"hours": 0}, ["handler", "desk"]),
    ("", "wait", {"days": 1}, ["handler", "chief"]),
    ("", "wait", {"days": 3}, ["chief", "bureau"]),
    # A hazard is not waited out: the chief hears before it lapses.
    ("hazard", "resolve", {"percent": 50}, ["handler"]),
    ("hazard", "resolve", {"days": -1}, ["handler", "deputy", "chief"]),
    ("hazard", "resolve", {"hours": 0}, ["handler", "desk", "chief"]),
    ("hazard", "resolve", {"days": 1}, ["chief", "bureau"]),
)


def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    kind_model = apps.get_model("issues", "IssueKind")
    for position, (code, name, name_en, rule, proofs, asks_loss, sensitive) in enumerate(KINDS):
        kind_model.objects.create(
            code=code,
            name=name,
            name_en=name_en,
            close_rule=rule,
            proofs=proofs,
            asks_loss=asks_loss,
            sensitive=sensitive,
            round_the_clock=code in ROUND_THE_CLOCK,
            position=position,
        )
    policy_model = apps.get_model("issues", "SlaPolicy")
    for level, days in LIMITS:
        policy_model.objects.create(
            level=level, respond_hours=24, resolve_days=days, extension_days=days
        )
    rule_model = apps.get_model("issues", "EscalationRule")
    steps: Counter[tuple[str, str]] = Counter()
    for code, clock, when, recipients in LADDERS:
        steps[code, clock] += 1
        rule_model.objects.create(
            kind=kind_model.objects.get(code=code) if code else None,
            clock=clock,
            step=steps[code, clock],
            recipients=recipients,
            **when,
        )


class Migration(migrations.Migration):
    dependencies = [("issues", "0002_append_only_events")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
