"""A phone: a browser's context, and its engine asked through a page of it."""

import json
import time
from contextlib import contextmanager

from django.contrib.sessions.models import Session

from tests.e2e.people import sign_in

SCREEN = {"width": 360, "height": 740}
SECONDS = 1000
WAITS = 15  # seconds
OUTBOX, UPLOADS, WHO = "**/mobile/outbox/", "**/mobile/uploads/**", "**/mobile/who/"
EVERYTHING = "**/mobile/**"
# What the engine refuses is told, what it fails at is an error of the page.
ENGINE = """async (given) => {
  const engine = await import("/static/js/phone/phone.js");
  const phone = await engine.start();
  try {
    return { value: await (async () => { %s })() };
  } catch (error) {
    if (typeof error.code !== "string") throw error;
    return { code: error.code, message: error.message, object: error.object };
  }
}"""


class Refused(Exception):  # noqa: N818 - what the engine answered
    def __init__(self, said):
        super().__init__(said["code"])
        self.code, self.message, self.object = said["code"], said["message"], said["object"]


class Handset:
    """``problems``: errors of our scripts that any page of it has met."""

    def __init__(self, browser, url, init_script=None, **options):
        self.problems = []
        self.context = browser.new_context(
            base_url=url, viewport=SCREEN, has_touch=True, locale="zh-CN", **options
        )
        self.context.set_default_timeout(WAITS * SECONDS)
        if init_script:
            self.context.add_init_script(init_script)
        self.page = self.tab()

    def tab(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"{error}\n{error.stack}"))
        return page

    def signed_in(self, person):
        """The same phone, with its page open after the person has signed in."""
        sign_in(self.page, person)
        self.opened().until("phone.data")
        return self

    def opened(self):
        self.page.goto("/m/")
        return self

    def run(self, code, given=None, page=None):
        """What ``code`` returns: the body of an async function that has `phone` and `given`."""
        answer = (page or self.page).evaluate(ENGINE % code, given)
        if "value" not in answer and "code" in answer:
            raise Refused(answer)
        return answer.get("value")

    def get(self, expression, page=None):
        return self.run(f"return {expression};", page=page)

    def until(self, expression, page=None):
        """Wait for it to be true of the phone."""
        end = time.monotonic() + WAITS
        while not (found := self.get(expression, page)):
            assert time.monotonic() < end, f"never: {expression}; {self.rows(page)}"
            self.page.wait_for_timeout(50)
        return found

    def put(self, operation, page=None):
        """Enter it; the row."""
        return self.run("return phone.put(given);", operation, page)

    def send(self, page=None):
        """Press the button, and wait until nothing more happens; what is left."""
        self.run("await phone.send();", page=page)
        return self.rows(page)

    def rows(self, page=None):
        """(state, code) of what is in the outbox, in its order."""
        return [tuple(one) for one in self.get(ROWS, page)]

    @contextmanager
    def without_network(self):
        """Where nothing gets through; the phone is not told when it ends, unlike by ``offline``."""
        with self.answered(EVERYTHING, lost) as asked:
            yield asked
            for page in self.context.pages:
                self.until("!phone.round && !phone.refreshing", page)

    @contextmanager
    def offline(self):
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)

    @contextmanager
    def answered(self, where, how):
        """While it lasts ``how(route)`` answers requests to ``where``; the list of their bodies."""
        asked = []

        def answer(route):
            asked.append(route.request.post_data_buffer)
            how(route)

        self.context.route(where, answer)
        yield asked
        self.context.unroute(where, answer)


ROWS = "phone.operations.map((one) => [one.state, one.code])"


def lost(route):
    """The request does not arrive."""
    route.abort("connectionreset")


def lost_answer(route):
    """The server has done it, and the phone does not hear of it."""
    route.fetch()
    route.abort("connectionreset")


def says(status, body="", content_type="text/html", **headers):
    """Somebody on the way answers in the server's stead."""

    def answer(route):
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        route.fulfill(status=status, body=body, content_type=content_type, headers=told)

    return answer


def says_json(status, body):
    return says(status, json.dumps(body), "application/json")


def end_sessions():
    """As if nobody had used them for long."""
    Session.objects.all().delete()


BOTH_AT_WORK = """async () => {
  const all = await navigator.serviceWorker.getRegistrations();
  return all.length === 2 && all.every((one) => one.active && one.active.state === "activated");
}"""


def wait_for_worker(page):
    """The page is kept on the phone, and so is what answers for the cards at gates."""
    end = time.monotonic() + WAITS
    # Not wait_for_function: it takes a promise for an answer.
    while not page.evaluate(BOTH_AT_WORK):
        assert time.monotonic() < end, "the worker does not come to work"
        page.wait_for_timeout(50)
