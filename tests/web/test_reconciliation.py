"""The Reconciliation Service API 0.2, asked as OpenRefine asks it, and asked badly."""

import asyncio
import itertools
import json
import threading
import time
from pathlib import Path
from urllib.parse import quote

import jsonschema_rs
import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from defgraph import loading
from defgraph.engine.profile import Profile
from defgraph.errors import DeadlineExceededError
from defgraph.namespaces import BASE, DEF, ID
from defgraph.settings import Settings
from defgraph.store.in_process import InProcessStore
from defgraph.web import create_app
from defgraph.web.known_names import KnownNames

SCHEMAS = (
    Path(__file__).parents[3] / "shared" / "conformance" / "reconciliation" / "0.2" / "schemas"
)
NZ = ID + "state/nz"


@pytest.fixture(scope="module")
def valid():
    """Judge an answer by the schema of that name, where the schemas are at hand."""

    def judge(name, answer):
        if SCHEMAS.is_dir():
            schema = json.loads((SCHEMAS / f"{name}.json").read_text())
            text = json.dumps(schema).replace(
                "http://swagger.io/v2/schema.json#/definitions/securityDefinitions/additionalProperties",
                "#/$defs/none",
            )
            schema = {**json.loads(text), "$defs": {"none": {}}}
            kind = json.loads((SCHEMAS / "type.json").read_text())
            registry = jsonschema_rs.Registry(
                [(schema["$id"].rsplit("/", 1)[0] + "/type.json", kind), (kind["$id"], kind)]
            )
            jsonschema_rs.validator_for(schema, registry=registry).validate(answer)
        return answer

    return judge


@pytest.fixture
def ask(shipped_client):
    def asked(queries):
        answer = shipped_client.post("/reconcile", data={"queries": json.dumps(queries)})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return asked


def test_the_schemas_are_there():
    if not SCHEMAS.is_dir():
        pytest.skip("the schemas of the reconciliation API are not beside the project")
    assert (SCHEMAS / "manifest.json").is_file()


def test_a_client_finds_its_way(shipped_client, valid, ask):
    """Manifest, guess of a type, batch, suggest, preview, properties, extension: as OpenRefine."""
    manifest = valid("manifest", shipped_client.get("/reconcile").json())
    assert manifest["versions"] == ["0.2"]
    assert manifest["view"]["url"].endswith("doc?iri={{id}}")

    names = ["Japan", "Aotearoa", "Ivory Coast", "Korea, Republic of", "小泉進次郎"]
    guess = valid(
        "reconciliation-result-batch",
        ask({f"q{n}": {"query": name, "limit": 3} for n, name in enumerate(names)}),
    )
    kinds = [each["id"] for found in guess.values() for each in found["result"][0]["type"]]
    assert max(set(kinds), key=kinds.count) in {DEF + "Agent", DEF + "State"}

    batch = valid(
        "reconciliation-result-batch",
        ask({"q0": {"query": "Aotearoa", "type": DEF + "State", "type_strict": "should"}}),
    )
    best = batch["q0"]["result"][0]
    assert (best["id"], best["match"], best["name"]) == (NZ, True, "New Zealand")

    for kind, prefix, expected in [
        ("entity", "New Zea", NZ),
        ("type", "stat", DEF + "State"),
        ("property", "capital", DEF + "hasCapital"),
    ]:
        service = manifest["suggest"][kind]
        found = shipped_client.get(
            service["service_url"] + service["service_path"], params={"prefix": prefix}
        ).json()
        name = {"entity": "entities", "type": "types", "property": "properties"}[kind]
        valid(f"suggest-{name}-response", found)
        assert expected in [each["id"] for each in found["result"]]

    shown = shipped_client.get(manifest["preview"]["url"].replace("{{id}}", NZ))
    assert "ニュージーランド" in shown.text
    assert "frame-ancestors *" in shown.headers["content-security-policy"]

    propose = manifest["extend"]["propose_properties"]
    proposed = shipped_client.get(
        propose["service_url"] + propose["service_path"], params={"type": "def:State"}
    ).json()
    valid("data-extension-property-proposal", proposed)
    assert DEF + "isoAlpha3" in [each["id"] for each in proposed["properties"]]

    extend = {
        "ids": [NZ, "urn:unknown"],
        "properties": [{"id": DEF + "isoAlpha3"}, {"id": DEF + "hasCapital"}],
    }
    rows = valid(
        "data-extension-response",
        shipped_client.post("/reconcile", data={"extend": json.dumps(extend)}).json(),
    )["rows"]
    assert rows[NZ][DEF + "isoAlpha3"] == [{"str": "NZL"}]
    assert rows[NZ][DEF + "hasCapital"] == [{"id": ID + "place/wellington", "name": "Wellington"}]
    assert rows["urn:unknown"] == {DEF + "isoAlpha3": [], DEF + "hasCapital": []}


def test_the_view_of_a_thing_leads_to_its_document(shipped_client):
    url = shipped_client.get("/reconcile").json()["view"]["url"].replace("{{id}}", NZ)

    assert shipped_client.get(url).status_code == 200


def test_a_code_decides_between_namesakes(ask):
    code = [{"pid": "def:isoAlpha3", "v": "COD"}]
    found = ask({"q": {"query": "Congo", "type": "State", "properties": code}})["q"]["result"]
    alone = ask({"q": {"type": "def:State", "properties": code}})["q"]["result"]

    assert found[0]["id"] == ID + "state/cd"
    assert found[0]["match"] is True
    assert [each["match"] for each in found[1:]] == [False] * len(found[1:])
    assert alone[0]["id"] == ID + "state/cd"
    assert alone[0]["match"] is False


def test_a_code_of_another_makes_a_name_unsure(ask):
    wrong = [{"pid": "def:isoAlpha3", "v": "AUT"}]
    best = ask({"q": {"query": "Australia", "type": "State", "properties": wrong}})["q"]["result"]

    assert not any(each["match"] for each in best if each["id"] == ID + "state/au")


@pytest.mark.parametrize(
    "value",
    [
        {"id": ID + "place/wellington"},
        {"id": "place:wellington", "name": "Rome"},
        "place:wellington",
        ["place:paris", ID + "place/wellington"],
        "Wellington",
        "ウェリントン",
    ],
)
def test_a_thing_that_it_is_related_to_decides(ask, value):
    capital = [{"pid": "def:hasCapital", "v": value}]
    alone = ask({"q": {"type": "def:State", "properties": capital}})["q"]["result"]
    near = ask({"q": {"query": "New Zeland", "type": "State", "properties": capital}})["q"]
    other = ask({"q": {"query": "Japan", "type": "State", "properties": capital}})["q"]

    assert NZ in [each["id"] for each in alone]
    assert (near["result"][0]["id"], near["result"][0]["match"]) == (NZ, True)
    assert not any(each["match"] for each in other["result"])


def test_an_iri_of_another_dataset_decides(ask):
    link = [{"pid": "skos:exactMatch", "v": {"id": "wd:Q664"}}]

    assert ask({"q": {"properties": link}})["q"]["result"][0]["id"] == NZ


def test_things_to_extend_go_by_short_iris_too(shipped_client):
    asked = {"ids": ["state:nz", NZ], "properties": [{"id": "def:isoAlpha3"}]}

    answer = shipped_client.post("/reconcile", data={"extend": json.dumps(asked)}).json()

    assert answer["rows"]["state:nz"] == answer["rows"][NZ] == {"def:isoAlpha3": [{"str": "NZL"}]}


JSON_ADDRESSES = [
    "/reconcile",
    "/reconcile?query=Japan",
    "/reconcile?queries=%7B%22q0%22%3A%7B%22query%22%3A%22Japan%22%7D%7D",
    "/reconcile/suggest/entity?prefix=New",
    "/reconcile/suggest/type?prefix=st",
    "/reconcile/suggest/property?prefix=cap",
    "/reconcile/properties?type=State",
]


@pytest.mark.parametrize("address", JSON_ADDRESSES)
def test_an_older_client_gets_the_same_as_a_script(shipped_client, address):
    plain = shipped_client.get(address)
    mark = "&" if "?" in address else "?"
    script = shipped_client.get(f"{address}{mark}callback=jQuery123_4.done$")

    assert plain.headers["content-type"] == "application/json"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["x-content-type-options"] == "nosniff"
    assert script.text.startswith("/**/jQuery123_4.done$(")
    told = script.text.removeprefix("/**/jQuery123_4.done$(").removesuffix(");")
    assert json.loads(told) == plain.json()


@pytest.mark.parametrize(
    "name", ["", "1a", "a b", "alert(1)//", "a..b", "a.", "<x>", "a\n", "é", "a" * 129, "a;b"]
)
def test_a_function_has_a_plain_name(shipped_client, name):
    for address in JSON_ADDRESSES:
        mark = "&" if "?" in address else "?"
        answer = shipped_client.get(f"{address}{mark}callback={quote(name)}")
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"].startswith("callback: ")


def test_a_line_end_of_old_scripts_does_not_end_one(shipped_client):
    queries = json.dumps({"a\u2028b\u2029": {"query": "Japan"}})
    answer = shipped_client.get("/reconcile", params={"queries": queries, "callback": "f"})

    assert answer.status_code == 200
    assert not {"\u2028", "\u2029"} & set(answer.text)


def test_a_batch_is_matched_in_turns_and_until_its_time_is_up():
    async def asked():
        names = KnownNames(InProcessStore(ox.Store(), profile=Profile()), timeout_s=0.001)
        slow = itertools.repeat(lambda: time.sleep(0.01))
        with pytest.raises(DeadlineExceededError, match="The batch was stopped"):
            [each async for each in names.each(slow)]

    asyncio.run(asked())


def test_a_large_batch_lets_others_have_their_turns():
    async def asked():
        names = KnownNames(InProcessStore(ox.Store(), profile=Profile()), timeout_s=60)
        is_asked = threading.Event()

        def wait():
            time.sleep(0.01)
            return not is_asked.is_set()

        async def large():
            work = itertools.takewhile(lambda _: not is_asked.is_set(), itertools.repeat(wait))
            return [each async for each in names.each(work)]

        batches = [asyncio.create_task(large()) for _ in range(5)]
        await asyncio.sleep(0)
        await names.run(is_asked.set)
        return await asyncio.gather(*batches)

    assert len(asyncio.run(asked())) == 5


def test_many_values_of_many_properties_cost_little(shipped_client):
    """Each took as long as comparing all of them with everything: half a minute for one name."""
    many = [{"pid": "def:isoAlpha3", "v": [f"{n}" + "x" * 900 for n in range(20)]}] * 50

    answer = shipped_client.post(
        "/reconcile", data={"query": json.dumps({"query": "", "properties": many})}
    )

    assert answer.json() == {"result": []}


def test_an_answer_that_is_too_long_is_refused():
    settings = Settings(max_result_bytes=10_000, _env_file=None)
    store = InProcessStore(loading.load(), profile=Profile())
    with TestClient(create_app(settings, store=store)) as client:
        queries = {f"q{n}": {"query": "republic", "limit": 100} for n in range(20)}
        answer = client.post("/reconcile", data={"queries": json.dumps(queries)})

    assert answer.status_code == 413
    assert answer.json()["title"] == "ResultTooLargeError"


def test_types_hold_strictly_or_not(ask):
    for strict, expected in [("any", []), ("should", [ID + "state/jp"]), ("all", [])]:
        query = {"query": "Japan", "type": "def:Person", "type_strict": strict}
        found = ask({"q": query})["q"]["result"]
        assert [each["id"] for each in found][:1] == expected
        assert not any(each["match"] for each in found)


def test_one_query_is_a_name_or_json(shipped_client):
    bare = shipped_client.get("/reconcile", params={"query": "Japan"}).json()
    given = shipped_client.get("/reconcile", params={"query": '{"query": "Japan"}'}).json()

    assert bare == given
    assert bare["result"][0]["id"] == ID + "state/jp"


def test_pages_of_any_origin_may_ask(shipped_client):
    answer = shipped_client.post(
        "/reconcile", data={"query": "Japan"}, headers={"Origin": "https://refine.example"}
    )

    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("kind", "prefix", "first"),
    [
        ("type", "国家", "def/State"),
        ("type", "sta", "def/State"),
        ("property", "首都", "def/hasCapital"),
    ],
)
def test_kinds_and_properties_are_suggested_in_both_languages(shipped_client, kind, prefix, first):
    found = shipped_client.get(f"/reconcile/suggest/{kind}", params={"prefix": prefix}).json()

    assert found["result"][0]["id"].endswith(first)


def test_suggestions_go_on_at_the_cursor(shipped_client):
    def page(cursor):
        found = shipped_client.get(
            "/reconcile/suggest/entity", params={"prefix": "s", "cursor": cursor}
        )
        return [each["id"] for each in found.json()["result"]]

    assert len(page(0)) == 10
    assert not set(page(0)) & set(page(10))


def test_a_write_is_seen(application_over):
    made = ox.Store()
    with application_over(made) as client:
        assert client.get("/reconcile").json()["defaultTypes"] == []
        assert client.get("/reconcile", params={"query": "Japan"}).json() == {"result": []}


BAD = [
    ("queries", "no JSON", "queries: this is no JSON"),
    ("queries", "[]", "queries: a JSON object"),
    ("queries", "[" * 100_000, "nested too deep"),
    ("queries", '{"q": ' + "[" * 100_000, "nested too deep"),
    ("queries", '{"q0": 1}', "queries.q0: a JSON object"),
    ("queries", '{"q0": {}}', "queries.q0"),
    ("queries", '{"q0": {"query": 7}}', "queries.q0.query"),
    ("queries", '{"q0": {"query": "a", "limit": "x"}}', "queries.q0.limit"),
    ("queries", '{"q0": {"query": "a", "limit": 0}}', "queries.q0.limit"),
    ("queries", '{"q0": {"query": "a", "limit": NaN}}', "queries.q0.limit"),
    ("queries", '{"q0": {"query": "a", "limit": 1e400}}', "queries.q0.limit"),
    ("queries", '{"q0": {"query": "a", "limit": ' + "9" * 5000 + "}}", "too long"),
    ("queries", '{"q0": {"query": "a", "type": "def:Stat"}}', "def:State"),
    ("queries", '{"q0": {"query": "a", "type": [{}]}}', "queries.q0.type"),
    ("queries", '{"q0": {"query": "a", "type": {}}}', "queries.q0.type"),
    ("queries", '{"q0": {"query": "a", "type_strict": []}}', "type_strict"),
    ("queries", '{"q0": {"query": "a", "other": 1}}', "no 'other'"),
    ("queries", '{"q0": {"query": "a", "properties": {}}}', "queries.q0.properties"),
    ("queries", '{"q0": {"query": "a", "properties": [{"pid": "x"}]}}', "properties[0]"),
    ("queries", '{"q0": {"query": "a", "properties": [{"pid": "x", "v": 1}]}}', "'x'"),
    ("queries", '{"q0": {"query": "a", "properties": [{"pid": 1, "v": 1}]}}', "pid"),
    ("queries", json.dumps({"q0": {"query": "a" * 1_000_000}}), "queries.q0.query"),
    ("queries", json.dumps({f"q{n}": {"query": "a"} for n in range(2_001)}), "2,001"),
    ("queries", '{"\\ud800": {"query": "\\ud800"}}', "surrogate"),
    ("queries", '{"q0": {"query": null}}', "queries.q0.query"),
    ("queries", '{"q0": {"query": ["a"]}}', "queries.q0.query"),
    ("queries", '{"q0": {"properties": [{"pid": "def:isoAlpha3", "v": null}]}}', "properties[0].v"),
    ("queries", '{"q0": {"properties": [{"pid": "def:isoAlpha3", "v": {}}]}}', "properties[0].v"),
    ("queries", '{"q0": {"properties": [{"pid": "def:isoAlpha3", "v": {"id": "a b"}}]}}', "v.id"),
    ("queries", '{"q0": {"properties": [{"pid": "def:isoAlpha3", "v": {"id": 1}}]}}', "v.id"),
    ("query", '{"limit": 3}', "query"),
    ("extend", "{}", "extend.ids"),
    ("extend", '{"ids": [1], "properties": []}', "extend.ids[0]"),
    ("extend", '{"ids": [], "properties": [{"id": "no"}]}', "extend.properties[0].id"),
]


@pytest.mark.parametrize(("name", "text", "told"), BAD, ids=range(len(BAD)))
def test_what_is_wrong_is_told_with_its_place(shipped_client, name, text, told):
    answer = shipped_client.post("/reconcile", data={name: text})

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]
    assert len(answer.text) < 1000


@pytest.mark.parametrize("name", ["\0", "", " ", "((((", "a" * 1000, "¨", "\U0001f600", ",", "ー"])
def test_a_name_that_is_none_finds_nothing_sure(ask, name):
    found = ask({"q": {"query": name}})["q"]["result"]

    assert not any(each["match"] for each in found)


def test_a_batch_that_is_too_large_is_refused(shipped_client):
    answer = shipped_client.post("/reconcile", data={"queries": " " * (4 * 2**20)})

    assert answer.status_code == 413
    assert answer.json()["title"] == "BatchTooLargeError"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reconcile?queries={}&query=x", 400),
        ("/reconcile/suggest/entity", 400),
        ("/reconcile/suggest/entity?prefix=a&cursor=-1", 400),
        ("/reconcile/suggest/entity?prefix=a&cursor=1e9", 400),
        ("/reconcile/suggest/entity?prefix=a&type=Nothing", 400),
        ("/reconcile/properties?type=Nothing", 400),
        ("/reconcile/properties?limit=0", 400),
        ("/reconcile/suggest/entity?prefix=a&prefix=b", 400),
        ("/reconcile/suggest/entity?prefix=" + "a" * 1001, 400),
        ("/reconcile/suggest/entity?prefix=%00&cursor=999999999", 200),
        ("/reconcile/suggest/type?prefix=%FF", 400),
        ("/reconcile/suggest/property?prefix=a&cursor=99", 200),
        ("/reconcile/preview?id=state:nz", 200),
        ("/reconcile/preview", 400),
        ("/reconcile/preview?id=nz", 400),
        (f"/reconcile/preview?id={BASE}id/state/none", 404),
    ],
)
def test_other_addresses_take_nothing_wrong(shipped_client, path, status):
    assert shipped_client.get(path).status_code == status


def test_only_a_form_is_taken(shipped_client):
    assert shipped_client.post("/reconcile", json={"q0": {"query": "a"}}).status_code == 415
    assert shipped_client.post("/reconcile", data={}).status_code in {400, 415}
