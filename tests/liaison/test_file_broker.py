"""Messages as files: whole or not at all."""

import json
import subprocess
import sys
from queue import Empty

import pytest
from kombu import Connection

from liaison.core import file_broker

MESSAGES = 3000
PRODUCE = """
import json, sys
from kombu import Connection
from liaison.core import file_broker
file_broker.install()
options, messages = json.loads(sys.argv[1]), int(sys.argv[2])
with Connection("filesystem://", transport_options=options) as connection:
    queue = connection.SimpleQueue("jobs")
    for n in range(messages):
        queue.put({"n": n, "padding": "x" * 2000})
"""


@pytest.fixture
def folders(tmp_path):
    paths = {name: tmp_path / name for name in ("messages", "processed", "control")}
    for path in paths.values():
        path.mkdir()
    return {
        "data_folder_in": str(paths["messages"]),
        "data_folder_out": str(paths["messages"]),
        "processed_folder": str(paths["processed"]),
        "control_folder": str(paths["control"]),
    }


@pytest.fixture
def jobs(folders):
    file_broker.install()
    # What kombu remembers having bound lay in the folder of the test before.
    file_broker.Transport.global_state.clear()
    options = {**folders, "polling_interval": 0.01}
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection.SimpleQueue("jobs", no_ack=True)


def test_a_reader_beside_a_writer_gets_every_message_whole(jobs, folders):
    producer = subprocess.Popen(
        [sys.executable, "-c", PRODUCE, json.dumps(folders), str(MESSAGES)],
    )
    got = [jobs.get(timeout=30).payload["n"] for _ in range(MESSAGES)]
    assert producer.wait() == 0
    assert sorted(got) == list(range(MESSAGES))


def test_what_cannot_be_read_is_dropped_and_said(jobs, folders, tmp_path, caplog):
    jobs.put({"n": 1})
    for name in ("0_half.jobs.msg", "1_empty.jobs.msg"):
        (tmp_path / "messages" / name).write_bytes(b'{"n": ' if "half" in name else b"")
    assert jobs.get(timeout=5).payload == {"n": 1}
    with pytest.raises(Empty):
        jobs.get(block=False)
    assert [record.args[0] for record in caplog.records] == ["0_half.jobs.msg", "1_empty.jobs.msg"]
    assert not [*(tmp_path / "processed").iterdir()]


def test_a_message_of_another_queue_stays(jobs, folders, tmp_path):
    other = tmp_path / "messages" / "0_x.others.jobs.msg"
    other.write_text("{}")
    with pytest.raises(Empty):
        jobs.get(block=False)
    assert other.exists()
