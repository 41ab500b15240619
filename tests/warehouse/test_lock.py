"""One run at a time: the second comer is told, and a dead one holds nobody up."""

import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.errors import InputError
from warehouse.lock import held

HOLDER = """
import sys, time
from pathlib import Path
from warehouse.lock import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_told_and_the_lock_dies_with_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "scratch" / "demo.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InputError, match="demo: is being run by another process"), held(path):
            pass
        holder.kill()
        holder.wait()
        with held(path):
            pass
