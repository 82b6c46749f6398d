"""Every kind of page keeps the rules of WCAG 2.1 AA that axe can judge, on a phone and on a desk.

axe-core is the client of ``tests/clients`` that ``make clients`` installs.
"""

from pathlib import Path

import pytest

AXE = Path(__file__).parents[1] / "clients" / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make clients"),
]

PAGES = {
    "first page": "",
    "a question's answer": "?question=V05",
    "a graph as an answer": "?query=DESCRIBE%20state:nz",
    "yes or no": "?query=ASK%20%7B%7D",
    "a syntax error": "?query=SELECT%20WHERE%20%7B%20%7D%20%7D",
    "an unknown question": "?question=nope",
    "a state": "doc/state/nz",
    "an agreement": "doc/agreement/jp-nz-acsa-2025",
    "a person": "doc/person/judith-collins",
    "a source": "doc/source/2025-12-japan-new-zealand",
    "the ontology": "ontology",
    "a term": "def/hasParty",
    "a graph": "graph/reference/states",
    "links": "graph/links/wikidata",
    "questions": "graph/questions",
    "what is inferred": "graph/inferred",
    "a shape": "shape/agreement-aim",
    "dumps": "dumps/",
    "several things": "doc?iri=https://shared.example/",
    "problem": "problem/QuerySyntaxError",
    "the API": "docs",
    "not found": "doc/state/nowhere",
    "no such page": "no/where",
    "removed": "doc/state/former",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
OTHERS = "#api"  # Swagger UI is not ours to mend
JUDGED = """([rules, others]) => axe.run(
  { include: [["html"]], exclude: [[others]] },
  { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] },
).then((found) => found.violations.flatMap((each) => each.nodes.map(
  (node) => `${each.id}: ${node.target.join(" ")}: ${node.failureSummary}`)))"""


def opened(visit, path, width):
    # The policy of our pages lets no script in that is not ours, as axe is not.
    page = visit(path, width=width, bypass_csp=True)
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_no_fault_by_day_and_by_night(visit, path, width):
    page = opened(visit, path, width)
    page.add_script_tag(path=AXE)

    assert page.evaluate(JUDGED, [RULES, OTHERS]) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(JUDGED, [RULES, OTHERS]) == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_page_is_wider_than_a_phone(visit, path):
    page = opened(visit, path, 390)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_each_page_has_a_title_of_its_own(visit):
    titles = {}
    for name, path in PAGES.items():
        titles.setdefault(visit(path).title(), []).append(name)

    assert [each for each in titles.values() if len(each) > 1] == [
        ["the ontology", "a term"],  # which stands in it
        ["not found", "no such page"],
    ]


JAPANESE = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; (node = walker.nextNode()); ) {
    const at = node.parentElement;
    if (at.closest("script, textarea, pre, code")) continue;
    const [isJapanese, isSaid] = [/[\\u3040-\\u30ff\\u4e00-\\u9fff]/.test(node.data), at.closest("[lang]").lang === "ja"];
    if (isJapanese && !isSaid) found.push(node.data.trim());
  }
  return found;
}"""


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_japanese_text_says_that_it_is(visit, path):
    assert visit(path).evaluate(JAPANESE) == []


FOCUSED = """() => {
  const at = document.activeElement;
  if (at === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  return {
    what: at.outerHTML.slice(0, 120),
    seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && box.right > 0 && box.bottom > 0,
  };
}"""


@pytest.mark.parametrize("path", ["", "doc/state/nz", "graph/links/wikidata", "dumps/", "no/where"])
def test_where_the_keyboard_is_can_be_seen(visit, path):
    page = visit(path, width=390)
    seen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        seen.append(focused)

    assert len(seen) >= 3
    assert [each["what"] for each in seen if not each["seen"]] == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_the_way_past_the_top_leads_somewhere(visit, path):
    page = visit(path)
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#*")

    target = page.evaluate("location.hash.slice(1)")
    assert page.evaluate("(id) => document.getElementById(id) !== null", target)
