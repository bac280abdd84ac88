"""The house of all letters in a word processor: its page, its styles, its footer, made once.

The twin of `house.typ`. Times New Roman is on every machine with Word, and LibreOffice puts
Liberation Serif in its place, drawn to the same widths: lines and pages break alike in both.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document as Package

FONT = "Times New Roman"
SPACING = {11.0: 1.05, 10.5: 1.03, 10.0: 1.0}
"""The sizes of the text in points, the best first, and how far apart its lines stand at each."""
SECTION_MM = {11.0: 3.0, 10.5: 3.0, 10.0: 1.8}
"""Room above the heading of a section."""
QR_MM = {11.0: 27.0, 10.5: 27.0, 10.0: 24.0}
"""Side of the payment's code, its quiet zone included."""
WIDTH_MM = 165.0
"""Between the margins: A4, 25 mm at the left, 20 mm at the right."""
TOP_MM = 15
WINDOW_TOP_MM = 50
WINDOW_LEFT_MM = 110
"""The window of a DL envelope on the folded sheet (NF Z 11-001); it is 80 mm wide."""
CLOSE_WINDOW_TOP_MM = 46
WINDOW_MM = 34.0
"""Height of the window under its top: a longer address is set smaller and starts higher."""
SIGN_MM = 15.0
"""Room for a signature under a name."""

BODY, LINES, LIST, SCRIPT = "BodyText", "Lignes", "Liste", "Notes"
SENDER, ADDRESSEE, WINDOW = "Expediteur", "Destinataire", "Fenetre"
CLOSE_ADDRESSEE, CLOSE_WINDOW = "DestinataireSerre", "FenetreSerree"
PLACE_DATE, MENTION, REFERENCES, NOTE_HEAD = "LieuDate", "Mention", "References", "EntreNoms"
TITLE, HEADING_1, HEADING_2 = "Title", "Heading1", "Heading2"
CELL, AMOUNT, SIGNATURE, PAYMENT = "Cellule", "Montant", "Signature", "Paiement"
ENCLOSURE, ENCLOSED, COPY, SIGNED_AT = "Jointes", "JointesListe", "Copie", "FaitA"
SMALL, SPACER = "PetitsCaracteres", "Espace"
BLANK, BLANK_LABEL, STRONG, HINT = "Blanc", "BlancLegende", "Strong", "Conseil"
TABLE, LAYOUT = "TableauMaison", "MiseEnPage"

FOOTER, TITLE_SLOT = "word/footer2.xml", "{title}"
"""The footer from the second page on, and where the title goes in it."""

_MM_PER_PT = 25.4 / 72
_KEPT_PARTS = ("/styles", "/settings", "/fontTable", "/footer")
_GREY = '<w:color w:val="595959"/>'
_BOLD = "<w:b/><w:bCs/>"
_KEEP = "<w:keepNext/><w:keepLines/>"
_BUILT_IN = {
    "Normal",
    "Body Text",
    "Title",
    "heading 1",
    "heading 2",
    "Signature",
    "footer",
    "Strong",
}
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

_DEFAULTS = f"""<w:docDefaults {_W}><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>
<w:lang w:val="fr-FR" w:eastAsia="fr-FR" w:bidi="ar-SA"/>
</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"""

_SETTINGS = f"""<w:settings {_W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>
<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting
 w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>
<w:themeFontLang w:val="fr-FR"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>
</w:settings>"""

_CELLS = """<w:tblCellMar><w:top w:w="{y}" w:type="dxa"/><w:left w:w="{x}" w:type="dxa"/>
<w:bottom w:w="{y}" w:type="dxa"/><w:right w:w="{x}" w:type="dxa"/></w:tblCellMar>"""
_RULE = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="{}"/>'

_LAYOUT_STYLE = f"""<w:style {_W} w:type="table" w:customStyle="1" w:styleId="{LAYOUT}">
<w:name w:val="Mise en page"/><w:uiPriority w:val="99"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>
{_CELLS.format(x=0, y=0)}</w:tblPr></w:style>"""

_TABLE_STYLE = f"""<w:style {_W} w:type="table" w:customStyle="1" w:styleId="{TABLE}">
<w:name w:val="Tableau maison"/><w:uiPriority w:val="99"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>
<w:tblBorders>{_RULE.format("top", 6, "000000")}{_RULE.format("bottom", 6, "000000")}
{_RULE.format("insideH", 2, "A0A0A0")}</w:tblBorders>{_CELLS.format(x=80, y=40)}</w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr>
<w:tblStylePr w:type="lastRow"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr></w:style>"""


@cache
def house(size: float, *, numbered: bool) -> dict[str, bytes]:
    """Give the parts of an empty letter by name, its text `size` points large.

    `numbered`: a letter known to run over several pages, with more room for the page number. The
    number shows from the second page on: how many pages there are is the word processor's to say.
    """
    from docx import Document

    package = Document()
    _strip(package)
    _page(package, numbered=numbered)
    _styles(package, size)
    _footer(package)
    file = BytesIO()
    package.save(file)
    with ZipFile(file) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def _strip(package: Package) -> None:
    """Drop what the library's own template brings: theme, thumbnail, unused styles."""
    from docx.oxml import parse_xml

    of_package, of_document = package.part.package.rels, package.part.rels
    for rels in (of_package, of_document):
        for key in [key for key, rel in rels.items() if not _is_kept(rel.reltype)]:
            del rels[key]
    settings = package.settings.element
    for child in list(settings):
        settings.remove(child)
    settings.extend(list(parse_xml(_SETTINGS)))
    styles = package.styles.element
    for child in list(styles):
        styles.remove(child)
    styles.append(parse_xml(_DEFAULTS))


def _is_kept(reltype: str) -> bool:
    return reltype.endswith(("/officeDocument", "/core-properties", *_KEPT_PARTS))


def _page(package: Package, *, numbered: bool) -> None:
    from docx.shared import Mm

    section = package.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(25), Mm(20)
    section.top_margin, section.header_distance = Mm(TOP_MM), Mm(8)
    section.bottom_margin = Mm(17 if numbered else 12)
    section.footer_distance = Mm(9 if numbered else 6)
    section.gutter = Mm(0)
    section.different_first_page_header_footer = True


def _footer(package: Package) -> None:
    from docx.oxml import parse_xml

    section = package.sections[0]
    section.first_page_footer.is_linked_to_previous = False
    section.first_page_footer.paragraphs[0].style = package.styles["footer"]
    line = section.footer.paragraphs[0]
    line.style = package.styles["footer"]
    line.add_run(TITLE_SLOT, style="Conseil")
    for text, field in (("\tPage ", "PAGE"), (" sur ", "NUMPAGES")):
        line.add_run(text)
        line._p.append(  # noqa: SLF001  (the library has no call of its own for a field)
            parse_xml(
                f'<w:fldSimple {_W} w:instr=" {field} "><w:r><w:t>2</w:t></w:r></w:fldSimple>'
            )
        )


def _styles(package: Package, size: float) -> None:
    from docx.oxml import parse_xml

    for xml in (*_written_styles(size), _LAYOUT_STYLE, _TABLE_STYLE):
        package.styles.element.append(parse_xml(xml))


def _written_styles(size: float) -> Iterable[str]:
    """Write each style out, room above and below it in points."""
    small = round(size * 1.84) / 2
    ends = _tab(WIDTH_MM)
    yield _style("Normal", "Normal", _spaced(line=SPACING[size]), _sized(size))
    yield _style(BODY, "Body Text", _spaced(after=0.37 * size) + _set("both"))
    yield _style(LINES, "Lignes", _set("left"), based_on=BODY)
    dash = f'<w:ind w:left="{size * 15:.0f}" w:hanging="{size * 15:.0f}"/><w:contextualSpacing/>'
    yield _style(LIST, "Liste à tirets", dash, based_on=LINES)
    notes = ends.replace("none", "underscore") + _spaced(after=0.8 * size, line=1.3)
    yield _style(SCRIPT, "Notes à prendre", notes, based_on=LINES)
    out_of_the_window = f'<w:ind w:right="{twips(6)}"/>'
    yield _style(SENDER, "Expéditeur", out_of_the_window)
    yield _style(ADDRESSEE, "Destinataire")
    window = _spaced(before=_pt(WINDOW_TOP_MM - TOP_MM))
    yield _style(WINDOW, "Destinataire, fenêtre", window, based_on=ADDRESSEE)
    close = _spaced(line=0.95)
    yield _style(CLOSE_ADDRESSEE, "Destinataire, serré", close, _sized(9), based_on=ADDRESSEE)
    window = _spaced(before=_pt(CLOSE_WINDOW_TOP_MM - TOP_MM), line=0.95)
    yield _style(CLOSE_WINDOW, "Destinataire, fenêtre, serré", window, based_on=CLOSE_ADDRESSEE)
    yield _style(PLACE_DATE, "Lieu et date", _spaced(before=_pt(3)) + _set("right"))
    yield _style(MENTION, "Mention d’envoi", _spaced(before=_pt(4)), "<w:i/><w:iCs/>")
    yield _style(NOTE_HEAD, "Entre les noms", ends + _spaced(after=_pt(1.5)))
    titled = _spaced(before=_pt(6), after=_pt(6)) + _set("center")
    yield _style(TITLE, "Title", _KEEP + titled + _level(0), _BOLD + _sized(size + 2.5))
    yield _style(HEADING_1, "heading 1", _KEEP + _spaced(before=_pt(4)) + _level(0), _BOLD)
    above = _pt(SECTION_MM[size])
    section = _KEEP + _spaced(before=above, after=above / 3) + _level(1)
    yield _style(HEADING_2, "heading 2", section, _BOLD)
    yield _style(REFERENCES, "Références", _spaced(before=_pt(1.2)) + "<w:contextualSpacing/>")
    yield _style(CELL, "Cellule")
    yield _style(AMOUNT, "Montant", _set("right"), based_on=CELL)
    yield _style(SIGNATURE, "Signature", _spaced(before=_pt(2), after=_pt(SIGN_MM)))
    yield _style(ENCLOSURE, "Pièces jointes", "", _sized(small))
    listed = (
        f'<w:ind w:left="{small * 15 + 113:.0f}" w:right="{twips(5)}" '
        f'w:hanging="{small * 15:.0f}"/>'
    )
    yield _style(ENCLOSED, "Pièces jointes, liste", listed, based_on=ENCLOSURE)
    yield _style(COPY, "Copie à", _spaced(after=_pt(2)) + "<w:contextualSpacing/>")
    yield _style(SIGNED_AT, "Fait à", _KEEP + _spaced(before=_pt(3), after=_pt(3)))
    yield _style(PAYMENT, "Paiement", f'<w:ind w:right="{twips(1.5)}"/>', _sized(8.5))
    yield _style(SMALL, "Petits caractères", _spaced(before=_pt(3)), _GREY + _sized(7.5))
    yield _style(SPACER, "Espace", _spaced(line=1), _sized(4))
    yield _style("Footer", "footer", ends, _sized(8))
    yield _run_style(BLANK, "Blanc à compléter", '<w:b w:val="0"/><w:i w:val="0"/>')
    yield _run_style(BLANK_LABEL, "Légende d’un blanc", f'<w:b w:val="0"/>{_GREY}{_sized(7)}')
    yield _run_style(HINT, "Conseil", f"{_GREY}{_sized(7)}")
    yield _run_style(STRONG, "Strong", _BOLD)


def _style(key: str, name: str, lines: str = "", run: str = "", *, based_on: str = "Normal") -> str:
    """Write a paragraph style: `lines` as in a paragraph's own properties, `run` as in a run's."""
    own = key == "Normal"
    kind = 'w:default="1"' if own else _custom(name)
    base = "" if own else f'<w:basedOn w:val="{based_on}"/>'
    return (
        f'<w:style {_W} w:type="paragraph" {kind} w:styleId="{key}"><w:name w:val="{name}"/>'
        f"{base}<w:qFormat/><w:pPr>{'<w:widowControl/>' if own else ''}{lines}</w:pPr>"
        f"<w:rPr>{run}</w:rPr></w:style>"
    )


def _run_style(key: str, name: str, run: str) -> str:
    return (
        f'<w:style {_W} w:type="character" {_custom(name)} w:styleId="{key}">'
        f'<w:name w:val="{name}"/><w:qFormat/><w:rPr>{run}</w:rPr></w:style>'
    )


def _custom(name: str) -> str:
    """Mark a style that is no built-in one, so that Word shows it under the name given here."""
    return "" if name in _BUILT_IN else 'w:customStyle="1"'


def _spaced(before: float = 0, after: float = 0, line: float = 0) -> str:
    written = f' w:line="{line * 240:.0f}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before * 20:.0f}" w:after="{after * 20:.0f}"{written}/>'


def _sized(points: float) -> str:
    return f'<w:sz w:val="{points * 2:.0f}"/><w:szCs w:val="{points * 2:.0f}"/>'


def _set(side: str) -> str:
    return f'<w:jc w:val="{side}"/>'


def _level(outline: int) -> str:
    return f'<w:outlineLvl w:val="{outline}"/>'


def _tab(at: float) -> str:
    return f'<w:tabs><w:tab w:val="right" w:leader="none" w:pos="{twips(at)}"/></w:tabs>'


def _pt(millimetres: float) -> float:
    return millimetres / _MM_PER_PT


def twips(millimetres: float) -> int:
    """Give a length in twentieths of a point, as a word processor's file counts."""
    return round(_pt(millimetres) * 20)
