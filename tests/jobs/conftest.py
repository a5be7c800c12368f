from tests.notices.conftest import sink  # noqa: F401
