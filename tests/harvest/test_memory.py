"""No header takes more memory than the limit, whatever lengths it states; outside of readers nothing is limited."""

from __future__ import annotations

import struct
import sys
import threading
import time
from pathlib import Path

import pytest

from rembi_sheets.harvest import memory
from rembi_sheets.harvest.memory import limited
from rembi_sheets.harvest.model import Status
from rembi_sheets.harvest.sniff import look
from tests.harvest import written_more

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="the system sets no limit of memory for a process")


FEW = 2**25


@only_linux
def test_what_goes_beyond_is_refused_at_once_and_allowed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", FEW)
    with limited():
        bytearray(2**20)
        with pytest.raises(MemoryError):
            bytearray(4 * FEW)
    with limited(8 * FEW):
        bytearray(4 * FEW)
    assert not memory._before and len(bytearray(4 * FEW)) > FEW


@only_linux
def test_readers_side_by_side_leave_no_limit_behind() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)

    def work(wait: float) -> None:
        with limited():
            time.sleep(wait)

    threads = [threading.Thread(target=work, args=(0.01 * n,)) for n in (3, 1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert resource.getrlimit(resource.RLIMIT_AS) == before


@only_linux
def test_a_text_of_four_gigabytes_in_hdf5_is_not_tried(tmp_path: Path) -> None:
    """Its length stands in the attribute: three letters of R_x and R_y."""
    import resource

    content = written_more.ncem()
    length = struct.pack("<I", 3)
    places = [
        p for p in range(len(content) - 16) if content[p : p + 4] == length and content[p + 12 : p + 16] != bytes(4)
    ]
    file = tmp_path / "a.emd"
    look(file, "a.emd", file.write_bytes(content))
    peak, failed = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0
    for place in places:
        made = content[:place] + struct.pack("<I", 0xF0000000) + content[place + 4 :]
        failed += look(file, "a.emd", file.write_bytes(made)).status is Status.FAILED
    assert failed and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 2**28 / 1024
