"""What is kept is on the disk, and what cannot be kept is said."""

import uuid
from datetime import timedelta

import pytest

from issues.models import Issue
from tests import factories as make
from tests.e2e.phone.handset import EVERYTHING, OUTBOX, Refused, lost, lost_answer, says_json
from tests.e2e.phone.work import form, issue, visit
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A browser that keeps nothing, as private windows of some do.
REFUSES = """
  IDBFactory.prototype.open = () => { throw new DOMException("no", "SecurityError"); };
"""
# A disk on which nothing more goes, from the moment on that a test says so.
FULL = """
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (row) {
    if (window.isFull && ["operations", "bytes"].includes(this.name)) {
      throw new DOMException("full", "QuotaExceededError");
    }
    return put.call(this, row);
  };
"""
LITTLE_ROOM = """
  StorageManager.prototype.estimate = async () => ({ quota: 9e6, usage: 1e6 });
"""
# Commits that never come to an end.
SLOW = """
  const transaction = IDBDatabase.prototype.transaction;
  Object.defineProperty(IDBTransaction.prototype, "oncomplete", {
    set(done) {
      this.addEventListener("complete", () => {
        window.isSlow ? (window.release = () => done.call(this)) : done.call(this);
      });
    },
  });
"""


def test_saved_is_said_once_it_is_on_the_disk(handsets, officer, enterprise):
    """22: "saved" shown before IndexedDB committed."""
    phone = handsets(init_script=SLOW).signed_in(officer)
    with phone.answered(EVERYTHING, lost):
        code = """
          window.isSlow = true;
          window.said = "";
          phone.put(given).then(() => { window.said = "saved"; });
          await new Promise((done) => setTimeout(done, 300));
          const before = window.said;
          window.isSlow = false;
          window.release();
          await new Promise((done) => setTimeout(done, 300));
          return [before, window.said];
        """
        assert phone.run(code, visit(enterprise)) == ["", "saved"]


def test_a_full_disk_is_said_and_what_is_entered_goes_at_once(handsets, officer, enterprise):
    """22: quota errors silent. Acceptance 6."""
    phone = handsets(init_script=FULL).signed_in(officer)
    phone.run("window.isFull = true;")
    phone.put(visit(enterprise))
    assert Visit.objects.count() == 1
    assert phone.get("phone.trouble") == "full"
    with phone.without_network(), pytest.raises(Refused, match="offline"):
        # Not saved, and it says so: what was typed is still in the form.
        phone.put(visit(enterprise))
    with pytest.raises(Refused, match="full"):
        phone.run("return phone.takePhoto(await (await fetch('/static/img/favicon.svg')).blob());")
    assert phone.rows() == []


def test_little_room_is_said_at_the_start(handsets, officer, enterprise):
    """Acceptance 6."""
    phone = handsets(init_script=LITTLE_ROOM).signed_in(officer)
    assert phone.get("[phone.trouble, phone.keeps]") == ["full", True]
    phone.put(visit(enterprise))
    phone.until("!phone.operations.length")
    assert Visit.objects.count() == 1


@pytest.fixture
def keeping_nothing(handsets, officer, enterprise):
    return handsets(init_script=REFUSES).signed_in(officer)


def test_a_browser_that_keeps_nothing_sends_at_once(keeping_nothing, enterprise):
    """Acceptance 6."""
    phone = keeping_nothing
    assert phone.get("[phone.keeps, phone.trouble]") == [False, "refused"]
    assert phone.get("phone.data.enterprises.length") == 1
    canvas = """
      const canvas = document.createElement("canvas");
      const blob = await new Promise((resolve) => canvas.toBlob(resolve));
      return phone.takePhoto(new File([blob], "image.jpg"), "a-draft");
    """
    photo = phone.run(canvas)
    files = [{"upload": photo["id"], "proof": "before"}]
    found = [{"kind": "hazard", "title": "堆料", "evidence": files}]
    phone.put({**visit(enterprise, findings=found), "photos": [photo["id"]]})
    assert Visit.objects.count() == Issue.objects.count() == 1
    assert phone.rows() == []


def test_where_nothing_is_kept_a_refusal_is_the_forms_to_show(keeping_nothing, enterprise):
    phone = keeping_nothing
    with pytest.raises(Refused) as refused:
        phone.put(issue(enterprise, kind="nonsense"))
    assert (refused.value.code, "kind" in refused.value.object["errors"]) == ("invalid", True)
    told = {"code": "not_authenticated", "message": ""}
    with phone.answered(OUTBOX, says_json(401, told)), pytest.raises(Refused, match="not_auth"):
        phone.put(visit(enterprise))


def test_where_nothing_is_kept_a_lost_answer_makes_no_second(keeping_nothing, enterprise):
    phone, entered = keeping_nothing, visit(enterprise)
    with phone.answered(OUTBOX, lost_answer), pytest.raises(Refused, match="offline"):
        phone.put({**entered, "draft": "a-draft"})
    phone.put({**entered, "draft": "a-draft"})
    assert Visit.objects.count() == 1


def test_what_was_told_is_there_without_network(phone, officer, enterprise):
    as_of = phone.get("phone.asOf.getTime()")
    with phone.answered(EVERYTHING, lost):
        phone.opened()
        assert phone.get("phone.person.name") == officer.name
        assert phone.get("phone.data.enterprises[0].name") == enterprise.name
        assert phone.get("phone.asOf.getTime()") == as_of
        phone.until("phone.online === false")


def test_what_has_not_changed_is_not_sent_again(phone):
    answers = []
    phone.page.on("response", lambda one: answers.append((one.url.split("/")[-2], one.status)))
    phone.run("await phone.refresh();")
    assert answers == [("who", 200), ("data", 304)]
    assert phone.get("phone.data.enterprises.length") == 1


def test_what_others_did_is_seen_after_sending(phone, officer, enterprise):
    make.AssignedEnterpriseFactory(unit=officer.unit, officer=officer)
    phone.put(visit(enterprise))
    phone.until("phone.data.enterprises.length === 2")


def test_what_was_told_is_purged_after_its_time_and_what_is_unsent_is_not(phone, enterprise):
    with phone.answered(EVERYTHING, lost):
        phone.put(visit(enterprise))
        later = phone.page.evaluate("Date.now()") + timedelta(hours=73) / timedelta(milliseconds=1)
        phone.page.clock.install(time=later / 1000)
        phone.opened()
        assert phone.get("[phone.data, phone.asOf]") == [None, None]
        assert phone.run("return phone.store.read('kept', 'data');") is None
        assert phone.get("phone.counts.waiting") == 1
    phone.run("await phone.wake();")
    phone.until("phone.data && !phone.operations.length")


def test_it_is_purged_in_an_open_page_too(phone):
    phone.page.clock.install()
    phone.opened()
    phone.until("phone.data")
    with phone.answered(EVERYTHING, lost):
        phone.page.clock.fast_forward(73 * 3600 * 1000)
        phone.until("phone.data === null")


def test_each_draft_is_a_draft_of_its_own(phone):
    """26: all drafts under one key: two tabs raced."""
    second = phone.tab()
    second.goto("/m/")
    phone.until("phone.person", second)
    write = """
      const { newId } = await import("/static/js/phone/phone.js");
      const id = newId();
      for (let n = 0; n < 20; n += 1) {
        await phone.saveDraft(id, { ...given, n });
      }
      return id;
    """
    typed, other = form(summary="甲"), form(summary="乙")
    first_id = phone.run(write, typed)
    second_id = phone.run(write, other, second)
    assert uuid.UUID(first_id).version == uuid.UUID(second_id).version == 4
    drafts = {one["id"]: one["value"] for one in phone.run("return phone.drafts();")}
    assert drafts == {first_id: {**typed, "n": 19}, second_id: {**other, "n": 19}}


def test_a_draft_and_its_row_change_together(phone, enterprise):
    with phone.without_network():
        phone.run("await phone.saveDraft('a-draft', given);", form())
        phone.put({**visit(enterprise), "draft": "a-draft"})
        assert phone.run("return phone.draft('a-draft');") is None
        # The form that saves once more, after it has been entered.
        phone.run("await phone.saveDraft('a-draft', given);", form())
        assert phone.run("return phone.drafts();") == []
