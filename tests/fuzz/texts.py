"""What strangers type: long, empty, invisible, in other scripts, and looking like code of every kind."""

from __future__ import annotations

from random import Random

HOSTILE = (
    "<b>gras</b> <script>alert(1)</script>",
    "</b></i></blockquote>",
    "<a href='tg://user?id=1'>x</a> &lt;&amp;&#0;&#x110000;",
    "&",
    "<",
    "{{ 7 * 7 }} {% raw %} {# x #} {{ ''.__class__.__mro__ }}",
    "{% for x in range(10**9) %}{{ x }}{% endfor %}",
    "{0} {client} %s %(x)s %n ${HOME} $(id) `id`",
    '#import "/etc/passwd" #eval("1") $ x^2 $ *gras* _ital_ @ref <label> // /* #show: x',
    '#read("/etc/passwd") \\u{1F600} \\ ~ -- --- \' "',
    "'; DROP TABLE dossiers; --",
    "../../../../etc/passwd\x00.pdf",
    "\x00",
    "\x00\x01\x02\x07\x08\x0b\x0c\x1b[31m",
    "\ud800",
    "a\udfffb\ud83d",
    "\u202e\u202d\u2066retourné\u2069",
    "\u200b\u200c\u200d\u2060\ufeff",
    "\u00ad\u034f\u115f\u3164",
    "a" + "\u0301" * 300,
    "Z\u0351\u036b\u0343a\u0363\u0308l\u0368\u0313g\u0364\u030ao" * 20,
    "👩‍👩‍👧‍👦🏳️‍🌈🇫🇷" * 20,
    "🙂" * 2000,
    "مرحبا بالعالم שלום עולם",
    "漢字 ひらがな 한국어 ไทย हिन्दी",
    "x" * 4096,
    "é" * 4096,
    " \n" * 1500 + "x",
    "\n",
    "mot " * 1000,
    "\u2028\u2029\x85",
    "٣٫١٤ ١٢٥٠ €",
    "１２５０ €",
    "1e308 €",
    "NaN €",
    "-0,00 €",
    "99999999999999999999999999 €",
    "0,000000001 €",
    "1 250,00 € HT TTC € $ £",
    "31/02/2026",
    "29/02/2028",
    "00/00/0000",
    "12/12/99999",
    "hier il y a 3 jours dans 1000000 jours",
    "le 32 brumaire an II",
    "FR76" + "0" * 400,
    "(" * 900 + ")" * 900,
    "a@" + "b." * 900 + "fr",
    "http://[::1]:99999/ tg://resolve?domain=x https://" + "a" * 3000,
    "/" * 4000,
    "/start",
    "/start d_1",
    "/commande_inconnue avec un argument",
    "/dossiers@relance_bot",
    "/SUPPRIMER",
    "/Confidentialité",
    "retour",
    "annuler",
    "oui",
    "non",
    "1",
    "2",
    "99",
    "-1",
    "pourquoi",
    "supprimer",
    "tout effacer",
    "Bonjour,\n\nJe conteste la facture n° 12 : le travail n’est pas fini. Je paierai 200 € le 12/12.\nCordialement",
    "Dupont SARL me doit 1250 € depuis le 12/09/2026, relancé par mail, il dit qu’il paiera demain",
)
"""Texts that have broken something somewhere."""

_RANGES = ((0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x590, 0x6FF), (0x2000, 0x206F))
_WIDE = ((0xD800, 0xDFFF), (0xE000, 0xF8FF), (0x1F300, 0x1FAFF), (0x10000, 0x10FFFF), (0, 0x1F))


def hostile(random: Random) -> str:
    """Give a text that nobody expects."""
    draw = random.random()
    if draw < 0.7:
        return random.choice(HOSTILE)
    if draw < 0.8:
        return random.choice(HOSTILE)[:200] + random.choice(HOSTILE)[:200]
    if draw < 0.85:
        return random.choice("x€1 \n<&\u0301🙂") * random.choice((4095, 4096, 4097, 20_000))
    low, high = random.choice(_RANGES + _WIDE)
    return "".join(chr(random.randint(low, high)) for _ in range(random.randrange(1, 60)))
