"""A sheet for a word processor: the same content, order and look as the PDF, for Word or LibreOffice.

The house (`docx_house`) is made once; a letter is its text written into it, with named styles.
What a person typed is escaped as text: it is never read as markup, a field or a formula.
"""

from __future__ import annotations

from datetime import date
from html import escape
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from letters import docx_house as style
from letters.docx_fit import overflows, size_for
from letters.docx_parts import Pen, clean, data, paragraph, picture, roomy, table, text
from letters.format import NBSP
from letters.glyphs import loose, ruled, shortened
from letters.payment import png

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from letters.paper import Line

_WIDTH_MM = style.WIDTH_MM
_LEFT_MM = style.WINDOW_LEFT_MM - 25.0
_RIGHT_MM = _WIDTH_MM - _LEFT_MM
_HEAD_MM = 71.0
"""From the top margin to under the window: the text starts under the first fold."""
_PAYMENT_MM = [27.0, _LEFT_MM - 27.0]
_QR_RELATION = "rIdPayment"
_KEPT_ITEMS = 6
"""A list of so many items is not cut."""
_APART_MM = 4.0
"""Between a message and what goes with it."""
_HEADED = ("letter", "filing")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title>'
    "<dc:creator>{author}</dc:creator><cp:lastModifiedBy>{author}</cp:lastModifiedBy>"
    "<cp:revision>1</cp:revision>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{day}T12:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{day}T12:00:00Z</dcterms:modified>'
    "<dc:language>fr-FR</dc:language></cp:coreProperties>"
)
_RELATION = (
    f'<Relationship Id="{_QR_RELATION}" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/image" Target="media/payment.png"/></Relationships>'
)
_PNG = '<Default Extension="png" ContentType="image/png"/></Types>'


def render(sheet: Mapping[str, Any], today: date | None = None) -> bytes:
    """Write what `letters.sheet` laid out as DOCX; the same sheet and day give the same bytes.

    The text is as large as one page should allow, at full size over several pages otherwise.
    `today` dates the file, by default the sheet's own date. Control characters are left out, the
    rest stands as typed. Raises ValueError when there is no date at all.
    """
    day = today or (date.fromisoformat(sheet["date"]) if sheet["date"] else None)
    if day is None:
        raise ValueError("a sheet without a date needs today")
    fits = size_for(sheet)
    size = fits or max(style.SPACING)
    parts = dict(style.house(size, numbered=fits is None))
    start, rest = parts["word/document.xml"].decode().split("<w:body>")
    end = rest[rest.index("<w:sectPr") :]
    body = "".join(
        _apart([*_head(sheet, Pen(size)), *_body(sheet, Pen(size)), *_end(sheet, Pen(size))])
    )
    parts["word/document.xml"] = f"{start}<w:body>{body}{end}".encode()
    parts["docProps/core.xml"] = _CORE.format(
        title=_named(sheet["title"]), author=_named(sheet["author"]), day=day.isoformat()
    ).encode()
    title = _named(shortened(sheet["title"]))
    parts[style.FOOTER] = parts[style.FOOTER].decode().replace(style.TITLE_SLOT, title).encode()
    if sheet["payment"]:
        parts["word/media/payment.png"] = png(sheet["payment"]["payload"])
        for name, more in (
            ("word/_rels/document.xml.rels", _RELATION),
            ("[Content_Types].xml", _PNG),
        ):
            closed = parts[name].decode()
            parts[name] = f"{closed[: closed.rindex('</')]}{more}".encode()
    return _zipped(parts)


def _named(value: str) -> str:
    return escape(" ".join(clean(value).split("\n")), quote=False)


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for name, content in parts.items():
            info = ZipInfo(name, _EPOCH)
            info.create_system = 3  # the same on every machine
            info.compress_type = ZIP_DEFLATED
            package.writestr(info, content)
    return file.getvalue()


def _apart(blocks: Sequence[str]) -> Iterator[str]:
    """Put a thin line between two tables, that would become one, and after a last one."""
    for block, following in zip(blocks, [*blocks[1:], "<w:tbl>"], strict=True):
        yield block
        if block.startswith("<w:tbl>") and following.startswith("<w:tbl>"):
            yield paragraph(style.SPACER, "")


def _head(sheet: Mapping[str, Any], pen: Pen) -> Iterator[str]:
    """Write what stands above the text: names, place and date, mention, subject, references."""
    dated = pen.line(sheet["place_date"])
    if sheet["kind"] == "script":
        yield paragraph(style.HEADING_1, text(sheet["title"]))
    elif sheet["kind"] == "message":
        yield paragraph(style.NOTE_HEAD, f"{pen.lines(sheet['sender'])}<w:r><w:tab/></w:r>{dated}")
        if sheet["addressee"]:
            to = text(f"À{NBSP}: ") + pen.line(sheet["addressee"][0])
            yield paragraph(style.NOTE_HEAD, to)
    else:
        yield from _addresses(sheet, pen)
        if dated and (sheet["kind"] in _HEADED or not sheet["signatures"]):
            yield paragraph(style.PLACE_DATE, dated)
        if sheet["mention"]:
            yield paragraph(style.MENTION, text(sheet["mention"]))
    if sheet["heading"]:
        yield paragraph(style.TITLE, pen.line(sheet["heading"]))
    if sheet["subject"]:
        subject = text(f"Objet{NBSP}: ") + pen.line(sheet["subject"])
        yield paragraph(style.HEADING_1, subject)
    for line in sheet["references"]:
        yield paragraph(style.REFERENCES, pen.line(line))


def _addresses(sheet: Mapping[str, Any], pen: Pen) -> Iterator[str]:
    sender = [paragraph(style.SENDER, pen.line(line)) for line in sheet["sender"]]
    if not sheet["addressee"]:
        yield from sender
        return
    first, others = style.WINDOW, style.ADDRESSEE
    if overflows(sheet["addressee"], pen.size):
        first, others = style.CLOSE_WINDOW, style.CLOSE_ADDRESSEE
    to = [
        paragraph(others if at else first, pen.line(line))
        for at, line in enumerate(sheet["addressee"])
    ]
    left = "".join(sender) or paragraph(style.SENDER, "")
    yield table([[left, "".join(to)]], [_LEFT_MM, _RIGHT_MM], at_least=_HEAD_MM)


def _body(sheet: Mapping[str, Any], pen: Pen) -> Iterator[str]:
    blocks = sheet["blocks"]
    titled = sheet["heading"] or sheet["subject"] or sheet["kind"] == "script"
    section = style.HEADING_2 if titled else style.HEADING_1
    closing = len(blocks) - 2 if sheet["signatures"] else len(blocks)
    for at, block in enumerate(blocks):
        if block["kind"] == "heading":
            yield paragraph(section, pen.line(block["line"]))
        elif block["kind"] == "table":
            yield data(block, pen, keep=at >= closing)
            yield paragraph(style.SPACER, "", keep=at >= closing)
        else:
            # The closing formula and the paragraph before it stay with the signature, what announces
            # a table with the table, and what is to be written by hand together.
            following = blocks[at + 1] if at + 1 < len(blocks) else {"kind": ""}
            by_hand = _ruled_in(block) or _ruled_in(following)
            keep = at >= closing or following["kind"] == "table" or by_hand
            yield from _text(block["lines"], pen, sheet, keep=keep, first=at == 0)


def _text(
    lines: Sequence[Line], pen: Pen, sheet: Mapping[str, Any], *, keep: bool, first: bool
) -> Iterator[str]:
    """Write a paragraph of the document: its « – » lines each as one, the others kept together."""
    above = 4.0 if first else None
    if sheet["kind"] == "script":
        yield paragraph(
            style.SCRIPT, "<w:r><w:br/></w:r>".join(map(_ruled(pen), lines)), before=above
        )
        return
    # Lines the author kept apart, and lines with a blank or a long number, are not stretched to the margin.
    texts = [run.get("t", "") for line in lines for run in line]
    gapes = any(loose(said) or ruled(said) for said in texts)
    ragged = sheet["kind"] == "message" or len(lines) > 1 or gapes or roomy(lines)
    key = style.LINES if ragged else style.BODY
    groups = [
        (listed, list(group))
        for listed, group in groupby(lines, lambda line: line[0].get("t", "").startswith("– "))
    ]
    for place, (listed, group) in enumerate(groups, 1):
        written = list(map(pen.line, group)) if listed else [pen.lines(group)]
        for at, runs in enumerate(written, 1):
            # A short list is not cut, and stays with the line that announces it.
            stays = at < len(written) <= _KEPT_ITEMS or (not listed and place < len(groups))
            kept = keep or stays
            yield paragraph(
                style.LIST if listed else key, runs, keep=kept, whole=kept or listed, before=above
            )
            above = None


def _ruled_in(block: Mapping[str, Any]) -> bool:
    lines = block["lines"] if block["kind"] == "text" else ()
    return any(ruled(run.get("t", "")) for line in lines for run in line)


def _ruled(pen: Pen) -> Callable[[Line], str]:
    """Write a line of a script: one that ends in dots is ruled to the margin, for notes."""

    def written(line: Line) -> str:
        if not line[-1].get("t", "").endswith("……"):
            return pen.line(line)
        asked = [*line[:-1], {"t": line[-1]["t"].rstrip("…")}]
        return f"{pen.line(asked)}<w:r><w:tab/></w:r>"

    return written


def _end(sheet: Mapping[str, Any], pen: Pen) -> Iterator[str]:
    """Write what follows the text: signatures, copies, payment, enclosures, small print."""
    names, paid = sheet["signatures"], sheet["payment"]
    small = paragraph(style.SMALL, text(sheet["small_print"])) if sheet["small_print"] else ""
    listed = "".join(_enclosures(sheet, pen))
    under = [paragraph(style.COPY, pen.line(line), keep=True) for line in sheet["copy_to"]]
    if not names:
        if paid or listed:
            yield paragraph(style.SPACER, "", before=_APART_MM)
        if paid:
            yield table([_payment(paid, pen)], _PAYMENT_MM)
        yield from filter(None, [*under, listed, small])
        return
    if sheet["kind"] not in _HEADED and sheet["place_date"]:
        yield paragraph(style.SIGNED_AT, pen.line(sheet["place_date"]), keep=True)
    else:
        yield paragraph(style.SPACER, "", keep=True)
    # One table for all, so that no word processor parts a signature from what goes with it.
    signed = [paragraph(style.SIGNATURE, pen.line(name), keep=True) for name in names]
    if len(names) > 1:
        rows, widths = _pairs(signed), [_WIDTH_MM / 2] * 2
        if paid:
            rows.append(_payment(paid, pen))
    elif paid:
        rows, widths = [[*_payment(paid, pen), *signed]], [*_PAYMENT_MM, _RIGHT_MM]
    else:
        # A list of enclosures stands beside the one who signs; a single one, or blanks, go under.
        beside = len(sheet["enclosures"]) > 1 and not roomy(sheet["enclosures"])
        left = listed if beside else paragraph(style.CELL, "", keep=True)
        rows, widths = [[left, *signed]], [_LEFT_MM, _RIGHT_MM]
        listed = "" if beside else listed
    rows += [[part] for part in ("".join([*under, listed]), small) if part]
    yield table(rows, widths)


def _pairs(signed: Sequence[str]) -> list[list[str]]:
    """Place those who sign two by two."""
    pairs = [list(signed[at : at + 2]) for at in range(0, len(signed), 2)]
    if len(pairs[-1]) == 1:
        pairs[-1].append(paragraph(style.CELL, ""))
    return pairs


def _enclosures(sheet: Mapping[str, Any], pen: Pen) -> Iterator[str]:
    lines = sheet["enclosures"]
    if not lines:
        return
    title = text(f"{sheet['enclosures_title']}{NBSP}: ")
    if len(lines) == 1 or (sheet["payment"] and not roomy(lines)):
        run_in = text(f"{NBSP}; ").join(map(pen.line, lines))
        yield paragraph(style.ENCLOSURE, title + run_in, whole=True)
        return
    yield paragraph(style.ENCLOSURE, title, keep=True)
    for at, line in enumerate(lines, 1):
        yield paragraph(
            style.ENCLOSED, text("– ") + pen.line(line), keep=at < len(lines), whole=True
        )


def _payment(payment: Mapping[str, str], pen: Pen) -> list[str]:
    """Write the transfer to make: its code, and in words what the code says."""
    alt = clean(f"Code QR du virement de {payment['amount']}, à lire avec une application bancaire")
    strong = f'<w:rStyle w:val="{style.STRONG}"/>'
    words = [
        text("Payer par virement", strong),
        text(payment["name"]),
        text(f"IBAN{NBSP}: {payment['iban']}"),
        text(payment["amount"], strong),
        text(payment["reference"]),
        text("Code à lire avec une application bancaire", f'<w:rStyle w:val="{style.HINT}"/>'),
    ]
    return [
        paragraph(style.PAYMENT, picture(_QR_RELATION, style.QR_MM[pen.size], alt), keep=True),
        "".join(paragraph(style.PAYMENT, runs, keep=True) for runs in words if runs),
    ]
