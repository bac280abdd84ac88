"""The DOCX: the text of the draft in its order, named styles, and the same bytes each time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from letters import Draft, draft, load_catalogue, sheet
from letters.docx import render

Make = Callable[[str], dict[str, Any]]
Write = Callable[..., Draft]
CASES = [(d.id, debtor) for d in load_catalogue() for debtor in d.debtors]
LABELS = ("Payer par virement", "Code à lire avec une application bancaire")
DAY = date(2026, 11, 22)
PAYMENT = {
    "payload": "BCD\n002\n1\nSCT\n\nCamille Martin EI\nFR7630006000011234567890189\nEUR1313.36",
    "name": "Camille Martin EI",
    "iban": "FR76 3000 6000 0112 3456 7890 189",
    "amount": "1 313,36 €",
    "reference": "Facture F-2026-014",
}
TABLE: dict[str, Any] = {
    "kind": "table",
    "name": "schedule",
    "heading": ["Échéance", "Montant"],
    "align": ["left", "right"],
    "rows": [
        [[{"t": "1er décembre 2026"}], [{"t": "416,66 €"}]],
        [[{"t": "1er janvier 2027"}], [{"t": "416,66 €"}]],
    ],
    "total": ["Total", "833,32 €"],
}


def said(text: str, *lines: str) -> dict[str, Any]:
    """Give a block of text."""
    return {"kind": "text", "lines": [[{"t": line}] for line in (text, *lines)]}


def laid_out(**parts: Any) -> dict[str, Any]:
    """Give a sheet of a letter, with other parts in place of its own."""
    return {
        "kind": "letter",
        "title": "Mise en demeure",
        "author": "Camille Martin EI",
        "date": DAY.isoformat(),
        "lang": "fr-FR",
        "sender": [[{"t": "Camille Martin EI"}], [{"t": "67000 Strasbourg"}]],
        "addressee": [[{"t": "Dupont SARL"}], [{"t": "75009 Paris"}]],
        "place_date": [{"t": "Strasbourg, le 22 novembre 2026"}],
        "mention": "",
        "heading": [],
        "subject": [{"t": "Mise en demeure"}],
        "references": [],
        "blocks": [said("Madame, Monsieur,"), said("Voici."), said("Cordialement.")],
        "signatures": [[{"t": "Camille Martin EI"}]],
        "copy_to": [],
        "enclosures_title": "Pièce jointe",
        "enclosures": [],
        "payment": None,
        "small_print": "",
        **parts,
    }


def opened(content: bytes) -> Any:
    """Open a file as a person's word processor would."""
    return Document(BytesIO(content))


def paragraphs(content: bytes) -> list[Any]:
    """Give the XML of every paragraph in reading order, cells included."""
    return list(opened(content).element.body.iter(qn("w:p")))


def words_of(paragraph: Any) -> str:
    """Give the text of a paragraph, a line end as one."""
    text = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    return "".join(
        text.get(node.tag, node.text or "")
        for node in paragraph.iter(qn("w:t"), *text)
        if node.getparent().tag == qn("w:r")
    )


def squeezed(text: str) -> str:
    """Give a text without its spaces, and the rules and brackets of its blanks."""
    return re.sub(r"[\s\u00a0\u202f()\[\]…_]", "", text)


def styles_of(content: bytes, text: str) -> list[str]:
    """Give the style of each paragraph that holds a text."""
    marked = [p for p in paragraphs(content) if text in words_of(p)]
    return [p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")) for p in marked]


def lines_to_find(made: Draft) -> Iterator[str]:
    """Give the lines of a draft that a file shows as they are; a table's are cells there."""
    tables = {made.paragraphs[at] for at, _ in made.tables}
    for block in made.text.split("\n\n"):
        if block not in tables:
            yield from block.split("\n")


@pytest.mark.parametrize(("document_id", "debtor"), CASES)
def test_every_document_says_the_same_in_a_file(
    document_id: str, debtor: str, written: Write
) -> None:
    """Each line of the draft is in the file, its paragraphs in order, and nothing is added."""
    made = written(document_id, debtor)
    content = render(sheet(made))
    shown = [words_of(paragraph) for paragraph in paragraphs(content)]
    whole, at = squeezed("\n".join(shown)), 0
    for line in lines_to_find(made):
        assert squeezed(line.removeprefix("– ")) in whole  # enclosures may be run in
    for index, paragraph in enumerate(made.paragraphs):
        first = squeezed(paragraph.split("\n")[0])
        if index not in dict(made.tables):
            assert first in whole[at:]
            at = whole.index(first, at)
    known = squeezed(made.text + json.dumps(sheet(made), ensure_ascii=False) + "".join(LABELS))
    for line in re.split(r"[\n\t]", "\n".join(shown)):
        said_before = re.sub("^(À|IBAN|Pièces? jointes?)\u00a0:|^– ", "", line)
        for part in said_before.split("\u00a0; "):
            assert squeezed(part) in known


@pytest.mark.parametrize(("document_id", "debtor"), CASES)
def test_every_document_labels_its_blanks_in_a_file(
    document_id: str, debtor: str, written: Write
) -> None:
    """With its needs only, each blank is a rule and the name of what goes there."""
    made = written(document_id, debtor, least=True)
    sheet_ = sheet(made)
    blanks = re.findall(r'"b": "([^"]+)"', json.dumps(sheet_, ensure_ascii=False))
    body = opened(render(sheet_, today=DAY)).element.body
    styled = body.iter(qn("w:rStyle"))
    styles = [style.get(qn("w:val")) for style in styled]
    text = squeezed("".join(node.text or "" for node in body.iter(qn("w:t"))))
    assert styles.count("BlancLegende") == len(blanks)
    assert styles.count("Blanc") >= len(blanks)
    for label in blanks:
        assert squeezed(label) in text


def test_the_page_is_a4_and_the_window_is_in_its_place() -> None:
    """Margins of 25 and 20 mm; the addressee starts 110 mm from the left and 50 mm from the top."""
    package = opened(render(laid_out()))
    section = package.sections[0]
    sides = (section.page_width, section.page_height, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [210, 297, 25, 20]
    head = package.tables[0]
    left, right = (column.width for column in head.columns)
    assert round(section.left_margin.mm + left.mm) == 110
    assert round(right.mm) == 80
    assert round(head.rows[0].height.mm) == 71
    style = head.rows[0].cells[1].paragraphs[0].style
    assert head.rows[0].cells[1].text == "Dupont SARL\n75009 Paris"
    assert round(section.top_margin.mm + style.paragraph_format.space_before.mm) == 50


def test_every_part_has_its_named_style() -> None:
    """Headings are headings, the text is justified, the small print is small."""
    content = render(
        laid_out(
            mention="Lettre recommandée",
            references=[[{"t": "Références : F-1"}]],
            blocks=[
                {"kind": "heading", "line": [{"t": "Les faits"}]},
                said("Voici."),
                said("A :", "– b"),
            ],
            small_print="Textes vérifiés.",
        )
    )
    package = opened(content)
    expected = {
        "75009": "Destinataire",
        "67000": "Expediteur",
        "recommandée": "Mention",
        "Objet": "Heading1",
        "Les faits": "Heading2",
        "Références": "References",
        "Voici": "BodyText",
        "A :": "Lignes",
        "– b": "Liste",
        "Textes": "PetitsCaracteres",
    }
    assert {text: styles_of(content, text) for text in expected} == {
        text: [style] for text, style in expected.items()
    }
    styles = package.styles
    assert styles["Body Text"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert styles["Heading 1"].paragraph_format.keep_with_next
    assert styles["Heading 2"].font.bold
    assert styles["Normal"].paragraph_format.widow_control
    assert styles["Petits caractères"].font.size == Pt(7.5)
    used = package.element.body.iter(qn("w:pStyle"), qn("w:rStyle"), qn("w:tblStyle"))
    assert {node.get(qn("w:val")) for node in used} <= {style.style_id for style in styles}


def test_a_filing_has_its_title_and_no_subject() -> None:
    """The title is centred in the style of titles, and sections come under it."""
    content = render(
        laid_out(
            kind="filing",
            heading=[{"t": "Requête"}],
            subject=[],
            blocks=[{"kind": "heading", "line": [{"t": "Les faits"}]}, said("Voici.")],
        )
    )
    assert styles_of(content, "Requête") == ["Title"]
    assert styles_of(content, "Les faits") == ["Heading2"]
    assert styles_of(content, "Objet") == []
    assert opened(content).styles["Title"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER


def test_a_table_repeats_its_heading_and_never_cuts_a_row() -> None:
    """The first row is marked as heading, amounts stand at the right, the table is named."""
    content = render(
        laid_out(blocks=[said("Ainsi :"), TABLE, said("Voilà."), said("Cordialement.")])
    )
    table = opened(content).tables[1]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        TABLE["heading"],
        *([cell[0]["t"] for cell in row] for row in TABLE["rows"]),
        TABLE["total"],
    ]
    marks = [[node.tag for node in row._tr.iter(qn("w:tblHeader"))] for row in table.rows]
    assert [len(mark) for mark in marks] == [1, 0, 0, 0]
    assert len(list(table._tbl.iter(qn("w:cantSplit")))) == 4
    assert next(table._tbl.iter(qn("w:tblCaption"))).get(qn("w:val")) == "Échéancier"
    for row in table.rows:
        amount = row.cells[1].paragraphs[0]
        assert amount.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    before = next(p for p in paragraphs(content) if words_of(p) == "Ainsi :")
    assert before.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None


@pytest.mark.parametrize("rows", [3, 12, 60])
def test_a_long_table_is_cut_between_rows_and_a_short_one_is_not(rows: int) -> None:
    """All rows of a short one are kept together; of a long one the first two and the last two."""
    table = {**TABLE, "rows": [[[{"t": f"le {at}"}], [{"t": "10,00 €"}]] for at in range(rows)]}
    written = opened(render(laid_out(blocks=[table, *map(said, "abc")]))).tables[1]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in written.rows]
    assert kept[0]
    assert kept[-2]
    assert not kept[-1]
    assert all(kept[:-1]) == (rows < 12)


def test_two_tables_never_become_one_and_the_file_ends_with_a_paragraph() -> None:
    """A line stands between tables and after the last, as Word wants."""
    body = opened(render(laid_out(blocks=[TABLE, TABLE, TABLE]))).element.body
    tags = [child.tag for child in body]
    assert tags.count(qn("w:tbl")) == 5
    assert (qn("w:tbl"), qn("w:tbl")) not in list(pairwise(tags))
    assert tags[-2:] == [qn("w:p"), qn("w:sectPr")]


def test_those_who_sign_stand_side_by_side_with_all_that_follows() -> None:
    """Two names share a row; copies, enclosures and small print follow in rows never cut."""
    content = render(
        laid_out(
            kind="agreement",
            heading=[{"t": "Accord"}],
            subject=[],
            sender=[],
            addressee=[],
            place_date=[{"t": "Fait à Strasbourg"}],
            signatures=[[{"t": "Camille Martin EI"}], [{"t": "Dupont SARL"}]],
            copy_to=[[{"t": "Copie : Bâtisseurs Réunis SAS"}]],
            enclosures=[[{"t": "Facture"}], [{"t": "Devis"}]],
            small_print="Textes vérifiés.",
        )
    )
    ending = opened(content).tables[-1]
    assert [cell.text for cell in ending.rows[0].cells] == ["Camille Martin\u00a0EI", "Dupont SARL"]
    assert ending.rows[1].cells[0].text.split("\n")[::3] == [
        "Copie : Bâtisseurs Réunis SAS",
        "– Devis",
    ]
    assert ending.rows[2].cells[0].text == "Textes vérifiés."
    assert len(list(ending._tbl.iter(qn("w:cantSplit")))) == 3
    shown = [words_of(paragraph) for paragraph in paragraphs(content)]
    assert (
        shown.index("Cordialement.") < shown.index("Fait à Strasbourg") < shown.index("Dupont SARL")
    )
    closing = [p for p in paragraphs(content) if words_of(p) in {"Voici.", "Cordialement."}]
    assert all(p.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for p in closing)


def test_the_payment_is_a_picture_said_in_words() -> None:
    """The code is a PNG with an alternative text, the IBAN and the amount beside it."""
    content = render(laid_out(payment=PAYMENT))
    package = opened(content)
    assert len(package.inline_shapes) == 1
    described = next(package.element.body.iter(qn("wp:docPr"))).get("descr")
    assert described.startswith("Code QR du virement de 1 313,36 €")
    cell = package.tables[-1].rows[0].cells[1].text
    assert "FR76 3000 6000 0112 3456 7890 189" in cell
    assert "Facture F-2026-014" in cell
    with ZipFile(BytesIO(content)) as parts:
        assert parts.read("word/media/payment.png").startswith(b"\x89PNG")
        assert b'Extension="png"' in parts.read("[Content_Types].xml")
        assert b"media/payment.png" in parts.read("word/_rels/document.xml.rels")
    with ZipFile(BytesIO(render(laid_out()))) as parts:
        assert not [name for name in parts.namelist() if "media" in name]


def test_the_payment_stands_under_two_who_sign_its_words_beside_the_code() -> None:
    """Under their names, the code is in one cell and the account in the next: no taller than the code."""
    two = [[{"t": "Camille Martin EI"}], [{"t": "Dupont SARL"}]]
    content = render(laid_out(kind="agreement", signatures=two, payment=PAYMENT))
    signed, paid = opened(content).tables[-1].rows[:2]
    assert [squeezed(cell.text) for cell in signed.cells] == ["CamilleMartinEI", "DupontSARL"]
    code, account = paid.cells
    assert "FR76" not in code.text
    assert "FR7630006000011234567890189" in squeezed(account.text)


def test_the_file_names_its_language_title_author_and_day() -> None:
    """French everywhere, the title, who writes, noon of the day; nothing of the library's."""
    package = opened(render(laid_out(title="Mise en demeure <F-1>")))
    named = package.core_properties
    assert named.title == "Mise en demeure <F-1>"
    assert (named.author, named.last_modified_by) == ("Camille Martin EI",) * 2
    assert named.created == named.modified
    assert named.created.replace(tzinfo=None).isoformat() == "2026-11-22T12:00:00"
    assert named.language == "fr-FR"
    assert named.comments == ""
    lang = next(package.styles.element.iter(qn("w:lang")))
    assert lang.get(qn("w:val")) == "fr-FR"
    fonts = next(package.styles.element.iter(qn("w:rFonts")))
    assert fonts.get(qn("w:ascii")) == fonts.get(qn("w:cs")) == "Times New Roman"


def test_pages_are_numbered_from_the_second_on() -> None:
    """The first page has an empty footer, the others the title and « Page X sur Y » as fields."""
    section = opened(render(laid_out())).sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_footer.paragraphs[0].text == ""
    footer = section.footer.paragraphs[0]
    assert "".join(t.text for t in footer._p.iter(qn("w:t"))) == "Mise en demeurePage 2 sur 2"
    fields = [field.get(qn("w:instr")).strip() for field in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_every_part_of_the_file_is_plain_and_declared() -> None:
    """Each part is XML or the picture, none is left over, nothing outside the file is called."""
    with ZipFile(BytesIO(render(laid_out(payment=PAYMENT)))) as parts:
        assert parts.testzip() is None
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                root = ET.fromstring(parts.read(name))
                assert not [node for node in root.iter() if node.get("TargetMode") == "External"]
        assert sorted(parts.namelist()) == [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/core.xml",
            "word/_rels/document.xml.rels",
            "word/document.xml",
            "word/fontTable.xml",
            "word/footer1.xml",
            "word/footer2.xml",
            "word/media/payment.png",
            "word/settings.xml",
            "word/styles.xml",
        ]


def test_the_same_sheet_and_day_give_the_same_docx(facts: Make) -> None:
    """Nothing of the clock or of earlier files enters a file; the day does."""
    made = sheet(draft(load_catalogue().get("mise_en_demeure_pro"), facts("professionnel")))
    stored = json.loads(json.dumps(made))
    first = render(made)
    render(laid_out())
    assert render(stored) == first
    assert render(made, today=date(2026, 11, 23)) != first
    with ZipFile(BytesIO(first)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_sheet_without_a_date_needs_the_day() -> None:
    """Without any date there is no file; with today there is."""
    undated = laid_out(date=None)
    with pytest.raises(ValueError, match="needs today"):
        render(undated)
    assert render(undated, today=DAY) == render(laid_out())


@pytest.mark.parametrize(
    "typed",
    [
        "{{7*7}} {% x %} <b>gras</b> &amp; &#65; ]]> <!-- -->",
        '#panic("non") *x* =1+1 « a » "q" \'s\' \\ [a] { PAGE }',
        "x" * 300,
        "مرحبا بالعالم",
        "שלום",
        "🎉 👨‍👩‍👧 漢字 Ωμέγα Привет œuvre",
    ],
)
def test_what_a_person_typed_is_in_the_file_as_typed(typed: str, facts: Make) -> None:
    """No character of a person becomes markup, in a fact, a paragraph, the title or the author."""
    known = facts("professionnel") | {"debtor_name": typed, "creditor_name": typed}
    made = draft(load_catalogue().get("mise_en_demeure_pro"), known).with_paragraph(2, typed)
    content = render({**sheet(made), "title": typed})
    shown = [words_of(paragraph) for paragraph in paragraphs(content)]
    assert shown.count(typed) >= 4
    assert opened(content).core_properties.title == typed
    assert opened(content).core_properties.author == typed


def test_what_no_file_can_hold_is_left_out() -> None:
    """Control characters, lone surrogates and marks that turn a text round go; the rest stays."""
    typed = "a\x00b\x0bc\ud83cd\ufffee\u202ef\x1bg\u2066h\x85i"
    content = render(laid_out(title=typed, author=f"A\n{typed}", blocks=[said(typed)]))
    assert "abcdefghi" in [words_of(paragraph) for paragraph in paragraphs(content)]
    assert opened(content).core_properties.title == "abcdefghi"
    assert opened(content).core_properties.author == "A abcdefghi"


def test_ordinals_names_and_arabic_are_set_as_they_read() -> None:
    """« 1er » is raised, « EI » stays with its name, Arabic runs from the right and alone."""
    body = opened(
        render(laid_out(blocks=[said("le 1er mai, à مرحبا بكم, Paris 21er")]))
    ).element.body
    raised = [
        run for run in body.iter(qn("w:r")) if run.find(f".//{qn('w:vertAlign')}") is not None
    ]
    turned = [run for run in body.iter(qn("w:r")) if run.find(f".//{qn('w:rtl')}") is not None]
    assert [run.text for run in raised] == ["er"]
    assert [run.text for run in turned] == ["مرحبا بكم"]
    assert "Camille Martin\u00a0EI" in [words_of(paragraph) for paragraph in body.iter(qn("w:p"))]


def test_a_blank_is_as_long_as_what_goes_there() -> None:
    """An address has two rules with its name under them, a date one with its name beside it."""
    address = {"b": "votre adresse", "mm": 70, "rules": 2}
    day = {"b": "date du devis", "mm": 30, "rules": 1}
    content = render(
        laid_out(
            sender=[[address]], blocks=[said(""), {"kind": "text", "lines": [[{"t": "le "}, day]]}]
        )
    )
    shown = [words_of(paragraph) for paragraph in paragraphs(content)]
    assert re.fullmatch("(_{36}\n){2}\\(votre\u00a0adresse\\)", shown[0])
    assert any(re.fullmatch("le _{15}\u00a0\\(date\u00a0du\u00a0devis\\)", text) for text in shown)


@pytest.mark.parametrize(("phrases", "size", "bottom"), [(0, 11, 12), (48, 10, 12), (90, 11, 17)])
def test_the_text_is_as_large_as_one_page_allows(phrases: int, size: float, bottom: int) -> None:
    """Eleven points, down to ten to save a page, and eleven again with a number over several."""
    long = said("Une phrase de plus pour voir comment le texte se tient. " * phrases + "Fin.")
    package = opened(render(laid_out(blocks=[long, *[said("Une ligne.")] * 8])))
    assert package.styles["Normal"].font.size == Pt(size)
    assert round(package.sections[0].bottom_margin.mm) == bottom


def test_a_message_is_a_note_and_a_script_has_room_for_notes() -> None:
    """A message shows who writes to whom and when; a script's dots become a rule to the margin."""
    sender = [[{"t": "Camille Martin EI"}]]
    message = laid_out(kind="message", sender=sender, signatures=[])
    note = [words_of(paragraph) for paragraph in paragraphs(render(message))]
    assert note[:3] == [
        "Camille Martin\u00a0EI\tStrasbourg, le 22 novembre 2026",
        "À\u00a0: Dupont SARL",
        "Objet\u00a0: Mise en demeure",
    ]
    asked = said("Notes :", "– date : ………………")
    script = laid_out(
        kind="script", title="Guide pour l’appel", subject=[], blocks=[asked], signatures=[]
    )
    shown = [words_of(p) for p in paragraphs(render(script))]
    assert shown[:2] == ["Guide pour l’appel", "Notes :\n– date : \t"]


def kept(paragraph: Any, mark: str = "keepNext") -> bool:
    """Tell whether a paragraph is marked to stay with the next one, or whole."""
    return paragraph.find(f"{qn('w:pPr')}/{qn(f'w:{mark}')}") is not None


@pytest.mark.parametrize(("lines", "first", "others"), [
    (6, "Fenetre", "Destinataire"), (9, "FenetreSerree", "DestinataireSerre"),
])  # fmt: skip
def test_a_long_address_is_set_smaller_and_starts_higher(
    lines: int, first: str, others: str
) -> None:
    """Six lines hold in the window as they are; nine start at 46 mm, in nine points."""
    address = [[{"t": f"Ligne {at}"}] for at in range(lines)]
    content = render(laid_out(addressee=address))
    assert styles_of(content, "Ligne 0") == [first]
    assert styles_of(content, "Ligne 4") == [others]
    styles = {style.style_id: style for style in opened(content).styles}
    top = styles[first].paragraph_format.space_before.mm + opened(content).sections[0].top_margin.mm
    assert round(top) == (50 if first == "Fenetre" else 46)
    assert styles["DestinataireSerre"].font.size == Pt(9)
    assert styles["FenetreSerree"].base_style.style_id == "DestinataireSerre"


def test_a_short_list_stays_whole_with_what_announces_it() -> None:
    """Each line but the last stays with the next; a list of seven can be cut, but not in an item."""
    for items in (3, 7):
        listed = said("Voici :", *[f"– point {at}" for at in range(items)])
        content = render(laid_out(blocks=[listed, *map(said, "abc")]))
        marked = [p for p in paragraphs(content) if re.match("Voici|– point", words_of(p))]
        assert len(marked) == items + 1
        assert [kept(p) for p in marked] == [True, *[items < 7] * (items - 1), False]
        assert all(kept(p, "keepLines") for p in marked[1:])


def test_what_is_written_by_hand_stays_together() -> None:
    """The lines to complete stay with what comes before and after them, and are not stretched."""
    texts = ("Avant.", "Complétez :", f"en lettres : {'_' * 40}", "Date : ________", "Voilà.")
    content = render(laid_out(blocks=[*map(said, texts), *map(said, "abc")]))
    found = {words_of(p): p for p in paragraphs(content)}
    assert [kept(found[text]) for text in texts] == [False, True, True, True, False]
    assert styles_of(content, "en lettres") == ["Lignes"]


def test_an_iban_leaves_its_paragraph_unstretched() -> None:
    """A part that cannot be broken would leave gaps between the words around it."""
    iban = "FR76\u00a03000\u00a06000\u00a00112\u00a03456\u00a07890\u00a0189"
    content = render(laid_out(blocks=[said(f"Au compte {iban}."), said("Voici."), said("Fin.")]))
    assert styles_of(content, "Au compte") == ["Lignes"]
    assert styles_of(content, "Voici.") == ["BodyText"]


def test_there_is_room_to_sign_under_a_name_of_several_lines() -> None:
    """The room comes after the name, however long it is."""
    package = opened(render(laid_out(signatures=[[{"t": "Nom très long " * 12}]])))
    assert round(package.styles["Signature"].paragraph_format.space_after.mm) == 15


def test_a_schedule_is_as_wide_as_it_needs() -> None:
    """Dates and amounts stand near each other; a décompte takes the whole width."""
    for name, whole in (("schedule", False), ("decompte", True)):
        table = opened(
            render(laid_out(blocks=[{**TABLE, "name": name}, *map(said, "abc")]))
        ).tables[1]
        wide = sum(column.width.mm for column in table.columns)
        assert (round(wide) == 165) == whole
        assert wide > 60


def test_what_goes_with_a_message_stands_apart_from_it() -> None:
    """A code or a list of enclosures does not touch the name that ends the message."""
    enclosed = laid_out(kind="message", signatures=[], enclosures=[[{"t": "Facture"}]])
    shown = paragraphs(render(enclosed))
    at = next(at for at, p in enumerate(shown) if "Facture" in words_of(p))
    room = shown[at - 1].find(f"{qn('w:pPr')}/{qn('w:spacing')}")
    assert words_of(shown[at - 1]) == ""
    assert int(room.get(qn("w:before"))) >= 200
