"""Nobody writes without the token, whatever the method, content type, origin or path."""

import pytest
from fastapi.testclient import TestClient

from defgraph.settings import Settings
from defgraph.web import create_app

TOKEN = "s3cret.to-ken~+/="
UPDATE = {"Content-Type": "application/sparql-update"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TURTLE = {"Content-Type": "text/turtle"}
CLEAR = "CLEAR ALL"

WRITES = [
    pytest.param("POST", "/update", UPDATE, CLEAR, id="update"),
    pytest.param("POST", "/update", FORM, f"update={CLEAR}", id="update-form"),
    pytest.param("POST", f"/update?update={CLEAR}", FORM, "", id="update-url"),
    pytest.param("PUT", "/graphs?default", TURTLE, "<urn:a> <urn:b> 1 .", id="put"),
    pytest.param("POST", "/graphs?graph=urn:g", TURTLE, "<urn:a> <urn:b> 1 .", id="post"),
    pytest.param("DELETE", "/graphs?default", {}, "", id="delete"),
]


@pytest.fixture
def guarded(client):
    """The application with a token."""
    app = create_app(Settings(token=TOKEN), store=client.app.state.store)
    return TestClient(app)


@pytest.mark.parametrize(("method", "path", "headers", "body"), WRITES)
class TestEveryWrite:
    def test_is_forbidden_where_no_token_is_configured(self, client, method, path, headers, body):
        headers = {**headers, "Authorization": "Bearer "}

        answer = client.request(method, path, content=body, headers=headers)

        assert answer.status_code == 403
        assert answer.json()["title"] == "ReadOnlyError"
        assert "DEFGRAPH_TOKEN" in answer.json()["detail"]
        assert "--tokens" in answer.json()["detail"]

    def test_needs_the_token(self, guarded, method, path, headers, body):
        answer = guarded.request(method, path, content=body, headers=headers)

        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["title"] == "TokenMissingError"

    def test_needs_the_right_token(self, guarded, method, path, headers, body):
        headers = {**headers, "Authorization": f"Bearer {TOKEN}x"}

        answer = guarded.request(method, path, content=body, headers=headers)

        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        assert TOKEN not in answer.text

    def test_is_not_authorised_by_a_cookie(self, guarded, method, path, headers, body):
        headers = {**headers, "Cookie": f"DEFGRAPH_TOKEN={TOKEN}; token={TOKEN}"}

        assert guarded.request(method, path, content=body, headers=headers).status_code == 401

    def test_is_not_authorised_by_a_parameter(self, guarded, method, path, headers, body):
        url = f"{path}{'&' if '?' in path else '?'}token={TOKEN}&access_token={TOKEN}"

        assert guarded.request(method, url, content=body, headers=headers).status_code == 401

    def test_is_for_no_page_of_another_origin(self, guarded, method, path, headers, body):
        headers = {**headers, "Origin": "https://other.example"}

        answer = guarded.request(method, path, content=body, headers=headers)

        assert not [name for name in answer.headers if name.startswith("access-control-")]

    def test_is_not_allowed_by_a_preflight(self, guarded, method, path, headers, body):
        headers = {"Origin": "https://other.example", "Access-Control-Request-Method": method}

        answer = guarded.options(path, headers=headers)

        assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer{TOKEN}", "Bearer ä", "Bearer \0"],
)
def test_what_is_no_bearer_token_is_a_401(guarded, given):
    headers = {**UPDATE, "Authorization": given.encode("latin-1")}

    answer = guarded.post("/update", content=CLEAR, headers=headers)

    assert answer.status_code == 401


def test_two_tokens_are_a_400(guarded):
    headers = [*UPDATE.items(), *[("Authorization", f"Bearer {TOKEN}")] * 2]

    answer = guarded.post("/update", content=CLEAR, headers=headers)

    assert answer.status_code == 400
    assert 'error="invalid_request"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_name_of_the_scheme_may_be_in_any_case(guarded, scheme):
    headers = {"Authorization": f"{scheme} {TOKEN}"}

    answer = guarded.delete("/graphs", headers=headers)

    assert answer.status_code not in {401, 403} or answer.json()["title"] == "ReadOnlyError"


def test_nothing_is_read_of_whoever_may_not_write(guarded):
    def body():
        pytest.fail("the body was read")
        yield b""

    answer = guarded.post("/update", content=body(), headers=UPDATE)

    assert answer.status_code == 401


@pytest.mark.parametrize("token", [TOKEN, "another"])
def test_a_damaged_file_of_tokens_lets_nobody_write_and_says_so(client, tmp_path, caplog, token):
    tokens = tmp_path / "tokens.json"
    tokens.write_text("{")
    app = create_app(Settings(token=TOKEN, tokens=tokens), store=client.app.state.store)
    headers = {**UPDATE, "Authorization": f"Bearer {token}"}

    for _ in range(3):
        answer = TestClient(app).post("/update", content=CLEAR, headers=headers)

    assert answer.status_code == 503
    assert answer.json()["title"] == "TokensUnreadableError"
    assert str(tokens) not in answer.text  # where it stands is for the log
    assert caplog.text.count(f"The file of tokens {tokens}") == 1
