"""report.pdf says what report.html says, all of it, on pages that can be read; no text of a run acts in it."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from outputs import attack
from outputs.hostile import PAYLOADS, hostile_plan
from outputs.payloads import ALL
from outputs.pdfs import MARKUP, letters, needs_poppler, objects, outside, pages
from outputs.tiny import bare_plan, tiny_plan
from planner.errors import InputFaults
from planner.outputs.exports import report_pdf, typeset
from planner.outputs.exports.read_report import read_report
from planner.outputs.exports.run import Run
from planner.outputs.language import speaking
from planner.outputs.report import report_html

ABOUT = {"date": "2026-01-31", "run_id": "tiny-0001"}
NASTY = (*MARKUP, *PAYLOADS)


def run_of(folder, html, **plan):
    (folder / "report.html").write_text(html, encoding="utf-8")
    return Run(folder, {**ABOUT, **plan}, {})


def content_of(folder, html):
    return report_pdf.content(run_of(folder, html), html)


def made(folder, html, **plan):
    exported = folder / "exported"
    exported.mkdir(exist_ok=True)
    report_pdf.write(run_of(folder, html, **plan), exported)
    return exported / "report.pdf"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return made(tmp_path_factory.mktemp("tiny"), report_html(tiny_plan()))


def texts(node):
    """All texts of what the template gets."""
    if isinstance(node, dict):
        if "text" in node and isinstance(node["text"], str):
            yield node["text"]
            return
        for key in ("kicker", "title", "about", "summary", "blocks", "colophon"):
            yield from texts(node.get(key, []))
        for key in ("text", "items", "number", "words", "figures", "caption", "headers", "rows"):
            yield from texts(node.get(key, []))
    elif isinstance(node, list):
        for each in node:
            yield from texts(each)
    elif isinstance(node, str):
        yield node


def html_letters(html):
    """The page's text without its links at the top, its pictures and what browsers do not show."""
    for tag in ("head", "nav", "svg"):
        html = re.sub(rf"<{tag}\b.*?</{tag}>", " ", html, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", " ", html)
    for name, sign in {"&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'", "&amp;": "&"}.items():
        text = text.replace(name, sign)
    return Counter(letters(text))


@pytest.mark.parametrize("plan", [tiny_plan(), bare_plan(), hostile_plan(lambda n: NASTY[n % len(NASTY)])],
                         ids=["tiny", "bare", "hostile"])  # fmt: skip
def test_no_letter_of_the_report_is_lost_or_added(tmp_path, plan):
    html = report_html(plan)
    got = Counter(letters("".join(texts(content_of(tmp_path, html)))))
    assert got == html_letters(html)


@needs_poppler
def test_every_word_of_the_report_stands_in_the_pdf(tiny):
    said = {word for text in texts(read_report(report_html(tiny_plan()))) for word in text.split() if len(word) < 20}
    shown = set(" ".join(pages(tiny)).split())
    assert len(said) > 500
    # A link's colour or a mark's edge may part a full stop from its word; a slash may part a word.
    assert [word for word in said - shown if letters(word) not in letters(" ".join(pages(tiny)))] == []


@pytest.mark.parametrize(("old", "new"), [
    ('<p class="lead">', '<p class="bleed">'),
    ("<main>", "<main><video></video>"),
    ("<main>", '<main><p>x <i>y</i></p>'),
    ("<main>", '<main><p><img src="x.png"></p>'),
    ('<div class="cards">', '<div class="cards">loose'),
    ('<div class="cards">', '<div class="boxes">'),
    ("<circle ", "<foreignObject/><circle "),
    ("<circle ", '<circle onclick="x" '),
    ('href="data:image/png;base64,', 'href="https://example.org/'),
    ("</h1>", "</h2>"),
    ("</html>", ""),
    ("<footer>", "<footer hidden><p>"),
])  # fmt: skip
def test_what_the_print_does_not_know_is_a_fault_and_never_left_out(old, new):
    html = report_html(tiny_plan())
    assert old in html
    with pytest.raises(InputFaults, match=r"report\.html"):
        read_report(html.replace(old, new, 1))


def test_no_file_of_another_kind_is_taken_for_a_report():
    for text in ("", "report", "<html></html>"):
        with pytest.raises(InputFaults):
            read_report(text)


def test_a_run_folder_without_its_report_is_told(tmp_path):
    with pytest.raises(InputFaults, match=r"report\.html: cannot be read"):
        report_pdf.write(Run(tmp_path, ABOUT, {}), tmp_path)


def test_folded_text_is_unfolded_on_paper():
    html = report_html(tiny_plan()).replace("<main>", "<main><details><summary>More</summary><p>Folded</p></details>")
    head, text = read_report(html)["blocks"][:2]
    assert (head["kind"], head["text"]) == ("heading", [{"text": "More"}])
    assert text == {"kind": "p", "style": "text", "text": [{"text": "Folded"}]}


@needs_poppler
def test_the_summary_is_the_first_page_and_the_contents_the_second(tiny):
    first, second, third, *_ = pages(tiny)
    assert first.startswith("Where community health workers are needed Tiny district")
    assert "map.html has the same map" in first and "Who can reach care" not in first
    assert second.startswith("Tiny district Contents") and "How sure we are" in second
    assert third.startswith("Tiny district 1 Who can reach care")
    assert all(page.endswith(f"page {n} of {len(pages(tiny))}") for n, page in enumerate(pages(tiny), 1))
    assert all("Plan of 31 January 2026 · run tiny-0001" in page for page in pages(tiny))


@needs_poppler
def test_nothing_is_cut_by_the_edge_of_a_page(tiny):
    assert outside(tiny) == []


@needs_poppler
@pytest.mark.parametrize("first", range(0, 20, 5))
def test_hostile_names_stand_as_they_are_and_do_nothing(tmp_path, first):
    """One payload in each text, other ones in each run; 300 letters without a space among them."""
    plan = hostile_plan(lambda n: NASTY[(n + 31 * first) % len(NASTY)])
    path = made(tmp_path, report_html(plan))
    shown = letters("".join(pages(path)))
    assert all(letters(name) in shown for name in plan.villages.name if name.isascii())
    assert "root:" not in shown
    content = objects(path)
    for act in (b"/URI", b"/JavaScript", b"/Launch", b"/GoToR", b"/EmbeddedFile", b"/SubmitForm", b"/OpenAction"):
        assert act not in content
    assert outside(path) == []


@needs_poppler
def test_words_that_are_too_wide_for_the_widest_page_are_set_all_the_same(tmp_path):
    shares = attack.shares(ALL, 25)  # twenty payloads in a text
    plan = hostile_plan(lambda n: shares[n % 25])
    path = made(tmp_path, report_html(plan))
    assert len(pages(path)) > 10


def test_the_same_report_gives_the_same_bytes(tmp_path, tiny):
    assert made(tmp_path, report_html(tiny_plan())).read_bytes() == tiny.read_bytes()


def test_who_hears_the_report_is_told_its_title_its_language_its_tables_and_its_pictures(tmp_path):
    """PDF/UA-1, as typst checks it: every picture in words, headings in their order, a title and a language."""
    content = content_of(tmp_path, report_html(tiny_plan()))
    document = tmp_path / "report.pdf"
    document.write_bytes(typeset.pdf("report.typ", content, date="2026-01-31", strict=True))
    inside = objects(document)
    assert b"/Lang (en)" in inside or b"/Lang(en)" in inside
    assert b"/Outlines" in inside and b"/TH" in inside and b"/Figure" in inside


@needs_poppler
def test_the_report_is_written_in_any_language_and_with_the_ministry_of_the_run(tmp_path):
    run = run_of(tmp_path, report_html(tiny_plan()), report={"ministry": "Ministère #x de la Santé", "language": "en"})
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "fr.html").write_text(report_html(tiny_plan(), "fr"), encoding="utf-8")
    with speaking("fr"):
        report_pdf.write(run, tmp_path)
    shown = pages(tmp_path / "report.pdf")
    assert "Ministère #x de la Santé" in shown[0] and "Ministère #x de la Santé" in shown[4]
    assert "Table des matières" in shown[1] and "Plan du 31 janvier 2026" in shown[1] and "page 2 sur" in shown[1]
    assert "Qui peut atteindre les soins" in " ".join(shown)
    assert '<html lang="fr">' in (tmp_path / "report.html").read_text(encoding="utf-8")
    with speaking("pt"), pytest.raises(InputFaults, match=r"pt\.html: cannot be read"):
        report_pdf.write(run, tmp_path)


def test_the_logo_of_the_run_stands_in_the_document(tmp_path):
    from PIL import Image

    without = made(tmp_path, report_html(tiny_plan())).stat().st_size
    Image.effect_noise((200, 100), 90).save(tmp_path / "logo.png")
    assert made(tmp_path, report_html(tiny_plan())).stat().st_size > without + 10_000


def test_letters_that_our_font_lacks_are_sought_on_the_computer():
    assert typeset.has_letters("Mbále, N'Tcheu, ŋ, سلام, 12 345 – 3 h\u200b")
    assert not typeset.has_letters("ሰላም")
