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
from tests.bench.collection import family, goc_nhin, memory_of
from tests.bench.line import Line
from tests.bench.scale import Scale
from tests.bench.serving import ours

MORE = 30.0
CHUNK = 1 << 18


def exporting(scale: Scale) -> Iterator[Line]:
    """The most memory while all articles are sent, less the most while one is."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        _archive(data, scale.rows)
        with ours(data, "--workers", "1") as app:
            address = f"http://127.0.0.1:{app.port}"
            # What every search keeps in memory is no cost of the export.
            _peak(app.process, f"{address}/")
            for form in FORMATS:
                one, _ = _peak(app.process, f"{address}/export.{form}?q=%22s%E1%BB%91+1%22")
                whole, size = _peak(app.process, f"{address}/export.{form}")
                said = f"{size / 1e6:.0f} MB sent; {one / 1e6:.0f} MB for one row, {whole / 1e6:.0f} MB for all"
                more = (whole - one) / 1e6
                name = f"export of {scale.rows} rows as {form}, MB more than of one"
                yield Line(name, more, MORE, said, at_most=True)


def _archive(data: Path, rows: int) -> None:
    """Articles of two sentences, imported and indexed: it is their number that counts."""
    begun = datetime(2005, 1, 1, tzinfo=HANOI)
    file = data.parent / "many.ndjson"
    with file.open("w", encoding="utf-8") as out:
        for number in range(1, rows + 1):
            address = f"https://hanoimoi.vn/bai-{number}.html"
            moment = (begun + timedelta(hours=number)).isoformat()
            record = {"id": number, "url": address, "title": f"Bài số {number}", "published_at": moment}
            record |= {"lead": "", "text": "Một đoạn. Một câu nữa, dài hơn.", "section": "Góc nhìn"}
            out.write(json.dumps({**record, "authors": [], "tags": [], "images": []}, ensure_ascii=False) + "\n")
    goc_nhin("import", str(file), "--data", str(data))
    goc_nhin("index", "--data", str(data))


def _peak(process: int, url: str) -> tuple[int, int]:
    """Bytes the server's processes had together at most while they answered, looked at often, and bytes they sent."""
    size, most = 0, 0
    with urlopen(url, timeout=300) as answer:
        while chunk := answer.read(CHUNK):
            size += len(chunk)
            most = max(most, sum(map(memory_of, family(process))))
    return most, size
