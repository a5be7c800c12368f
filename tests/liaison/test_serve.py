"""`manage.py serve`: one command starts everything, and nothing of it stays behind."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request

import pytest
from django.conf import settings as site

from liaison.accounts.demo import keep_sign_ins
from tests import factories as make
from tests.liaison.processes import alive, command_of, descendants, environment, started, wait_for
from tests.services import free_port

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


@pytest.fixture
def installation(settings, tmp_path):
    """The environment of one whose database has a chief whose sign-in is kept."""
    settings.VAR = tmp_path
    # One that the processes know too; the tests' own is not in the settings they read.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    chief = make.ChiefFactory(username="chief1")
    make.AssignedEnterpriseFactory(unit=chief.unit)
    keep_sign_ins({"chief1": make.PASSWORD})
    return environment(tmp_path)


@pytest.fixture
def serve(installation, tmp_path):
    """Serving: (the process, its port, all that it printed)."""
    port = free_port()
    path = tmp_path / "serve.log"
    with (
        path.open("w") as log,
        started("manage.py", "serve", "--port", str(port), env=installation, log=log) as process,
    ):
        # The line of the only sign-in is the last that it prints.
        wait_for(lambda: "chief1" in path.read_text() or process.poll() is not None, "serving")
        assert process.poll() is None, path.read_text()
        yield process, port, path


def below(process):
    """All its processes: granian with two workers, celery with one child, beat."""
    wait_for(lambda: len(descendants(process.pid)) >= 6, "all processes")
    return descendants(process.pid)


def test_the_printed_sign_in_opens_the_dashboard_and_a_signal_stops_all(serve, installation):
    process, port, path = serve
    printed = path.read_text()
    assert f"http://localhost:{port}/" in printed
    [(username, password)] = re.findall(r"^ +chief +(\S+) +(\S+)$", printed, re.MULTILINE)
    dashboard = sign_in(f"http://127.0.0.1:{port}", username, password)
    assert 'href="/enterprises/?overdue=1"' in dashboard

    again = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=site.BASE_DIR, env=installation, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert again.returncode == 1
    assert f"Port {port} cannot be used" in again.stderr

    everyone = below(process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not [pid for pid in everyone if alive(pid)]
    assert "Traceback" not in path.read_text()


def test_ctrl_c_in_the_terminal_stops_all(serve):
    process, _port, _log = serve
    everyone = below(process)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)  # an impatient one
    assert process.wait(30) == 0
    assert not [pid for pid in everyone if alive(pid)]


def test_killed_outright_it_leaves_nothing_behind(serve):
    process, _port, _log = serve
    everyone = below(process)
    process.kill()
    process.wait()
    wait_for(lambda: not [pid for pid in everyone if alive(pid)], "all to have ended", within=30)


def test_one_that_dies_takes_all_with_it_and_is_named(serve):
    process, _port, path = serve
    everyone = below(process)
    (beat,) = [pid for pid in everyone if " beat " in command_of(pid)]
    os.kill(beat, signal.SIGKILL)
    assert process.wait(30) == 1
    assert not [pid for pid in everyone if alive(pid)]
    assert "beat ended by itself" in path.read_text()


def sign_in(site_url, username, password):
    """What a browser gets to see after the form."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(f"{site_url}/accounts/sign-in/", timeout=30).close()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    form = {"username": username, "password": password, "csrfmiddlewaretoken": token}
    body = urllib.parse.urlencode(form).encode()
    with opener.open(f"{site_url}/accounts/sign-in/", body, timeout=30) as answer:
        assert urllib.parse.urlsplit(answer.url).path == "/"
        return answer.read().decode()
