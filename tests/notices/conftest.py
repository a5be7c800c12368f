import pytest

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
