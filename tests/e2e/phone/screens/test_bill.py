"""Lines of the bill on the phone: raised, moved, and somebody else was first."""

import pytest
from playwright.sync_api import expect

from issues.models import Event, Issue
from tests import factories as make
from tests.e2e.phone.screens.reading import KEPT, SENT, at, photo, renewed, sent, toast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_line_is_raised_and_worked_on(page, enterprise):
    at(page, f"/m/issues/new/?enterprise={enterprise.pk}")
    page.get_by_label("什么问题").fill("门前路灯不亮")
    page.locator(".chip", has_text="服务诉求").tap()
    page.get_by_role("button", name="记入账单").tap()
    sent(page)
    line = Issue.objects.get()
    for name in ("受理", "开始办理"):
        at(page, f"/m/issues/{line.pk}/")
        page.get_by_role("link", name=name).tap()
        page.get_by_role("button", name=name).tap()
        expect(toast(page)).to_contain_text(KEPT)
        at(page, "/m/outbox/")
        expect(page.get_by_text(SENT)).to_be_visible()
    line.refresh_from_db()
    assert line.stage == "working"


def test_several_moves_in_a_row_without_network(phone, page, enterprise):
    """Each on what the one before will have left."""
    line = make.RaisedIssueFactory(enterprise=enterprise)
    renewed(phone)
    with phone.without_network():
        at(page, f"/m/issues/{line.pk}/")
        for name in ("受理", "开始办理", "申请销号"):
            page.get_by_role("link", name=name).tap()
            if name == "申请销号":
                page.locator("form textarea").first.fill("当场办好")
            page.get_by_role("button", name=name).tap()
            expect(toast(page)).to_contain_text(KEPT)
        expect(page.locator("#main")).to_contain_text("之后：")
    page.get_by_role("link", name="待发").first.tap()
    page.get_by_role("button", name="现在发送").tap()
    expect(page.get_by_text(SENT)).to_be_visible()
    line.refresh_from_db()
    assert (line.stage, line.version) == ("proposed", 4)


def test_a_close_out_wants_its_proofs_and_has_them(phone, page, enterprise):
    line = make.WorkingIssueFactory(enterprise=enterprise, kind="hazard")
    renewed(phone)
    at(page, f"/m/issues/{line.pk}/?move=propose")
    form = page.locator("form")
    form.locator("textarea").first.fill("通道已清")
    form.locator("input[multiple]").set_input_files([photo(), photo()])
    expect(form.locator("img")).to_have_count(2)
    form.get_by_role("button", name="申请销号").tap()
    sent(page)
    proofs = Event.objects.get(move="propose").attachments.values_list("proof", flat=True)
    assert sorted(proofs) == ["after", "before"]


def test_who_was_first_stands_beside_me_and_one_tap_does_it_again(phone, page, enterprise):
    """Failure 25: nothing is overwritten, and nothing of mine is lost."""
    line = make.RaisedIssueFactory(enterprise=enterprise)
    renewed(phone)
    at(page, f"/m/issues/{line.pk}/?move=accept")
    page.locator("form textarea").fill("马上去看")
    with phone.without_network():
        page.get_by_role("button", name="受理").tap()
        expect(toast(page)).to_contain_text(KEPT)
        Issue.objects.filter(pk=line.pk).update(version=9, title="改过的标题")
        # Opened while nothing gets through: else it sends by itself, and the button goes.
        at(page, "/m/outbox/")
    page.get_by_role("button", name="现在发送").tap()
    expect(page.locator("#head .sync")).to_contain_text("1 条要处理")
    page.locator("#main .rows a").tap()
    mine, theirs = page.locator(".sides .card").all()
    expect(mine).to_contain_text("马上去看")
    expect(theirs).to_contain_text("改过的标题")
    page.get_by_role("button", name="按现在的情况重新提交").tap()
    expect(page.get_by_text(SENT)).to_be_visible()
    assert Event.objects.get(move="accept").text == "马上去看"
