"""The page of a graph of links lists them, a hundred a page, with what both ends are called."""

import re

import pyoxigraph as ox

ROW = re.compile(r"<tr>\s*<td>(.*?)</td>\s*<td>(.*?)</td>\s*<td>(.*?)</td>(.*?)</tr>", re.DOTALL)
LINK = re.compile(r'<a href="([^"]*)"')


def test_every_link_of_a_graph_is_in_a_row_of_one_of_its_pages(shipped_client):
    graph = shipped_client.get("/graph/links/wikidata.nt")
    match = "http://www.w3.org/2004/02/skos/core#exactMatch"
    said = {
        (quad.subject.value.removeprefix("https://w3id.org/defgraph/id/"), quad.object.value)
        for quad in ox.parse(graph.content, format=ox.RdfFormat.N_TRIPLES)
        if quad.predicate.value == match
    }

    shown, pages, path = set(), 0, "/graph/links/wikidata.html"
    while path:
        page = shipped_client.get(path).text
        for ours, relation, theirs, status in ROW.findall(page):
            assert "exact match" in relation
            assert "verified" in status
            (mine,), (other,) = LINK.findall(ours), LINK.findall(theirs)
            shown.add((mine.removeprefix("/doc/"), other))
        links = page.partition('id="linked"')[2].split("</section>")[0].split("</table>")[1]
        assert ('rel="next"' in links) is (page.count('rel="next"') == 1)
        following = re.search(r'<a rel="next" href="([^"]*)"', page)
        path, pages = (following[1] if following else None), pages + 1

    assert shown == said
    assert pages == (len(said) + 99) // 100 > 1


def test_both_ends_are_called_by_their_labels(client_of):
    turtle = """
      graph:links rdfs:label "Links"@en .
      state:nz skos:closeMatch <http://www.wikidata.org/entity/Q664> ; rdfs:label "New Zealand"@en .
      <http://www.wikidata.org/entity/Q664> rdfs:label "Aotearoa"@en ."""
    with client_of(links=turtle) as client:
        page = client.get("/graph/links.html").text

    ((ours, relation, theirs, _),) = ROW.findall(page)
    assert ">New Zealand</a>" in ours
    assert ">close match</a>" in relation
    assert ">Aotearoa</a> <code>wd:Q664</code>" in theirs


def test_a_page_behind_the_last_is_a_404_and_of_a_graph_without_links_there_is_one(shipped_client):
    assert shipped_client.get("/graph/links/wikidata.html?page=99").status_code == 404
    assert shipped_client.get("/graph/reference/states.html?page=2").status_code == 404
    assert 'id="linked"' not in shipped_client.get("/graph/reference/states.html").text
