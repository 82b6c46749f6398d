"""The description of the API as a page: it asks this server, and nothing is fetched elsewhere."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_every_operation_is_shown_and_nothing_complains(visit):
    page = visit("docs")

    page.get_by_role("heading", name="SPARQL", exact=False).first.wait_for()
    shown = page.locator(".opblock-summary-path").all_inner_texts()

    assert {"/sparql", "/update", "/graphs", "/healthz"} <= {each.strip() for each in shown}
    assert page.complaints == []


def test_a_query_is_tried_out(visit):
    page = visit("docs")
    operation = page.locator("#operations-SPARQL-query_by_get")

    operation.locator(".opblock-summary").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("tr[data-param-name=query] input").fill("ASK {}")
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .highlight-code").first
    answer.wait_for()

    assert '"boolean": true' in answer.inner_text().replace("\xa0", " ")
    assert page.complaints == []


def test_a_page_of_an_error_is_ours_and_nothing_complains(visit):
    page = visit("no/where")

    assert page.get_by_role("heading", level=1).inner_text() == "Not Found"
    assert page.complaints == [
        "Failed to load resource: the server responded with a status of 404 (Not Found)"
    ]
    page.get_by_role("link", name="Ask the graph").click()
    page.get_by_label("SPARQL query").wait_for()
