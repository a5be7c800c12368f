"""One phone, several people: nobody sees or sends what is another's, and nothing is lost."""

import json

import pytest
from django.test import Client

from tests import factories as make
from tests.e2e.people import sign_in
from tests.e2e.phone.handset import EVERYTHING, OUTBOX, Refused, end_sessions, lost
from tests.e2e.phone.work import form, visit
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "示例机密情况"
FORM = form(summary=WORDS)
# All that lies in any database and cache of the phone, as text; ArrayBuffers too.
EVERYTHING_KEPT = """
  const text = async (value) => JSON.stringify(value, (name, one) =>
    one instanceof ArrayBuffer ? new TextDecoder().decode(one)
      : one instanceof CryptoKey ? "key:" + one.extractable : one);
  const found = {};
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    for (const store of Array.from(db.objectStoreNames)) {
      const rows = await new Promise((resolve) => {
        const request = db.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      found[name + "/" + store] = await text(rows);
    }
    db.close();
  }
  found.caches = await text(await caches.keys());
  found.session = JSON.stringify([sessionStorage, localStorage]);
  return JSON.stringify(found);
"""


@pytest.fixture
def colleague(officer):
    return make.OfficerFactory(unit=officer.unit, name="示例同事")


@pytest.fixture
def waiting(phone, enterprise):
    """The row of a visit that could not be sent yet."""
    with phone.without_network():
        return phone.put(visit(enterprise, summary=WORDS))


def kept(phone):
    return phone.run(EVERYTHING_KEPT)


def test_another_officer_sees_nothing_of_the_first_and_sends_nothing(
    phone, officer, colleague, enterprise, waiting
):
    """Acceptance 4."""
    assert WORDS in kept(phone)
    end_sessions()
    with phone.answered(OUTBOX, lambda route: route.fallback()) as asked:
        phone.signed_in(colleague)
        assert phone.get("[phone.person.id, phone.another]") == [colleague.pk, False]
        assert phone.send() == []
        assert not asked
    assert phone.run("return phone.unsent();") == 0
    assert not any(word in kept(phone) for word in (WORDS, officer.name))
    # The colleague's own goes under the colleague's name.
    phone.put(visit(enterprise, summary="同事"))
    phone.until("!phone.operations.length")
    assert Visit.objects.get().officer == colleague
    # The first comes back, and it is all there.
    end_sessions()
    phone.signed_in(officer)
    phone.until("!phone.operations.length")
    mine = Visit.objects.get(officer=officer)
    assert (str(mine.client_id), mine.summary) == (waiting["client_id"], WORDS)


def test_an_open_page_of_the_first_is_emptied_when_another_signs_in(
    phone, officer, colleague, enterprise, waiting
):
    end_sessions()
    second = phone.tab()
    first, phone.page = phone.page, second
    phone.signed_in(colleague)
    phone.until("phone.another", first)
    shown = "[phone.person, phone.data, phone.operations.length]"
    assert phone.get(shown, first) == [None, None, 0]
    for refused in ("phone.saveDraft('x', {})", "phone.exportUnsent()", "phone.put({ body: {} })"):
        with pytest.raises(Refused, match="another"):
            phone.run(f"return {refused};", page=first)
    assert phone.get("phone.person.id") == colleague.pk
    assert not any(word in kept(phone) for word in (WORDS, officer.name))


def test_nothing_is_shown_before_it_is_known_who_has_signed_in(
    phone, officer, colleague, enterprise, waiting
):
    end_sessions()
    sign_in(phone.page, colleague)
    with phone.answered(EVERYTHING, lost):
        phone.opened()
        assert phone.get("[phone.person, phone.data, phone.another]") == [None, None, True]
        assert phone.rows() == []
    phone.run("await phone.wake();")
    assert phone.get("[phone.person.id, phone.another]") == [colleague.pk, False]


def test_nothing_is_sent_in_the_name_of_whoever_has_come_between_two_requests(
    phone, colleague, enterprise, waiting
):
    """The page has no way of noticing: the server says it."""
    put_session_of(colleague, phone)
    with phone.answered(OUTBOX, lambda route: route.fallback()) as asked:
        assert phone.send() == []
        assert len(asked) == 1
    assert not Visit.objects.exists()
    assert phone.get("[phone.person, phone.another]") == [None, True]
    assert WORDS not in kept(phone)


def put_session_of(person, phone):
    """As a sign-in elsewhere would, but for the CSRF token."""
    client = Client()
    client.force_login(person)
    [mine] = [one for one in phone.context.cookies() if one["name"] == "sessionid"]
    value = client.cookies["sessionid"].value
    phone.context.add_cookies([{**mine, "value": value}])


def test_signing_out_seals_what_is_unsent_until_its_person_is_back(
    phone, officer, colleague, enterprise, waiting
):
    """Acceptance 4; 28: personal data stayed cached after sign-out."""
    phone.run("await phone.saveDraft('a-draft', given);", FORM)
    assert phone.run("return phone.unsent();") == 2
    with phone.answered(OUTBOX, lost):
        assert phone.run("return phone.leave({ unsent: 'keep' });") is True
    there = json.loads(kept(phone))
    assert WORDS not in str(there)
    assert enterprise.name not in str(there)
    assert officer.name not in str(there)
    assert "key:" not in str(there)
    assert json.loads(there[f"liaison-phone-{officer.pk}/sealed"])
    assert phone.get("[phone.person, phone.data, phone.signedIn]") == [None, None, False]
    phone.signed_in(colleague)
    assert WORDS not in kept(phone)
    phone.run("return phone.leave({ unsent: 'keep' });")
    phone.signed_in(officer)
    phone.until("!phone.operations.length")
    assert phone.run("return phone.draft('a-draft');") == FORM
    assert Visit.objects.get().officer == officer


def test_signing_out_without_keeping_leaves_nothing(phone, officer, enterprise, waiting):
    exported = json.loads(phone.run("return (await phone.exportUnsent()).text();"))
    assert exported["operations"][0]["body"]["summary"] == WORDS
    with phone.answered(OUTBOX, lost):
        phone.run("return phone.leave({ unsent: 'drop' });")
    there = json.loads(kept(phone))
    left = {name: json.loads(rows) for name, rows in there.items() if name.startswith("liaison")}
    shut = f"liaison-phone-{officer.pk}/kept"
    assert left.pop(shut) == [{"name": "shut"}]
    tried = left.pop("liaison-phone/kept")
    assert [one["name"] for one in tried] == ["tried"]
    assert not any(left.values())
    phone.signed_in(officer)
    assert phone.run("return phone.unsent();") == 0


def test_signing_out_without_network_is_told_to_the_server_later(
    phone, officer, enterprise, waiting
):
    with phone.answered(EVERYTHING, lost), phone.answered("**/sign-out/", lost):
        assert phone.run("return phone.leave({ unsent: 'keep' });") is False
        assert WORDS not in kept(phone)
        phone.opened()
        assert phone.get("phone.person") is None
    phone.run("await phone.wake();")
    assert phone.get("[phone.person, phone.signedIn]") == [None, False]
    phone.page.goto("/")
    assert "sign-in" in phone.page.url


def test_whoever_signs_in_again_before_the_server_was_told_stays(phone, officer, waiting):
    with phone.answered(EVERYTHING, lost), phone.answered("**/sign-out/", lost):
        phone.run("return phone.leave({ unsent: 'keep' });")
    end_sessions()
    phone.signed_in(officer)
    assert phone.get("phone.person.id") == officer.pk
    phone.until("!phone.operations.length")


def test_a_phone_that_dies_while_signing_out_goes_on_with_it(phone, officer, enterprise, waiting):
    phone.run("phone.leave({ unsent: 'keep' }); return 1;")
    phone.opened()
    phone.until("phone.signedIn === false && !phone.person")
    assert WORDS not in kept(phone)


def test_photos_are_sealed_and_opened_too(phone, officer, enterprise):
    code = """
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 64;
      const blob = await new Promise((resolve) => canvas.toBlob(resolve));
      return phone.takePhoto(new File([blob], "image.jpg"), "a-draft");
    """
    with phone.without_network():
        photo = phone.run(code)
        files = [{"upload": photo["id"], "proof": "before"}]
        found = [{"kind": "hazard", "title": "堆料", "evidence": files}]
        phone.put(
            {**visit(enterprise, findings=found), "photos": [photo["id"]], "draft": "a-draft"}
        )
    with phone.answered(OUTBOX, lost):
        exported = json.loads(phone.run("return (await phone.exportUnsent()).text();"))
        [one] = exported["photos"]
        assert (one["id"], one["data"][:4]) == (photo["id"], "/9j/")
        phone.run("return phone.leave({ unsent: 'keep' });")
    assert "JFIF" not in kept(phone)
    phone.signed_in(officer)
    phone.until("!phone.operations.length")
    assert Visit.objects.count() == 1


def test_the_key_cannot_be_carried_off(phone):
    assert "key:false" in kept(phone)


def test_signing_out_on_the_website_is_noticed(phone, officer, colleague, enterprise, waiting):
    """Somebody signed in since, and nobody is signed in now: it is nobody's to see."""
    end_sessions()
    sign_in(phone.page, colleague)
    end_sessions()
    phone.opened()
    phone.until("phone.signedIn === false && !phone.another")
    assert phone.get("[phone.person, phone.data]") == [None, None]
    assert WORDS not in kept(phone)
    phone.signed_in(officer)
    phone.until("!phone.operations.length")
    assert Visit.objects.count() == 1
