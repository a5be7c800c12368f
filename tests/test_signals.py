"""A receiver that refuses undoes the verb: no signal of ours swallows what is raised."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps
from django.dispatch import Signal
from django.test import Client
from django.urls import reverse

from enterprises.actions import assign, change_stage, hand_over
from issues.actions import VERBS
from liaison.accounts.feed_links import make_feed_link
from liaison.accounts.people import close_account
from liaison.calendars.actions import import_calendar
from liaison.core.refused import Refused
from liaison.notices.actions import add_channel
from liaison.whereabouts.actions import give_consent, withdraw_consent
from tests import factories as make
from tests.calendars.plan import PLAN_2027
from tests.rows import OURS, everything

pytestmark = pytest.mark.django_db


def move_a_line():
    line = make.RaisedIssueFactory()
    return lambda: VERBS["accept"](line, by=line.handler, version=line.version)


def give_an_enterprise():
    enterprise = make.AssignedEnterpriseFactory()
    make.RaisedIssueFactory(enterprise=enterprise)
    desk, other = make.DeskFactory(unit=enterprise.unit), make.OfficerFactory(unit=enterprise.unit)
    return lambda: assign(enterprise, other, by=desk, replaces=make.handler_of(enterprise))


def hand_everything_over():
    enterprise = make.AssignedEnterpriseFactory()
    desk, other = make.DeskFactory(unit=enterprise.unit), make.OfficerFactory(unit=enterprise.unit)
    return lambda: hand_over(make.handler_of(enterprise), other, by=desk, reason="调离")


def close_an_enterprise():
    enterprise = make.AssignedEnterpriseFactory()
    desk = make.DeskFactory(unit=enterprise.unit)
    return lambda: change_stage(enterprise, "closed", by=desk, version=enterprise.version)


def close_an_account():
    officer = make.OfficerFactory()
    return lambda: close_account(officer, by=None)


def make_a_link():
    officer = make.OfficerFactory()
    return lambda: make_feed_link(by=officer)


def change_a_password():
    client = Client()
    client.force_login(make.OfficerFactory())
    new = "Qorvex-number-1"
    given = {"old_password": make.PASSWORD, "new_password1": new, "new_password2": new}
    return lambda: client.post(reverse("password_change"), given)


def add_a_channel():
    admin = make.DeskFactory(admin_duty="system")
    return lambda: add_channel(admin.unit, "webhook", "json://gateway.example/", by=admin)


def withdraw_a_consent():
    officer = make.OfficerFactory()
    give_consent(by=officer)
    return lambda: withdraw_consent(by=officer)


def import_a_year():
    return lambda: import_calendar(PLAN_2027, by=None)


VERB = {
    "issues.moved": move_a_line,
    "enterprises.officer_changed": give_an_enterprise,
    "enterprises.everything_handed_over": hand_everything_over,
    "enterprises.closed_down": close_an_enterprise,
    "liaison.accounts.person_leaving": close_an_account,
    "liaison.accounts.person_changed": make_a_link,
    "liaison.accounts.password_changed": change_a_password,
    "liaison.accounts.settings_changed": add_a_channel,
    "liaison.whereabouts.consent_withdrawn": withdraw_a_consent,
    "liaison.calendars.days_changed": import_a_year,
    "liaison.calendars.calendar_imported": import_a_year,
}
# Sent when the verb is done and committed; what is raised there is heard all the same.
AFTERWARDS = {"liaison.calendars.calendar_imported"}


def ours():
    """Every signal of the project, by the name of its app."""
    found = {}
    for config in apps.get_app_configs():
        module = f"{config.name}.signals"
        if config.label in OURS and find_spec(module):
            for name, one in vars(import_module(module)).items():
                if isinstance(one, Signal):
                    found[f"{config.name}.{name}"] = one
    return found


def test_every_signal_was_thought_of():
    assert set(ours()) == set(VERB)


@pytest.mark.parametrize("name", VERB)
def test_a_receiver_that_refuses_undoes_the_verb(name):
    """Failure 14."""
    verb, signal = VERB[name](), ours()[name]
    before = everything()
    heard = []

    def refuse(sender, **_told):
        heard.append(name)
        raise Refused("no", "不行")

    signal.connect(refuse)
    try:
        with pytest.raises(Refused):
            verb()
    finally:
        signal.disconnect(refuse)
    assert heard == [name]
    after = everything()
    if name not in AFTERWARDS:
        assert after == before
