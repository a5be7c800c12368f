"""What the settings make of the environment, each read by a process of its own."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network

import pytest
from django.conf import settings as site

READ = """
import json, sys
from liaison import settings
print(json.dumps([str(getattr(settings, name)) for name in sys.argv[1:]]))
"""
OURS = (
    "DATABASE_URL",
    "DATABASE_REPLICA_URL",
    "DATABASE_POOL",
    "DATABASE_POOLED_OUTSIDE",
    "REDIS_URL",
    "DEMO",
    "SECRET_KEY",
    "STATIC_ROOT",
    "HTTPS",
    "DEBUG",
    "TRUSTED_PROXIES",
)


@pytest.fixture
def read(tmp_path):
    """The named settings, with these variables and no others of ours."""

    def read(*names, **variables):
        answer = run("-c", READ, *names, var=tmp_path / "var", **variables)
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    return read


def run(*arguments, var, **variables):
    bare = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=site.BASE_DIR,
        env=bare | {"LIAISON_VAR": str(var)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("variables", "demo"),
    [
        ({}, "True"),
        ({"DATABASE_URL": "postgres://nobody@127.0.0.1/none"}, "False"),
        ({"DATABASE_URL": "postgres://nobody@127.0.0.1/none", "DEMO": "1"}, "True"),
        ({"DEMO": "0"}, "False"),
    ],
)
def test_demo_mode_is_for_who_named_no_database(read, variables, demo):
    assert read("DEMO", **variables) == [demo]


@pytest.mark.parametrize(
    ("given", "networks"),
    [(None, []), ("10.0.0.1,10.1.0.0/16", ["10.0.0.1/32", "10.1.0.0/16"]), ("::1", ["::1/128"])],
)
def test_nobody_is_believed_about_addresses_who_is_not_named(read, given, networks):
    variables = {} if given is None else {"TRUSTED_PROXIES": given}
    assert read("TRUSTED_PROXIES", **variables) == [str([ip_network(one) for one in networks])]


POSTGRES = {"DATABASE_URL": "postgres://liaison@127.0.0.1/liaison"}
REPLICA = {"DATABASE_REPLICA_URL": "postgres://reader@127.0.0.2/liaison?sslmode=require"}


def databases(**variables):
    """What Django makes of these variables, by name."""
    script = "import json; from liaison import settings; print(json.dumps(settings.DATABASES))"
    answer = run("-c", script, **variables)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_a_replica_is_reached_as_the_primary_is(tmp_path):
    redis = {"REDIS_URL": "redis://127.0.0.1/0"}
    found = databases(var=tmp_path / "var", **POSTGRES, **REPLICA, **redis)
    primary, replica = found["default"], found["replica"]
    assert (replica["HOST"], replica["USER"]) == ("127.0.0.2", "reader")
    own = {"connect_timeout": 2, "sslmode": "require"}
    assert replica["OPTIONS"] == primary["OPTIONS"] | own
    for name in ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS", "ENGINE", "NAME"):
        assert replica[name] == primary[name]
    assert set(databases(var=tmp_path / "var", **POSTGRES)) == {"default"}


def test_a_pool_is_asked_for_and_keeps_no_connection_besides(tmp_path):
    pooled = databases(var=tmp_path / "var", **POSTGRES, DATABASE_POOL="3")["default"]
    assert (pooled["OPTIONS"]["pool"]["max_size"], pooled["CONN_MAX_AGE"]) == (3, 0)
    plain = databases(var=tmp_path / "var", **POSTGRES)["default"]
    assert "pool" not in plain["OPTIONS"]
    assert plain["CONN_MAX_AGE"] == 60
    assert plain["OPTIONS"]["server_side_binding"]
    assert "DISABLE_SERVER_SIDE_CURSORS" not in plain
    outside = databases(var=tmp_path / "var", **POSTGRES, DATABASE_POOLED_OUTSIDE="1")["default"]
    assert outside["DISABLE_SERVER_SIDE_CURSORS"]
    assert "server_side_binding" not in outside["OPTIONS"]


@pytest.mark.parametrize("more", [POSTGRES, {"REDIS_URL": "redis://127.0.0.1/0"}])
def test_a_replica_that_cannot_be_used_rightly_stops_the_start(tmp_path, more):
    answer = run("-c", READ, "DEMO", var=tmp_path / "var", **REPLICA, **more)
    assert answer.returncode != 0
    assert "DATABASE_REPLICA_URL needs" in answer.stderr


def test_a_proxy_that_is_no_address_stops_the_start(tmp_path):
    answer = run("-c", READ, "DEMO", var=tmp_path / "var", TRUSTED_PROXIES="proxy.example")
    assert answer.returncode != 0
    assert "proxy.example" in answer.stderr


def test_processes_that_start_at_once_share_one_secret_key(read, tmp_path):
    with ThreadPoolExecutor(6) as pool:
        keys = [*pool.map(lambda _n: read("SECRET_KEY")[0], range(6))]
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 50
    assert mode_of(tmp_path / "var" / "secret_key") == 0o600
    assert mode_of(tmp_path / "var") == 0o700


def test_a_collected_script_names_what_it_imports_by_content(tmp_path):
    static = tmp_path / "static"
    collected = run(
        "manage.py", "collectstatic", "--noinput", "--verbosity", "0",
        var=tmp_path / "var", STATIC_ROOT=str(static),
    )  # fmt: skip
    assert collected.returncode == 0, collected.stderr
    names = json.loads((static / "staticfiles.json").read_text())["paths"]
    main = (static / names["js/main.js"]).read_text()
    imported = [path for path in names if path.startswith("js/") and f'"./{path[3:]}"' in main]
    assert not imported, "imported under a name that does not change with the content"
    assert f'"./{names["js/bulk.js"].removeprefix("js/")}"' in main


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)
