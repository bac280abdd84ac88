"""Numbers with check digits, and ways to reach someone: postcode, e-mail, phone."""

from __future__ import annotations

import re

from flows.reading.data import limits
from flows.reading.plain import short
from flows.reading.result import Reading, Refused, Understood

_LABEL = re.compile(
    r"^(?:(?:mon|le|son|leur|notre|votre|c'est|numero|n[°o]|siret|siren|iban|rib|tel|telephone|portable|mobile"
    r"|code postal|cp|e-?mail|mail|adresse)[ .]*[: ]+)+"
)
_SEPARATORS = re.compile(r"[ .\-_/]+")
_VAT = re.compile(r"fr[0-9a-z]{2}[0-9]{9}")


def _compact(text: str) -> str:
    said = short(text, limits().short_max) or ""
    return _SEPARATORS.sub("", _LABEL.sub("", said))


def _digits_only(compact: str) -> bool:
    return compact.isascii() and compact.isdigit()


def _valid(compact: str, *, siret: bool) -> bool:
    # Imported at the first number checked: the first prompt must not wait its 70 ms.
    from stdnum.fr import siren as siren_rules
    from stdnum.fr import siret as siret_rules

    rules = siret_rules if siret else siren_rules
    return compact.strip("0") != "" and bool(rules.is_valid(compact))


def read_siret(text: str) -> Reading[str]:
    """Read a SIRET: 14 digits given without spaces, check digits verified (La Poste's rule too)."""
    compact = _compact(text)
    if _VAT.fullmatch(compact):
        return Refused("siret_is_vat")
    if not _digits_only(compact):
        return Refused("siret_unclear")
    if len(compact) == 9:
        return Refused("siret_is_siren")
    if len(compact) != 14:
        return Refused("siret_length", {"count": str(len(compact))})
    return Understood(compact) if _valid(compact, siret=True) else Refused("siret_checksum")


def read_siren(text: str) -> Reading[str]:
    """Read a SIREN: 9 digits without spaces, check digit verified.

    A valid SIRET gives its first nine digits, with the note "siren_from_siret".
    """
    compact = _compact(text)
    if _VAT.fullmatch(compact):
        return Refused("siren_is_vat")
    if not _digits_only(compact):
        return Refused("siren_unclear")
    if len(compact) == 14 and _valid(compact, siret=True):
        return Understood(compact[:9], ("siren_from_siret",))
    if len(compact) != 9:
        return Refused("siren_length", {"count": str(len(compact))})
    return Understood(compact) if _valid(compact, siret=False) else Refused("siren_checksum")


def read_iban(text: str) -> Reading[str]:
    """Read an IBAN of any country: capitals without spaces, length and check digits verified."""
    compact = _compact(text).upper()
    if _digits_only(compact) and len(compact) in {21, 23}:
        return Refused("iban_is_rib")
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}", compact):
        return Refused("iban_unclear")
    if compact.startswith("FR") and len(compact) != 27:
        return Refused("iban_length", {"count": str(len(compact))})
    from stdnum import iban as rules

    # The check digits and the length for the country; a bank that opened last month is no slip.
    valid = rules.is_valid(compact, check_country=False)
    return Understood(compact) if valid else Refused("iban_checksum")


_POSTCODE = re.compile(r"(?:f-)?([0-9]{2}) ?([0-9]{3})(?:,? (?!(?:euros?|eur|e)\b)[a-z][a-z '-]*)?")
_IN_ADDRESS = re.compile(
    # Not a post-office box, nor the tail of a SIRET or of a reference.
    r"(?<![a-z0-9.,/_+-])(?<!\bbp )(?<!\bcs )(?<!\btsa )(?<![0-9]{3} [0-9]{3} )(?:f-)?(?P<code>[0-9]{5})"
    r"(?![0-9/_€]|[.,][0-9]|-[0-9]| ?(?:€|euros?\b|eur\b|[0-9]{3}(?![0-9])))"
)
_DEPARTMENT = re.compile(r"(?:[a-z][a-z '-]*[ (]*)?(?:[0-9]{2}|2[ab]|97[0-9])\)?")


def read_postcode(text: str) -> Reading[str]:
    """Read a French postcode, five digits, alone or in an address.

    Refused: a department (« Nantes (44) »), several postcodes, digits that no French area bears.
    """
    said = _LABEL.sub("", short(text, limits().address_max) or "").strip(" .,;:!?")
    match = _POSTCODE.fullmatch(said)
    codes = {match[1] + match[2]} if match else {m["code"] for m in _IN_ADDRESS.finditer(said)}
    known = {code for code in codes if "01" <= code[:2] <= "95" or code[:2] in {"97", "98"}}
    if len(known) == 1:
        return Understood(known.pop())
    if not known and _DEPARTMENT.fullmatch(said):
        return Refused("postcode_department")
    return Refused("postcode_several" if known else "postcode_unclear")


_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def read_email(text: str) -> Reading[str]:
    """Read one e-mail address; the mailbox is kept as typed, the domain in lower case."""
    typed = text.strip()
    if not 3 <= len(typed) <= 264:
        return Refused("email_unclear")
    typed = typed.removeprefix("mailto:").strip("<>()\"'« »\u00a0\u202f.,;:")
    mailbox, at, domain = typed.rpartition("@")
    labels = domain.lower().split(".")
    good = (
        at
        and len(typed) <= 254
        and len(mailbox) <= 64
        and _MAILBOX.fullmatch(mailbox)
        and len(labels) >= 2
        and all(map(_DOMAIN_LABEL.fullmatch, labels))
        and re.fullmatch(r"[a-z]{2,63}|xn--[a-z0-9-]+", labels[-1])
    )
    return Understood(f"{mailbox}@{domain.lower()}") if good else Refused("email_unclear")


def read_phone(text: str) -> Reading[str]:
    """Read a phone number: « 06 12 34 56 78 » for a French one, « +3212345678 » for another."""
    said = _LABEL.sub("", short(text, limits().short_max) or "").replace("(0)", "")
    compact = re.sub(r"[ .\-/()]+", "", said)
    if compact.startswith("00"):
        compact = f"+{compact[2:]}"
    if french := re.fullmatch(r"(?:\+33)?0?([1-9][0-9]{8})", compact):
        if compact[0] not in "+0":
            return Refused("phone_unclear")
        number = f"0{french[1]}"
        return Understood(" ".join(number[i : i + 2] for i in range(0, 10, 2)))
    if re.fullmatch(r"\+(?!33)[1-9][0-9]{7,14}", compact):
        return Understood(compact)
    return Refused("phone_unclear")
