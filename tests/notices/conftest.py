import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot

from tests import factories as make
from tests.notices.http_sink import serving_http
from tests.notices.sink import listening


@pytest.fixture
def configured(settings):
    """A server that has a mail server; what is sent lies in ``mailoutbox``."""
    settings.EMAIL_URL = "smtp://mail.example"
    settings.SITE_URL = "https://liaison.example"


@pytest.fixture
def sink(settings):
    """A mail server on this machine."""
    with listening() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_URL = f"smtp://127.0.0.1:{sink.port}"
        yield sink


@pytest.fixture
def http_sink():
    """A gateway, a webhook's other side, or a robot's host on this machine."""
    with serving_http() as sink:
        yield sink


@pytest.fixture
def robots(http_sink, monkeypatch):
    """The robots' hosts are fixed in Apprise; here they are this machine."""
    host = f"http://127.0.0.1:{http_sink.port}"
    monkeypatch.setattr(NotifyWeComBot, "notify_url", f"{host}/wecom?key={{key}}")
    monkeypatch.setattr(NotifyDingTalk, "notify_url", f"{host}/dingtalk?access_token={{token}}")
    return http_sink


@pytest.fixture
def site_address(settings):
    settings.SITE_URL = "https://liaison.example"


@pytest.fixture
def officer():
    return make.OfficerFactory(phone="13912345678", name="王警官")
