"""The first page in a browser, with its script and without."""

import re
from itertools import pairwise

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WRONG = "SELECT ?x\nWHERE {\n  ?x a nope:State\n}"
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => [r, g, b]
    .map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [rgb(getComputedStyle(element).color), behind(element)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""


def ask(page, query):
    page.get_by_label("SPARQL query").fill(query)
    page.get_by_role("button", name="Ask").click()


def answer(page):
    return page.locator("#answer")


def loads(page):
    """How often the page itself, not a part of it, has been loaded: a mark that a load wipes out."""
    return page.evaluate("window.mark = (window.mark ?? 0) + 1")


def test_nothing_is_fetched_elsewhere_and_nothing_complains(visit):
    page = visit()
    page.get_by_role("link", name="V01").click()
    page.wait_for_url("**question=V01**")
    answer(page).get_by_role("link").first.click()
    page.wait_for_url("**thing=**")

    assert page.complaints == []


def test_a_click_on_a_question_shows_its_answer_in_place(visit):
    page = visit()
    loads(page)

    page.get_by_role("link", name="V02").click()
    page.wait_for_url("**question=V02**")

    assert page.get_by_role("cell", name="ammunition en").is_visible()
    assert "cooperation:exchange-of-supplies" in page.get_by_label("SPARQL query").input_value()
    assert page.locator("a[aria-current=true]").get_attribute("data-question") == "V02"
    assert loads(page) == 2


def test_back_shows_the_answer_before(visit):
    page = visit("?question=V01")
    page.get_by_role("link", name="V02").click()
    page.get_by_role("cell", name="ammunition en").wait_for()

    page.go_back()

    answer(page).get_by_role("cell", name="Toshimitsu Motegi").first.wait_for()
    assert page.locator("a[aria-current=true]").get_attribute("data-question") == "V01"


def test_a_query_of_ones_own_is_answered(visit):
    page = visit()

    ask(page, "SELECT ?state { ?state def:isoAlpha3 'NZL' }")

    page.get_by_text("1 solution", exact=True).wait_for()
    assert "ニュージーランド" in page.get_by_role("cell", name="New Zealand").inner_text()


def test_going_to_a_section_keeps_what_is_in_the_box(visit):
    page = visit()
    page.get_by_label("SPARQL query").fill("ASK {}")

    page.get_by_role("link", name="On whose word").click()
    page.get_by_role("link", name="Use it elsewhere").click()
    page.go_back()
    page.wait_for_load_state("networkidle")

    assert page.get_by_label("SPARQL query").input_value() == "ASK {}"


def test_the_keyboard_alone_is_enough(visit):
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the link that skips to the box
    page.get_by_label("SPARQL query").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("ASK { state:nz a def:State }")

    page.keyboard.press("Control+Enter")

    page.get_by_text("Yes", exact=True).wait_for()
    assert page.evaluate("document.activeElement.id") == "answer"


def test_a_syntax_error_is_shown_with_its_place_and_the_cursor_is_there(visit):
    page = visit()

    ask(page, WRONG)

    page.get_by_role("alert").wait_for()
    assert "line 3, column 8" in page.get_by_role("alert").inner_text()
    assert page.locator(".excerpt .wrong").inner_text().split() == ["3", "?x", "a", "nope:State"]
    assert page.evaluate("document.activeElement.id") == "query"
    before = WRONG.index("nope")
    assert page.evaluate("document.activeElement.selectionStart") == before


def test_markup_in_a_query_stays_text(visit):
    page = visit()

    ask(
        page,
        """SELECT ("<img src=x onerror='window.harmed = 1'><script>harmed = 1</script>" AS ?x) {}""",
    )

    page.get_by_role("cell", name="<img src=x").wait_for()
    assert page.evaluate("window.harmed") is None
    assert page.complaints == []


def test_an_answer_is_downloaded(visit):
    page = visit("?question=V01")

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()

    assert download.value.suggested_filename == "answer.csv"
    assert "toshimitsu-motegi" in download.value.path().read_text()


def test_without_javascript_questions_and_queries_are_answered(visit):
    page = visit(java_script_enabled=False)

    page.get_by_role("link", name="V01").click()
    assert answer(page).get_by_role("cell", name="Toshimitsu Motegi").first.is_visible()
    ask(page, WRONG)
    assert "line 3, column 8" in page.get_by_role("alert").inner_text()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("path", ["", "?question=V05", "?query=SELECT%20WHERE%20%7B%20%7D%20%7D"])
def test_the_page_fits_its_width(visit, path, width):
    page = visit(path, width=width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "?question=V05", "?query=SELECT%20WHERE"])
def test_text_stands_out_from_what_is_behind_it(visit, path, scheme):
    page = visit(path, color_scheme=scheme)

    assert page.evaluate(CONTRAST) == []


def test_headings_go_down_one_level_at_a_time(visit):
    page = visit()
    names = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((h) => h.tagName)")
    levels = [int(re.sub(r"\D", "", name)) for name in names]

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_going_to_a_section_asks_nothing_where_an_answer_is_shown(visit):
    page = visit("?question=V01")
    page.get_by_label("SPARQL query").fill("ASK {}")

    page.get_by_role("link", name="On whose word").click()
    page.wait_for_url("**#evidence")
    page.wait_for_load_state("networkidle")

    assert page.get_by_label("SPARQL query").input_value() == "ASK {}"
