import os
import signal
import subprocess
import sys

PROGRAM = """
from core.crashpoints import reach
for _ in range(3):
    reach('after_send')
    print('alive', flush=True)
"""


def run(environment):
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_process_dies_by_sigkill_the_named_time_it_comes_to_a_point_and_notes_it(tmp_path):
    noted = tmp_path / "deaths"
    ended = run({"RUKON_CRASH": "after_send:2", "RUKON_CRASH_LOG": str(noted)})
    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout == "alive\n"
    assert noted.read_text() == "after_send\n"


def test_nothing_happens_unless_a_rehearsal_asks_for_it():
    assert run({"RUKON_CRASH": "after_claim:1"}).stdout.count("alive") == 3
    assert run({"RUKON_CRASH": ""}).returncode == 0
