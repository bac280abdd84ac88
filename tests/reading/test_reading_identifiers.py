"""SIRET, SIREN, IBAN, postcode, e-mail and phone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from flows.reading import (
    Reading,
    Refused,
    Understood,
    read_email,
    read_iban,
    read_phone,
    read_postcode,
    read_siren,
    read_siret,
)

Reader = Callable[[str], Reading[str]]

READ: list[tuple[Reader, str, str]] = [
    (read_siret, "732 829 320 00074", "73282932000074"),
    (read_siret, "SIRET : 73282932000074", "73282932000074"),
    (read_siret, "732\u00a0829\u202f320.00074", "73282932000074"),
    (read_siret, "35600000000048", "35600000000048"),
    (read_siren, "732 829 320", "732829320"),
    (read_iban, "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
    (read_iban, "iban: fr7630006000011234567890189", "FR7630006000011234567890189"),
    (read_iban, "BE68 5390 0754 7034", "BE68539007547034"),
    (read_postcode, "75001", "75001"),
    (read_postcode, "75 001", "75001"),
    (read_postcode, "F-69003 Lyon", "69003"),
    (read_postcode, "97400", "97400"),
    (read_postcode, "98800 Nouméa", "98800"),
    (read_postcode, "20000 Ajaccio", "20000"),
    (read_postcode, "44000, Nantes", "44000"),
    (read_postcode, "Nantes 44000", "44000"),
    (read_postcode, "４４０００", "44000"),
    (read_postcode, "code postal : 44000 📮", "44000"),
    (read_postcode, "44000 Nantes Cedex 2", "44000"),
    (read_postcode, "12 rue des Lilas, 69003 Lyon", "69003"),
    (read_postcode, "12 rue X\n44000 Nantes", "44000"),
    (read_postcode, "2 rue du 8 mai 1945 44000 Nantes", "44000"),
    (read_postcode, "BP 12345 44000 Nantes", "44000"),
    (read_postcode, "Saint-Étienne\u00a042000 !", "42000"),
    (read_email, "camille@exemple.fr", "camille@exemple.fr"),
    (read_email, " <Camille.Martin@Exemple.FR> ", "Camille.Martin@exemple.fr"),
    (read_phone, "0612345678", "06 12 34 56 78"),
    (read_phone, "+33 (0)6.12.34.56.78", "06 12 34 56 78"),
    (read_phone, "0033612345678", "06 12 34 56 78"),
    (read_phone, "tél : 06-12-34-56-78", "06 12 34 56 78"),
    (read_phone, "+32 475 12 34 56", "+32475123456"),
]

REFUSED: list[tuple[Reader, str, str]] = [
    (read_siret, "73282932000079", "siret_checksum"),
    (read_siret, "00000000000000", "siret_checksum"),
    (read_siret, "732829320", "siret_is_siren"),
    (read_siret, "FR44732829320", "siret_is_vat"),
    (read_siret, "7328293200007", "siret_length"),
    (read_siret, "abc", "siret_unclear"),
    (read_siret, "", "siret_unclear"),
    (read_siren, "732829321", "siren_checksum"),
    (read_siren, "000000000", "siren_checksum"),
    (read_siren, "FR 44 732 829 320", "siren_is_vat"),
    (read_siren, "73282932000079", "siren_length"),
    (read_siren, "٧٣٢٨٢٩٣٢٠", "siren_unclear"),
    (read_iban, "FR76 3000 6000 0112 3456 7890 188", "iban_checksum"),
    (read_iban, "FR76 3000 6000 0112 3456 7890 18", "iban_length"),
    (read_iban, "30006000011234567890189", "iban_is_rib"),
    (read_iban, "bonjour", "iban_unclear"),
    (read_postcode, "99000", "postcode_unclear"),
    (read_postcode, "2A004", "postcode_unclear"),
    (read_postcode, "7500", "postcode_unclear"),
    (read_postcode, "440000", "postcode_unclear"),
    (read_postcode, "Nantes", "postcode_unclear"),
    (read_postcode, "00000", "postcode_unclear"),
    (read_postcode, "12500 euros", "postcode_unclear"),
    (read_postcode, "12 500 euros", "postcode_unclear"),
    (read_postcode, "12500,50", "postcode_unclear"),
    (read_postcode, "732 829 320 10074", "postcode_unclear"),
    (read_postcode, "Nantes (44)", "postcode_department"),
    (read_postcode, "44", "postcode_department"),
    (read_postcode, "2A", "postcode_department"),
    (read_postcode, "Réunion 974", "postcode_department"),
    (read_postcode, "75001 ou 75002", "postcode_several"),
    (read_email, "camille@exemple", "email_unclear"),
    (read_email, "camille exemple.fr", "email_unclear"),
    (read_email, "a..b@exemple.fr", "email_unclear"),
    (read_email, "a@b@exemple.fr", "email_unclear"),
    (read_email, "é@exemple.fr", "email_unclear"),
    (read_email, "a@-exemple.fr", "email_unclear"),
    (read_phone, "06 12", "phone_unclear"),
    (read_phone, "612345678", "phone_unclear"),
    (read_phone, "+33 6 12", "phone_unclear"),
    (read_phone, "bonjour", "phone_unclear"),
]


@pytest.mark.parametrize(("read", "typed", "value"), READ)
def test_a_right_identifier_is_given_in_its_canonical_form(
    read: Reader, typed: str, value: str
) -> None:
    """Labels, spaces and case are taken away; the value is canonical."""
    assert read(typed) == Understood(value)


@pytest.mark.parametrize(("read", "typed", "code"), REFUSED)
def test_a_wrong_identifier_is_refused_with_its_reason(read: Reader, typed: str, code: str) -> None:
    """A wrong check digit, a wrong length and a number of another kind each have their code."""
    refused = read(typed)
    assert isinstance(refused, Refused)
    assert refused.code == code


def test_a_siren_is_taken_out_of_a_valid_siret() -> None:
    """A valid SIRET given for a SIREN is understood, and said to be so."""
    assert read_siren("732 829 320 00074") == Understood("732829320", ("siren_from_siret",))


def test_importing_the_readers_does_not_import_stdnum() -> None:
    """The first prompt does not wait for the check-digit library."""
    code = "import sys, flows.reading; sys.exit(any(m.startswith('stdnum') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
