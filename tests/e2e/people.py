"""What every browser test does first: sign in, sign out, open a move."""

from playwright.sync_api import Locator, Page, expect

from liaison.accounts.models import User
from tests.factories import PASSWORD


def sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/sign-in/")
    page.get_by_label("手机号或用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    # The address, not only the missing field: a refusal shows no field either.
    page.wait_for_url(lambda url: "/accounts/sign-in/" not in url)
    expect(page.get_by_label("密码")).to_have_count(0)


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_label("密码")).to_be_visible()


def make_move(page: Page, name: str) -> None:
    """Press the button of a move that asks for nothing."""
    page.locator(f'form[data-move="{name}"] button').click()
    expect(page.get_by_role("status").first).to_contain_text("已完成")


def open_move(page: Page, name: str) -> Locator:
    """Open the panel of a move; its form."""
    page.locator(f'a[data-move="{name}"]').click()
    return page.locator(f"#move-{name} form")


def pick(page: Page, label: str, typed: str) -> None:
    """Choose in a picker by typing, with the keyboard alone."""
    box = page.get_by_role("combobox", name=label)
    box.fill(typed)
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
