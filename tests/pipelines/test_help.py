"""The examples in every help text: each is understood, and each does what it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipelines import cli
from pipelines.commands.options import ON_REQUEST

PROJECT = Path(cli.__file__).parents[1]
# Run elsewhere: `serve` does not end by itself (test_serve.py), profiles on request need a network
# or the reader's files (tests/official, tests/comtrade, tests/source/baci), as --lists does; two
# commands need two builds (test_diff.py, test_reproduce.py), one a changed input (test_pins.py).
NOT_RUN = (
    "mirror-trade serve",
    *(f"--profile {name}" for name in ON_REQUEST),
    "--lists",
    "mirror-trade diff",
    "mirror-trade reproduce",
    "mirror-trade pin",
)


def examples(command: click.Command) -> Iterator[str]:
    """Examples of a help text as a shell takes them; one may go over several lines."""
    _, _, told = (command.help or "").partition("Example")
    held = ""
    for line in told.splitlines()[1:]:
        if not line.strip() and not held:
            break
        held += ("\n" if held else "") + line.strip()
        if held.count('"') % 2 == 0:
            yield re.split(r"\s{3,}", held)[0] if '"' not in held else held
            held = ""


ALL = [text for one in [cli.main, *cli.main.commands.values()] for text in examples(one)]


def test_there_are_examples_of_every_command() -> None:
    named = {shlex.split(text)[1] for text in ALL}
    assert named == set(cli.main.commands)


@pytest.mark.parametrize("text", ALL)
def test_an_example_is_understood(text: str) -> None:
    program, *words = shlex.split(text)
    assert program == "mirror-trade"
    with cli.main.make_context(program, words, resilient_parsing=False) as context:
        name, command, rest = cli.main.resolve_command(context, words)
        assert command is not None
        command.make_context(name, rest, parent=context).close()


def shell(text: str, root: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as a person would paste it, in the project, on other files."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["/bin/sh", "-c", text],
        cwd=PROJECT,
        env={**os.environ, "MIRROR_TRADE_ROOT": str(root), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def ran_root(
    headline_root: Path, demo_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A warehouse in which both profiles ran, put together from two that each ran alone."""
    root = tmp_path_factory.mktemp("ran")
    received = b""
    for part in (headline_root, demo_root):
        shutil.copytree(part, root, dirs_exist_ok=True)
        received += (part / "archive" / "manifest.jsonl").read_bytes()
    (root / "archive" / "manifest.jsonl").write_bytes(received)
    yield root
    shutil.rmtree(root)


@pytest.mark.slow
@pytest.mark.parametrize("text", [text for text in ALL if not any(n in text for n in NOT_RUN)])
def test_an_example_does_what_it_says(ran_root: Path, text: str) -> None:
    done = shell(text, ran_root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout
