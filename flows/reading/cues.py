"""The patterns that tell, in a folded sentence, what a number or a date is.

Each is matched by `several.py`; a text already understood is hidden there by NUL characters.
"""

from __future__ import annotations

import re

from flows.reading.amounts import EURO_WORDS
from flows.reading.moments import AGO, MONTH_NAME, UNIT, WEEKDAY_NAME

# A line « Montant : 300 € » is a clause of its own.
LABELLED = re.compile(r"\n(?=[^\W\d_]+(?: [^\W\d_]+)? ?:)")
NUMERIC_DATE = (
    r"[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?|[0-9]{1,2}([-.])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})"
)
MARK = r"(?:n ?[°ºo]\.?|n(?= [0-9\x00])|num(?:ero)?\.?|no\.|ref(?:erence)?\.?|#) ?:? ?"
INVOICE = re.compile(
    rf"\b(?:factures?|fact\.?|fac)(?: impayee)?[ :]{{1,3}}(?P<mark>{MARK})?"
    r"(?P<number>(?:[a-z]{1,5}[ -])?[a-z0-9][a-z0-9/_.-]{0,30})"
)
REFERENCE = re.compile(
    r"(?<![a-z0-9-])(?P<number>(?:f|fa|fac|fact|inv)-?[0-9][0-9a-z/_-]{1,20})(?![a-z0-9])"
)
MONEY_AFTER = re.compile(  # what follows makes the number an amount, or part of one
    r"(?: [0-9]{3})*(?:[.,][0-9]+)? ?(?:€|euros?\b|eur\b|e\b|k€|ht\b|ttc\b)"
)
DAYS_AFTER = re.compile(
    rf"[0-9]{{1,3}} ?(?:(?:{UNIT})|fdm|fin de mois)\b|[0-9]{{1,2}}(?:er)? (?:{MONTH_NAME})\b"
)
"""« facture 30 jours », « facture 15 septembre »: terms or a day, not a number of invoice."""
_YEAR = (  # after the name of a month, and not the beginning of a sum or of a count
    r"(?: (?:(?:20|19)[0-9]{2}|'?[0-3][0-9])(?![0-9])"
    rf"(?! ?(?:[.,]?[0-9]|€|eur|ero|e\b|k\b|ht\b|ttc\b|%|balles|factures?|fois|x\b"
    rf"|fdm|net\b|fin de mois|heures?|h\b|(?:{UNIT})\b)))"
)

DATE = re.compile(
    rf"(?<![a-z0-9/.,-])(?:(?:{WEEKDAY_NAME}) (?:le )?)?(?:"
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])"
    r"|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}(?![0-9/])"
    r"|[0-9]{1,2}-[0-9]{1,2}-(?:[0-9]{4}|[0-9]{2})(?![0-9-])"
    r"|[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{4}|[0-9]{2})(?![0-9.])"
    r"|[0-9]{1,2}/[0-9]{1,2}(?![0-9/])"
    rf"|(?:[0-9]{{1,2}}(?: ?er)?|premier) ?(?:{MONTH_NAME})\b\.?"
    rf"(?:{_YEAR}| dernier| prochain)?"
    r"|(?<=le )[0-9]{1,2}(?:er)?(?=$|[,;:!?]|\.(?:$| )"
    r"| (?:et|mais|facture|pas|par|non|car|malgre|du mois)\b)"
    r")"
    rf"|\b(?:{AGO}|(?<=depuis )|(?<=retard de ))(?: ?(?:environ |plus de |plus d'?(?=un)|bien ))? ?"
    rf"(?:[0-9]{{1,3}} ?|[a-z]+ )(?:{UNIT})\b(?: et demie?\b)?"
    r"|\b(?:avant[ -]?hier|hier|aujourd'hui)\b"
    rf"|\b(?:debut|mi|milieu|fin)[ -](?:de |d')?(?:{MONTH_NAME})\b{_YEAR}?"
    r"|\b(?:debut|mi|milieu|fin)[ -](?:du |de )mois (?:dernier|passe)\b"
    rf"|\b(?:{WEEKDAY_NAME})(?: dernier| passe)?\b(?! [0-9])"
)
_ARTICLES = (
    r"(?: (?:depuis|etait|est|fixee|prevue|initiale|depassee|au|le|du|pour|avant|de))*[ :]*$"
)
_FROM = r"(?: (?:au|le|du|de))*[ :]*$"
INVOICED = re.compile(
    r"(?:\b(?:datee?|emise?|envoyee?|etablie?|transmise?|editee?|faite|facturee?|deposee?|en date)"
    rf"{_ARTICLES}|\bfac(?:t\.?|tures?)?(?: impayees?)?(?: {MARK})?[ \x00]*{_FROM}"
    # « facture de 850 euros du 3 septembre »: the sum stands between.
    r"|\bfactures?\b(?![^,;!?]*\becheance)[^,;!?]{0,60}"
    rf"(?:€|\b{EURO_WORDS}|[0-9 ]e|\bht|\bttc|\bimpayee?s?|\bpay\w+),?(?: datee?)? (?:du|en date du) $)"
)
DUE = re.compile(
    r"\b(?:(?:echeance|echue?|exigible|payable|date limite|a payer|a regler|payer|regler|dues?|dus"
    # « du » is « dû » only before a word that « du » cannot stand before.
    r"|du(?= (?:depuis|le|au|pour|avant)\b)|en retard|retard)"
    rf"{_ARTICLES}|impayee?s?(?: (?:depuis|le|au))+[ :]*$)"
)
# « doit payer le 30/11 »: an announcement, not the date on the invoice.
TO_COME = re.compile(rf"\b(?:doit|doivent|va|vont) (?:me |nous )?(?:payer|regler){_ARTICLES}")
SINCE = re.compile(r"\b(?:depuis|retard de)(?: le| la| l')? ?$|\bdepuis plus de ?$")
DEBT = re.compile(
    r"\b(?:doi[st]?|medoit|doivent|dues?|dus|impaye\w*|retard|attends?|pa[iy]e\w*|pas regle\w*)\b|€|euros?|[0-9] ?e\b"
)
NOT_DEBT = re.compile(
    r"\b(?:clients?|cliente|travaille|connais|collabor\w+|partenaire\w*)\b[^,;]{0,20}$"
)

OWED = re.compile(
    r"\b(?:doi[st]?|medoit|doivent|devait|montant|somme|total)"
    r"(?: (?:encore|toujours|ttc|ht|la somme|un total|a payer|dus?|total))*"
    r"(?: de)?[ :]{1,3}$"
)
LEFT = re.compile(
    r"\b(?:reste|restent|restant|solde|total|total ttc)"
    r"(?: (?:a payer|dus?|de|est|encore|ttc|a regler))*[ :]{1,3}$"
)
LEFT_AFTER = re.compile(r" ?(?:restants?|qui restent|restent)\b")
NOT_OWED = re.compile(
    r"\b(?:acompte|avance|deja|penalites?|frais|tva|remise|avoir|indemnite"
    r"|(?<!pas )(?:verse|regle|paye))(?: (?:de|d'un montant de|est|dont))*"
    r"[ :]{1,3}$"
)
PART_OF = re.compile(  # « a payé 500 € sur 1250 € »: what is left is not said
    r"\b(?<!pas )(?<!non )(?:paye|regle|verse|acompte)e?s? [^,;]{0,30}[0-9][^,;]{0,10}"
    r" sur (?:[a-z]+ ){0,4}$"
)
MAYBE_NUMBER = re.compile(r"(?<!\bai )(?<!\bavons )\bfactures?(?: impayee)?[ :]{1,3}$")
MONTH_BEFORE = re.compile(rf"\b(?:{MONTH_NAME})\.? $")
SPACED = re.compile(r"[0-9]{1,3} [0-9]{3}(?![0-9 ])")
NOT_MONEY = re.compile(rf" ?(?:%|{UNIT}|factures?|heures?|h|fois|x)\b|%")
MANY = re.compile(
    r"\b(?:[2-9]|[1-9][0-9]|deux|trois|quatre|cinq|six|plusieurs|des|mes|ses|leurs) factures\b"
)
