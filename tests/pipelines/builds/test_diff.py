"""What `mirror-trade diff` tells of real builds: an input, a line of SQL, and both at once.

Three builds of profile headline: as shipped; with one printed figure changed; and with one
line of one mart changed besides.
"""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines import cli, profiles
from pipelines.builds import published
from tests.pipelines import edited
from warehouse import builds
from warehouse.errors import InputError

FIGURE = "KAZ,RUS,X,NA,TOTAL,2022,9091390.9,", "KAZ,RUS,X,NA,TOTAL,2022,9191390.9,"
MART = "assets/mart/pass_through.sql"
LINE = "cast(exports_mean as decimal(18, 2))"
OTHER_LINE = "cast(2 * exports_mean as decimal(18, 2))"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return edited.copied(tmp_path_factory.mktemp("code"))


@pytest.fixture(scope="module")
def root(headline_root: Path, code: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the three builds."""
    root = Path(shutil.copytree(headline_root, tmp_path_factory.mktemp("diff") / "root"))
    edited.edit_shipped_figure(code, *FIGURE)
    done = edited.call(code, "run", "--profile", "headline", "--root", root)
    assert done.returncode == 0, done.stderr
    edited.edit(code, MART, LINE, OTHER_LINE)
    done = edited.call(code, "run", "--profile", "headline", "--root", root)
    assert done.returncode == 0, done.stderr
    return root


def diff(root: Path, *words: str) -> str:
    done = CliRunner().invoke(cli.main, ["diff", *words, "--root", str(root)])
    assert done.exit_code == 0, done.output
    return done.output


def figures(root: Path, *words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(diff(root, *words, "--format", "csv"))))


def test_a_changed_input_is_named_with_file_row_and_both_values(root: Path) -> None:
    found = figures(root, "headline~2", "headline~1")
    [exports] = [
        one
        for one in found
        if one["table"] == "transformed.mirror_statistics" and one["figure"] == "hub_exports_usd"
    ]
    assert json.loads(exports["row"])["year"] == "2022"
    assert (exports["before"], exports["after"]) == ("9091390900.00", "9191390900.00")
    assert float(exports["change"]) == 100_000_000
    assert "9091390900.00 -> 9191390900.00" in exports["because"]
    assert "assets/source/headline.csv row 190" in exports["because"]
    assert not [one for one in found if "code" in one["because"]]


def test_a_changed_line_of_code_is_named_and_reaches_its_own_table_alone(root: Path) -> None:
    found = figures(root, "headline~1", "headline")
    assert {(one["table"], one["figure"]) for one in found} == {
        ("mart.pass_through", "baseline_exports_mean_usd")
    }
    assert {one["because"].split(" changed")[0] for one in found} == {f"code {MART}"}


def test_where_both_changed_each_figure_has_its_own_reasons(root: Path) -> None:
    found = figures(root, "headline~2", "headline")
    with_code = {one["table"] for one in found if MART in one["because"]}
    with_input = {one["table"] for one in found if "headline.csv row 190" in one["because"]}
    assert with_code == {"mart.pass_through", "mart.origin_attribution"}  # which reads it
    assert with_input > with_code


def test_the_text_tells_what_changed_where_and_how_much(root: Path) -> None:
    told = diff(root, "headline~2", "headline")
    assert "input headline assets/source/headline.csv changed: " in told
    assert f"code {MART} changed: " in told
    assert "hub_exports_usd: 9091390900.00 -> 9191390900.00 (+100000000, +1.10%)" in told


def test_a_build_does_not_differ_from_itself(root: Path) -> None:
    told = diff(root, "headline", "headline")
    assert "nothing that can change a figure" in told
    assert "No published figure differs." in told


def test_a_build_that_was_altered_is_not_compared(root: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(root, tmp_path / "own"))
    for path in own.glob("builds/*/headline.duckdb"):
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    done = CliRunner().invoke(cli.main, ["diff", "headline~1", "headline", "--root", str(own)])
    assert done.exit_code == 3
    assert "it was published with" in done.output


def test_older_builds_go_and_the_newest_stay(root: Path, code: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(root, tmp_path / "own"))
    newest = builds.ids(own, "headline")[-2:]
    keep = {"MIRROR_TRADE_KEEP_BUILDS": "2"}
    done = edited.call(code, "run", "--profile", "headline", "--root", own, settings=keep)
    assert done.returncode == 0, done.stderr
    assert builds.ids(own, "headline") == newest


def test_a_file_published_alone_does_not_take_the_name_of_another_build(
    root: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(root, tmp_path / "own"))
    before = builds.ids(own)
    with pytest.raises(InputError, match="is kept already and is not what stands here"):
        published.publish(profiles.house("headline", own))
    assert builds.ids(own) == before
