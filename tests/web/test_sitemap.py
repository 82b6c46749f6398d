"""What crawlers are told."""

from xml.etree import ElementTree as ET

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def test_every_page_of_the_site_map_answers(client):
    answer = client.get("/sitemap.xml")

    assert answer.headers["content-type"].startswith("application/xml")
    pages = [each.text for each in ET.fromstring(answer.content).iter(LOC)]
    assert pages[0] == "http://testserver/"
    assert "http://testserver/doc/agreement/pact" in pages
    assert len(set(pages)) == len(pages)
    assert {client.get(page, headers={"Accept": "text/html"}).status_code for page in pages} == {
        200
    }


def test_robots_are_told_of_the_site_map_and_kept_from_queries(client):
    lines = client.get("/robots.txt").text.splitlines()

    assert lines == [
        "User-agent: *",
        "Disallow: /sparql",
        "Sitemap: http://testserver/sitemap.xml",
    ]
