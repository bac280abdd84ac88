"""The QR code of a SEPA credit transfer, as EPC069-12 defines it: a banking app fills the transfer in.

The debtor checks and sends it: nothing is paid by the code itself.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import segno

_LEAST, _MOST = Decimal("0.01"), Decimal("999999999.99")
_NAME, _TEXT = 70, 140
_MASK = 4
"""Any mask is read alike; trying all eight for the prettiest takes longer than printing the letter."""
_MOST_BYTES = 331
"""EPC069-12: the payload holds in a code of version 13 at the level M."""
_BAD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def transfer(name: str, iban: str, amount: Decimal, reference: str) -> str | None:
    """Write the payload of a transfer of `amount` euros to `name` at `iban`, `reference` as its text.

    The name is cut at 70 characters and the text at 140, as the rule wants. None when there is no
    transfer to write: no name, an IBAN that is not one, an amount under 0,01 € or over
    999 999 999,99 €, texts too long in bytes.
    """
    owner, cents, account = _clean(name)[:_NAME].strip(), _cents(amount), _account(iban)
    if not owner or cents is None or account is None:
        return None
    lines = (
        "BCD",
        "002",
        "1",  # UTF-8
        "SCT",
        "",  # BIC: not needed within the EEA
        owner,
        account,
        f"EUR{cents}",
        "",  # purpose
        "",  # structured reference
        _clean(reference)[:_TEXT].strip(),
    )
    payload = "\n".join(lines).rstrip("\n")
    return payload if len(payload.encode()) <= _MOST_BYTES else None


def _cents(amount: Decimal) -> Decimal | None:
    if not amount.is_finite() or not 0 < amount <= _MOST:
        return None
    cents = amount.quantize(_LEAST, rounding=ROUND_HALF_UP)
    return cents or None


def _account(typed: str) -> str | None:
    """Give an IBAN without its spaces, None when its shape or its key is wrong."""
    from stdnum import iban as rules
    from stdnum.exceptions import ValidationError

    try:
        return str(rules.validate(typed, check_country=False))
    except ValidationError:
        return None


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", _BAD.sub(" ", text)).strip()


def _code(payload: str) -> segno.QRCode:
    import segno  # only where a code is drawn: it takes long to load

    return segno.make_qr(
        payload, mode="byte", encoding="utf-8", error="m", boost_error=False, mask=_MASK
    )


@lru_cache(maxsize=256)
def rows(payload: str) -> tuple[str, ...]:
    """Give the code as rows of « 1 » (dark) and « 0 », without the quiet zone; level M.

    Raises segno.DataOverflowError on a payload that `transfer` did not write and is too long.
    """
    code = _code(payload)
    return tuple("".join("1" if dark else "0" for dark in row) for row in code.matrix)


@lru_cache(maxsize=256)
def matrix_svg(payload: str) -> str:
    """Draw the code as an SVG of one path, its quiet zone of four modules included."""
    drawn = rows(payload)
    size = len(drawn) + 8
    path = []
    for y, row in enumerate(drawn, 4):
        path += [
            f"M{m.start() + 4} {y}h{len(m[0])}v1h-{len(m[0])}z" for m in re.finditer("1+", row)
        ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'width="{size}" height="{size}"><path d="{"".join(path)}"/></svg>'
    )


@lru_cache(maxsize=64)
def png(payload: str) -> bytes:
    """Draw the code as a PNG in black and white, ten pixels a module, its quiet zone included."""
    drawn = BytesIO()
    code = _code(payload)
    code.save(drawn, kind="png", scale=10, border=4)
    return drawn.getvalue()
