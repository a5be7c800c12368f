"""Finding one's way about the phone's screens."""

from playwright.sync_api import expect

from tests import factories as make

NO_STORE = "indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); };"
KEPT, SENT = "已保存到手机", "全部已传到所里"


def at(page, path):
    page.goto(path)
    expect(page.locator("#main .screen")).to_be_visible()
    return page


def renewed(phone):
    """The phone knows what has been made since."""
    phone.run("await phone.refresh();")


def sent(page):
    """What was saved last is at the station."""
    expect(toast(page)).to_contain_text(KEPT)
    at(page, "/m/outbox/")
    expect(page.get_by_text(SENT)).to_be_visible()


def toast(page):
    return page.locator("#head .toast")


def photo(name="image.jpg"):
    return {"name": name, "mimeType": "image/png", "buffer": make.picture_bytes("red")}
