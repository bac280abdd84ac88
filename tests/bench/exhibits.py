"""Ten exhibits of about one megabyte in one PDF: seconds and peak memory, made as the bot makes them."""

from __future__ import annotations

import asyncio
import io
import json
import random
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.bench.report import Row, Size

SECONDS = 1.5
MEGABYTES = 200.0
PHOTOS = 5
"""Photos among the exhibits; the others are PDFs."""
COUNT = 10
_DAY = date(2026, 11, 22)


def photo(seed: int) -> bytes:
    """Give a noisy JPEG of 12 megapixels, about one megabyte, as a telephone takes them."""
    from PIL import Image

    grain = random.Random(seed).randbytes(300 * 225)
    small = Image.frombytes("L", (300, 225), grain)
    picture = small.resize((4000, 3000), Image.Resampling.BICUBIC).convert("RGB")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=60)
    return out.getvalue()


def scan(seed: int) -> bytes:
    """Give a PDF of three scanned pages, about one megabyte."""
    from PIL import Image

    pages = []
    for page in range(3):
        grain = random.Random(seed * 10 + page).randbytes(150 * 212)
        pages.append(Image.frombytes("L", (150, 212), grain).resize((1240, 1754)))
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], quality=70)
    return out.getvalue()


def prepare(folder: Path) -> dict[str, Any]:
    """Make ten files, accept them and keep them in a folder; give the time of one and the bytes of all."""
    from letters.exhibits import accept

    files = [photo(n) if n < PHOTOS else scan(n) for n in range(COUNT)]
    began = perf_counter()
    accepted = [accept(one) for one in files]
    arrived = perf_counter() - began
    for number, one in enumerate(accepted):
        (folder / f"{number}.pdf").write_bytes(one.content)
    sent = sum(len(one) for one in files)
    pages = [one.pages for one in accepted]
    return {"accepted": arrived / COUNT, "bytes": sent / COUNT, "pages": pages}


def run(folder: Path, pages: list[int]) -> dict[str, Any]:
    """Bundle the files of a folder with a requête; give the seconds, the bytes, the most memory held."""
    from bot.papers import Papers
    from letters.bundle import bordereau_sheet
    from tests.bench.paper import sheet_of

    sheet = sheet_of("requete_injonction_tj", "professionnel")
    listed = [{"number": n, "title": f"Pièce {n}", "pages": p} for n, p in enumerate(pages, 1)]
    names = [[f"Pièce {n}", one.name] for n, one in enumerate(sorted(folder.glob("*.pdf")), 1)]
    item = {
        "sheet": {**sheet, "date": _DAY.isoformat()},
        "bordereau": bordereau_sheet("Requête", listed, head=sheet),
        "exhibits": names,
    }

    async def read(name: str, _: int) -> bytes:
        return (folder / name).read_bytes()

    async def made() -> tuple[list[float], int]:
        papers, times, size = Papers(read), [], 0
        for _ in range(3):
            began = perf_counter()
            size = len(await papers.bundle(1, item))
            times.append(perf_counter() - began)
        return times, size

    times, size = asyncio.run(made())
    return {
        "first": times[0],
        "warm": sorted(times)[1],
        "bytes": size,
        "bot": _most(resource.RUSAGE_SELF),
        "most": _most(resource.RUSAGE_CHILDREN),
    }


def _most(whose: int) -> float:
    most = resource.getrusage(whose).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3


def _apart(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.exhibits", *arguments],
        check=True,
        stdout=subprocess.PIPE,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(_: Size) -> list[Row]:
    """Bundle a requête with ten exhibits: printed in one process, joined in another."""
    with tempfile.TemporaryDirectory() as folder:
        ready = _apart("prepare", folder)
        found = _apart("run", folder, *map(str, ready["pages"]))
    first, most = found["first"], found["most"]
    return [
        Row("a file received, cleaned", f"{ready['accepted'] * 1e3:.0f} ms", "mean of ten"),
        Row(
            f"requête with {COUNT} exhibits, each sent as {ready['bytes'] / 1e6:.1f} MB",
            f"{first:.2f} s",
            f"again {found['warm']:.2f} s",
            f"≤ {SECONDS} s",
            first <= SECONDS,
        ),
        Row(
            "  most memory held where they are joined",
            f"{most:.0f} MB",
            f"{found['bot']:.0f} where printed, {found['bytes'] / 1e6:.1f} out",
            f"≤ {MEGABYTES:.0f} MB",
            most <= MEGABYTES,
        ),
    ]


if __name__ == "__main__":
    task, where, *counts = sys.argv[1:]
    told = prepare(Path(where)) if task == "prepare" else run(Path(where), [int(n) for n in counts])
    print(json.dumps(told))
