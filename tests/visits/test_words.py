"""“Did the officer come?”: said once by the enterprise, answered by a chief who was not there."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from liaison.core.refused import Conflict, Refused
from liaison.notices.models import Notice
from tests import factories as make
from visits.actions import Promised, answer_word, say_of_visit
from visits.models import VisitWord

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return make.VisitFactory(
        summary="内部的观察", met="李经理", roles=["risk_resolver"], promises=[Promised("送宣传册")]
    )


@pytest.fixture
def contact(visit):
    return make.ContactUserFactory(enterprise=visit.enterprise)


@pytest.fixture
def chief(visit):
    return make.ChiefFactory(unit=visit.unit)


def page(person):
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def told(person):
    return list(Notice.objects.filter(recipient=person).values_list("kind", flat=True))


def test_a_yes_is_said_once_and_disturbs_nobody(visit, contact, chief):
    word = say_of_visit(visit, by=contact, came=True)
    assert (word.came, word.by_name, word.officer) == (True, str(contact), visit.officer)
    colleague = make.ContactUserFactory(enterprise=visit.enterprise)
    with pytest.raises(Conflict) as refused:
        say_of_visit(visit, by=colleague, came=False, words="没来")
    assert refused.value.code == "said"
    assert told(chief) == []
    assert VisitWord.objects.get() == word


def test_a_no_needs_words_and_is_told_to_chief_and_desk(visit, contact, chief):
    desk = make.someone("desk", visit.unit)
    with pytest.raises(Refused) as refused:
        say_of_visit(visit, by=contact, came=False, words=" ")
    assert refused.value.field == "words"
    say_of_visit(visit, by=contact, came=False, words="当天没有人来")
    assert told(chief) == told(desk) == ["visit.disputed"]
    assert "visit.disputed" not in told(visit.officer)


def test_who_may_not_speak_for_the_enterprise(visit, contact, chief):
    former = make.ContactUserFactory(enterprise=visit.enterprise)
    former.contact_for.update(left_on=timezone.localdate())
    for person in (visit.officer, chief, make.ContactUserFactory(), former):
        with pytest.raises(Refused) as refused:
            say_of_visit(visit, by=person, came=True)
        assert refused.value.code == "not_yours"
    old = make.VisitFactory(
        enterprise=visit.enterprise, happened_at=timezone.now() - timedelta(days=91)
    )
    with pytest.raises(Refused):
        say_of_visit(old, by=contact, came=True)
    assert not VisitWord.objects.exists()


def test_a_chief_answers_and_the_contact_reads_it(visit, contact, chief):
    word = say_of_visit(visit, by=contact, came=False, words="没有人来")
    answer_word(word, by=chief, answer="已核实，系记录错误")
    assert told(contact) == ["visit.answered"]
    assert "已核实，系记录错误" in page(contact).get(f"/portal/visits/{visit.pk}/").content.decode()
    with pytest.raises(Conflict):
        answer_word(word, by=make.ChiefFactory(unit=visit.unit), answer="再答一次")


def test_nobody_answers_about_themselves():
    chief = make.ChiefFactory()
    enterprise = make.AssignedEnterpriseFactory(unit=chief.unit, officer=chief)
    word = make.DisputedVisitFactory(visit__enterprise=enterprise)
    desk = make.someone("desk", chief.unit)
    for person in (chief, make.OfficerFactory(unit=chief.unit), make.ChiefFactory()):
        with pytest.raises(Refused) as refused:
            answer_word(word, by=person, answer="来过")
        assert refused.value.code == "not_allowed"
    with pytest.raises(IntegrityError, match="visit_word_by_another"), transaction.atomic():
        VisitWord.objects.filter(pk=word.pk).update(
            answer="来过", answered_by=chief, answered_at=timezone.now()
        )
    # There may be no second chief: then the desk.
    answer_word(word, by=desk, answer="已向企业说明")


def test_of_an_officers_visit_the_desk_does_not_answer(visit, contact):
    word = say_of_visit(visit, by=contact, came=False, words="没有人来")
    with pytest.raises(Refused):
        answer_word(word, by=make.someone("desk", visit.unit), answer="来过")


def test_what_was_said_stands(visit, contact):
    word = say_of_visit(visit, by=contact, came=False, words="没有人来")
    with pytest.raises(DatabaseError, match=r"frozen|append-only"), transaction.atomic():
        VisitWord.objects.filter(pk=word.pk).update(came=True)


# --- in the browser ---------------------------------------------------------------------------


def test_the_list_shows_what_the_enterprise_may_know(visit, contact):
    make.PhotographedVisitFactory(enterprise=visit.enterprise, summary="另一次的观察")
    other = make.VisitFactory(met="别家的人")
    for where in ("/portal/visits/", f"/portal/visits/{visit.pk}/"):
        shown = page(contact).get(where).content.decode()
        for words in ("李经理", "送宣传册", str(visit.officer)):
            assert words in shown, (where, words)
        for words in ("内部的观察", "另一次的观察", other.met, other.enterprise.name):
            assert words not in shown, (where, words)
    assert page(contact).get(f"/portal/visits/{other.pk}/").status_code == 404
    assert page(contact).post(f"/portal/visits/{other.pk}/", {"came": "1"}).status_code == 404


def test_the_form_keeps_what_was_typed_and_takes_it(visit, contact):
    where, client = f"/portal/visits/{visit.pk}/", page(contact)
    answer = client.post(where, {"came": "0", "words": ""})
    assert answer.status_code == 422
    assert "Say what was different" in answer.content.decode()
    assert client.post(where, {"words": "没有人来"}).status_code == 422
    answer = client.post(where, {"came": "0", "words": "没有人来"}, follow=True)
    assert "No, it was not" in answer.content.decode()
    again = client.post(where, {"came": "1", "words": "还是来过"})
    assert again.status_code == 409
    assert "还是来过" in again.content.decode()


def test_staff_see_it_on_the_page_and_by_the_filter(visit, contact, chief):
    say_of_visit(visit, by=contact, came=False, words="没有人来")
    fine = make.VisitFactory(enterprise__unit=visit.unit)
    say_of_visit(fine, by=make.ContactUserFactory(enterprise=fine.enterprise), came=True)
    client = page(chief)
    for said, shown in (("unanswered", visit), ("disputed", visit), ("confirmed", fine)):
        rows = client.get(f"/visits/?said={said}").content.decode()
        for one in (visit, fine):
            assert (f'href="/visits/{one.pk}/"' in rows) == (one == shown), (said, one)
    detail = client.get(f"/visits/{visit.pk}/").content.decode()
    assert "没有人来" in detail
    assert f"/visits/words/{visit.word.pk}/answer/" in detail
    assert (
        f"/visits/words/{visit.word.pk}/answer/"
        not in page(visit.officer).get(f"/visits/{visit.pk}/").content.decode()
    )
    assert "Disputed visits" in client.get("/").content.decode()
    where = f"/visits/words/{visit.word.pk}/answer/"
    assert client.post(where, {"answer": ""}).status_code == 422
    assert client.post(where, {"answer": "已核实"}).status_code == 302
    assert "Disputed visits" not in client.get("/").content.decode()
