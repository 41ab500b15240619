"""The files for running unattended: they parse, name what exists, and listen on loopback alone."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from dagster._config import validate_config
from dagster._core.instance.config import dagster_instance_config_schema
from dagster._utils.schedules import is_valid_cron_string

from pipelines import cli
from pipelines.commands.options import ON_REQUEST, PROFILES
from pipelines.orchestration import journal

PROJECT = Path(__file__).parents[3]
DEPLOY = PROJECT / "pipelines" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
TEXTS = sorted(path for path in DEPLOY.iterdir() if path.is_file())


def settings(*names: str) -> dict[str, Any]:
    """dagster.yaml as the container puts it together."""
    parts = [(PROJECT / "pipelines" / name).read_text(encoding="utf-8") for name in names]
    return dict(yaml.safe_load("".join(parts)))


@pytest.mark.parametrize(
    "names", [["dagster.yaml"], ["dagster.yaml", "deploy/postgres.yaml"]], ids=["file", "postgres"]
)
def test_the_settings_of_dagster_are_valid(names: list[str]) -> None:
    outcome = validate_config(dagster_instance_config_schema(), settings(*names))
    assert outcome.success, outcome.errors


def test_storage_in_postgres_takes_its_password_from_the_environment() -> None:
    storage = settings("deploy/postgres.yaml")["storage"]["postgres"]["postgres_db"]
    assert storage["password"] == {"env": "MIRROR_TRADE_DB_PASSWORD"}
    assert storage["hostname"] == "127.0.0.1"
    import dagster_postgres

    assert dagster_postgres.DagsterPostgresStorage


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_nothing_listens_beyond_this_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "0.0.0.0" not in text
    for host in re.findall(r"(?:-h|--host)[\", ]+([\w.]+)", text):
        assert host == "127.0.0.1"


def test_every_service_shares_the_network_of_the_machine_and_publishes_no_port() -> None:
    for service in COMPOSE["services"].values():
        assert service["network_mode"] == "host"
        assert "ports" not in service
    assert "listen_addresses=127.0.0.1" in COMPOSE["services"]["storage"]["command"]


def test_no_secret_stands_in_a_file() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service["environment"].items():
            if name in (*journal.SECRETS, "POSTGRES_PASSWORD"):
                assert str(value).startswith("${"), name


def commands() -> list[list[str]]:
    """What the units, the container and compose start."""
    lines = [line for unit in UNITS for line in unit.read_text(encoding="utf-8").splitlines()]
    started = [
        shlex.split(line.partition("=")[2]) for line in lines if line.startswith("ExecStart=")
    ]
    listed = [COMPOSE["services"][name]["command"] for name in ("daemon", "web")]
    return started + listed


@pytest.mark.parametrize("words", commands(), ids=lambda words: Path(words[0]).name)
def test_what_is_started_exists(words: list[str]) -> None:
    program = Path(words[0])
    assert program.parent.parts[-2:] == (".venv", "bin")
    assert (PROJECT / ".venv" / "bin" / program.name).exists()
    assert words[-2:] == ["-m", "pipelines.definitions"]


def cron_lines() -> list[str]:
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if re.match(r"[\d*]", line)]


@pytest.mark.parametrize("line", cron_lines())
def test_a_line_of_the_crontab_runs_a_command_there_is(line: str) -> None:
    when, words = " ".join(line.split()[:5]), shlex.split(line)
    assert is_valid_cron_string(when)
    command = words[words.index(".venv/bin/mirror-trade") + 1 :]
    assert command[command.index("--profile") + 1] in (*PROFILES, *ON_REQUEST)
    told = CliRunner().invoke(cli.main, [*command, "--help"])
    assert told.exit_code == 0


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_may_write_its_own_state_and_nothing_else(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "ProtectSystem=strict" in lines
    assert "NoNewPrivileges=yes" in lines
    assert not [line for line in lines if line.startswith("ReadWritePaths=")]
    assert any("MIRROR_TRADE_ROOT=/var/lib/mirror-trade/warehouse" in line for line in lines)
