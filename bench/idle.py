"""What `rukon up --sandbox` costs while nothing is due: `python3 dev.py bench idle`."""

import time
from dataclasses import dataclass

import psutil

from bench.figures import head, show
from bench.office import Office, open_office

WAITING = 100
SETTLE_S = 20.0
WATCH_S = 60.0
CPU_AIM = 3.0
MEMORY_AIM = 400.0
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Cost:
    """One process: CPU seconds spent so far, and memory with shared pages divided among their users."""

    name: str
    cpu_s: float
    memory_mb: float


def main() -> None:
    """Let an office with posts far ahead do nothing for a minute, and print what that costs."""
    with open_office("sqlite") as office:
        office.wait_with(WAITING, "ยังไม่ถึงเวลา")
        time.sleep(SETTLE_S)
        before = costs(office)
        time.sleep(WATCH_S)
        after = costs(office)
    head(f"rukon up --sandbox, {WAITING} posts far ahead, idle for {WATCH_S:.0f} s")
    shares = {pid: 100 * (after[pid].cpu_s - before[pid].cpu_s) / WATCH_S for pid in before}
    for pid, share in shares.items():
        show(after[pid].name, f"{share:.2f} %   {after[pid].memory_mb:.0f} MB")
    cpu, memory = sum(shares.values()), sum(one.memory_mb for one in after.values())
    show("CPU of all processes", f"{cpu:.2f} % of one core", f"≤ {CPU_AIM:.0f} %", holds=cpu <= CPU_AIM)
    show("memory of all processes", f"{memory:.0f} MB", f"≤ {MEMORY_AIM:.0f} MB", holds=memory <= MEMORY_AIM)


def costs(office: Office) -> dict[int, Cost]:
    """Return what each process of the installation has cost so far."""
    top = psutil.Process(office.deployment.programs[0].process.pid)
    return {one.pid: _cost(one) for one in (top, *top.children(recursive=True))}


def _cost(process: psutil.Process) -> Cost:
    words = [word for word in process.cmdline()[1:] if not word.startswith("-")]
    spent = process.cpu_times()
    return Cost(" ".join(words[:2]), spent.user + spent.system, process.memory_full_info().pss / MEGABYTE)
