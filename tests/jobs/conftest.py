from tests.notices.conftest import configured, sink

__all__ = ["configured", "sink"]
