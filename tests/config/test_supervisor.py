"""The supervisor restarts what dies, ends what it started, and leaves no orphan."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import supervisor

ROOT = Path(__file__).resolve().parents[2]
# A supervisor of harmless children: one that stays and has a child of its own, one that ends at once, a "web server".
# Its clock runs five times too fast; and where nothing follows its folder, it tells no account.
HOUSE = """
import sys
import time
from types import SimpleNamespace
from config import supervisor
FASTER = 5
supervisor.time = SimpleNamespace(
    monotonic=lambda: time.monotonic() * FASTER, sleep=lambda seconds: time.sleep(seconds / FASTER)
)
if not sys.argv[2:]:
    supervisor.announce = lambda: None
python = sys.executable
folder = sys.argv[1]
note = "import os, sys; open(os.path.join(sys.argv[1], sys.argv[2]), 'a').write(f'{os.getpid()}\\\\n')"
sleep = "; import time; time.sleep(600)"
family = "import subprocess; subprocess.Popen([sys.executable, '-c', sys.argv[3], sys.argv[1], 'grandchild', ''])"
supervisor.CHILDREN.clear()
supervisor.CHILDREN |= {
    "stays": [python, "-c", f"{note}; {family}{sleep}", folder, "stays", note + sleep],
    "dies": [python, "-c", note, folder, "dies"],
    "web": [python, "-m", "http.server", str(supervisor.PORT), "--bind", "127.0.0.1", "--directory", folder],
}
sys.exit(supervisor.main())
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder: Path, port: int, *telling: str) -> subprocess.Popen:
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", HOUSE, str(folder), *telling],
        cwd=ROOT,
        env=os.environ | {"ESCALIER_VAR": str(folder), "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def pids(folder: Path, name: str, least: int = 1, seconds: float = 30) -> list[int]:
    """The processes that noted themselves under `name`, once there are `least` of them."""
    limit, noted = time.monotonic() + seconds, []
    while len(noted) < least:
        assert time.monotonic() < limit, f"{name} was started {len(noted)} times"
        time.sleep(0.05)
        noted = (folder / name).read_text().split() if (folder / name).exists() else []
    return [int(pid) for pid in noted]


def alive(pid: int) -> bool:
    """Whether process `pid` runs; one that ended and waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(pid: int, seconds: float = 10) -> bool:
    limit = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < limit:
        time.sleep(0.05)
    return not alive(pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_it(tmp_path, number):
    house = start(tmp_path, free_port())
    family = [*pids(tmp_path, "stays"), *pids(tmp_path, "grandchild")]
    house.send_signal(number)
    out, err = house.communicate(timeout=30)
    assert house.returncode == 0, err
    assert "Escalier has ended." in out
    assert all(gone(pid) for pid in family)


def test_what_dies_is_started_again_later_each_time(tmp_path):
    house = start(tmp_path, free_port())
    try:
        assert len(set(pids(tmp_path, "dies", least=3))) >= 3
        first, orphan = pids(tmp_path, "stays")[0], pids(tmp_path, "grandchild")[0]
        os.kill(first, signal.SIGKILL)
        assert pids(tmp_path, "stays", least=2)[1] != first
        assert gone(orphan), "the grandchild of a dead child is left"
    finally:
        house.terminate()
        _out, err = house.communicate(timeout=30)
    waits = [line.rsplit(" ", 2)[1] for line in err.splitlines() if line.startswith("dies ended")]
    assert waits[:2] == ["1", "2"]


def test_its_children_end_even_when_it_is_killed_outright(tmp_path):
    house = start(tmp_path, free_port())
    first = pids(tmp_path, "stays")[0]
    orphan = pids(tmp_path, "grandchild")[0]
    try:
        house.kill()
        house.wait(timeout=30)
        assert gone(first)
    finally:
        os.kill(orphan, signal.SIGKILL)
        house.communicate(timeout=30)


def test_it_says_where_it_answers(tmp_path):
    port = free_port()
    house = start(tmp_path, port, "telling")
    try:
        line = ""
        while "answers" not in line:
            assert house.poll() is None
            line = house.stdout.readline()
        assert f"http://127.0.0.1:{port}/" in line
    finally:
        house.terminate()
        house.communicate(timeout=30)


def test_a_taken_port_is_said_and_nothing_is_started(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        house = start(tmp_path, other.getsockname()[1])
        _out, err = house.communicate(timeout=30)
    assert house.returncode == 1
    assert "is taken" in err
    assert not (tmp_path / "stays").exists()


def test_two_do_not_share_a_folder(tmp_path):
    with supervisor.only_one(tmp_path):
        house = start(tmp_path, free_port())
        _out, err = house.communicate(timeout=30)
    assert house.returncode == 1
    assert "already running" in err
