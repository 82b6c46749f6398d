"""The forms for analysts' tools, of a server."""

import json

import pytest

import defgraph


@pytest.mark.parametrize(
    ("path", "media_type", "made"),
    [
        ("/network.graphml", "application/graphml+xml", lambda g: g.graphml()),
        ("/states.geojson", "application/geo+json", lambda g: g.geojson()),
        ("/tables/State.csv", "text/csv; charset=utf-8", lambda g: g.tables()["State"]),
    ],
)
def test_a_server_gives_the_same_bytes_as_python(shipped_client, path, media_type, made):
    answer = shipped_client.get(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type), answer.text
    assert answer.content == made(defgraph.open())
    assert (
        shipped_client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code
        == 304
    )
    assert shipped_client.head(path).status_code == 200


def test_the_tables_are_listed_and_each_is_there(shipped_client):
    lines = shipped_client.get("/tables/").text.splitlines()

    assert any(line.endswith("/tables/Agreement.csv") for line in lines)
    for line in lines:
        assert shipped_client.get("/tables/" + line.rpartition("/")[2]).status_code == 200


@pytest.mark.parametrize("name", ["Stat", "state", "..%2FState", "x" * 5000])
def test_a_table_that_there_is_not_is_a_404_that_says_which_there_are(shipped_client, name):
    answer = shipped_client.get(f"/tables/{name}.csv")

    assert answer.status_code == 404
    if name == "Stat":
        assert "Did you mean State" in json.loads(answer.text)["detail"]
