"""What a whole export costs the served app in memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from crawler.dates import HANOI
from indexer.export import FORMATS
from tests.bench.collection import family, goc_nhin
from tests.bench.line import Line
from tests.bench.serving import ours

ROWS = 100_000
MORE = 30.0
CHUNK = 1 << 16


def exporting() -> Iterator[Line]:
    """The most memory while ROWS articles are sent, less the most while one is."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        _archive(data)
        with ours(data, "--workers", "1") as app:
            address = f"http://127.0.0.1:{app.port}"
            # What every search keeps in memory is no cost of the export.
            _peak(app.process, f"{address}/")
            for form in FORMATS:
                one, _ = _peak(app.process, f"{address}/export.{form}?q=%22s%E1%BB%91+1%22")
                whole, size = _peak(app.process, f"{address}/export.{form}")
                said = f"{size / 1e6:.0f} MB sent; {one / 1e6:.0f} MB for one row, {whole / 1e6:.0f} MB for all"
                more = (whole - one) / 1e6
                yield Line(f"export of {ROWS} rows as {form}, MB more than of one", more, MORE, said, at_most=True)


def _archive(data: Path) -> None:
    """Articles of two sentences, imported and indexed: it is their number that counts."""
    begun = datetime(2005, 1, 1, tzinfo=HANOI)
    file = data.parent / "many.ndjson"
    with file.open("w", encoding="utf-8") as out:
        for number in range(1, ROWS + 1):
            address = f"https://hanoimoi.vn/bai-{number}.html"
            moment = (begun + timedelta(hours=number)).isoformat()
            record = {"id": number, "url": address, "title": f"Bài số {number}", "published_at": moment}
            record |= {"lead": "", "text": "Một đoạn. Một câu nữa, dài hơn.", "section": "Góc nhìn"}
            out.write(json.dumps({**record, "authors": [], "tags": [], "images": []}, ensure_ascii=False) + "\n")
    goc_nhin("import", str(file), "--data", str(data))
    goc_nhin("index", "--data", str(data))


def _peak(process: int, url: str) -> tuple[int, int]:
    """Bytes the server's processes had at most while they answered, together, and bytes they sent."""
    known = list(family(process))
    for one in known:
        Path(f"/proc/{one}/clear_refs").write_text("5")  # forgets the most so far (Linux, proc(5))
    size = 0
    with urlopen(url, timeout=300) as answer:
        while chunk := answer.read(CHUNK):
            size += len(chunk)
    return sum(map(_most, known)), size


def _most(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
