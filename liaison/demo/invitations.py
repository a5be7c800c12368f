"""Contacts with accounts of their own: some joined by invitation, one was invited and has not come
yet, one has left. By the verbs that everybody uses."""

import secrets
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from enterprises.actions import add_contact, contact_left, invitation_of, invite, make_account
from enterprises.models import Contact, Enterprise
from liaison.accounts.models import User

if TYPE_CHECKING:
    from liaison.demo.station import Station


def invite_people(shown: Enterprise, other: Enterprise, station: "Station") -> None:
    """``shown`` is the enterprise whose contact everybody signs in as."""
    diary, desk = station.diary, station.desk
    diary.at(diary.day(40, 10), partial(_joined, shown, "企业联系人乙", "contact2", 1, station))
    diary.at(diary.day(38, 10), partial(_joined, other, "示例安保经理", "contact3", 2, station))
    diary.at(diary.day(36, 11), partial(_came_and_left, shown, station))
    diary.at(
        max(diary.day(1, 16), diary.now - timedelta(hours=40)),
        partial(_invited, shown, "企业联系人丙", 4, desk),
    )


def _invited(enterprise: Enterprise, name: str, n: int, by: User) -> tuple[Contact, str]:
    values = {"name": name, "position": "安保干事", "phone": f"1370000{2000 + n}"}
    contact = add_contact(enterprise, values, by=by)
    return contact, invite(contact, by=by)[1]


def _joined(
    enterprise: Enterprise, name: str, username: str, n: int, station: "Station"
) -> Contact:
    contact, token = _invited(enterprise, name, n, station.desk)
    invitation = invitation_of(token)
    if invitation is None:
        raise ValueError("an invitation of this moment holds")
    # Of three kinds of characters, whatever chance gives.
    password = f"{secrets.token_urlsafe(6)}aA1"
    user = make_account(invitation, name=name, password=password)
    # As everybody else of the demo: by a name that can be read aloud.
    User.objects.filter(pk=user.pk).update(username=username)
    station.passwords[username] = password
    station.people[username] = User.objects.get(pk=user.pk)
    return contact


def _came_and_left(enterprise: Enterprise, station: "Station") -> None:
    contact = _joined(enterprise, "企业联系人丁", "contact4", 3, station)
    contact_left(contact, by=station.desk)
    del station.passwords["contact4"], station.people["contact4"]
