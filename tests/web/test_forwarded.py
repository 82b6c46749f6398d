"""Behind a proxy the server answers as whoever asks sees it; and believes nobody but the proxy."""

import os
import sys
import urllib.request
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from defgraph.settings import Settings
from defgraph.web import create_app

PROXY = "192.0.2.80"
SPOOFED = {
    "X-Forwarded-For": "198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "kg.example:8443",
}


@pytest.fixture
def behind(client):
    """A client that asks through a proxy at an address, where these are trusted."""

    def made(trusted, *, host=PROXY, root_path="", **settings):
        settings = Settings(forwarded_allow_ips=trusted, **settings)
        app = create_app(settings, store=client.app.state.store)
        return TestClient(app, client=(host, 1), root_path=root_path, follow_redirects=False)

    return made


def location(running, headers=SPOOFED):
    answer = running.get("/healthz/", headers=headers)
    assert answer.status_code == 307
    return answer.headers["location"]


@pytest.mark.parametrize("trusted", [PROXY, "192.0.2.0/24", f"10.0.0.1, {PROXY}", "*"])
def test_a_trusted_proxy_says_how_the_server_is_seen(behind, trusted):
    assert location(behind(trusted)) == "https://kg.example:8443/healthz"


@pytest.mark.parametrize("trusted", ["", "192.0.2.81", "10.0.0.0/8", "2001:db8::/32"])
def test_nobody_else_does(behind, trusted):
    assert location(behind(trusted)) == "http://testserver/healthz"


def test_of_several_hosts_the_last_counts(behind):
    headers = {**SPOOFED, "X-Forwarded-Host": "evil.example, kg.example"}

    assert location(behind(PROXY), headers) == "https://kg.example/healthz"


@pytest.mark.parametrize("host", ["a b", "evil.example/x", "user@evil.example", "", "x:y", "[::1"])
def test_what_is_no_host_is_passed_over(behind, host):
    headers = {**SPOOFED, "X-Forwarded-Host": host}

    assert location(behind(PROXY), headers) == "https://testserver/healthz"


def test_the_limit_is_the_clients_not_the_proxys(behind):
    running = behind(PROXY, client_errors_per_minute=1)
    one, other = {"X-Forwarded-For": "198.51.100.1"}, {"X-Forwarded-For": "198.51.100.2"}

    statuses = [running.get("/nowhere", headers=one).status_code for _ in range(4)]

    assert statuses == [404, 404, 404, 429]
    assert running.get("/nowhere", headers=other).status_code == 404


def test_a_client_cannot_be_many_by_saying_so(behind):
    running = behind("192.0.2.81", client_errors_per_minute=1)

    statuses = [
        running.get("/nowhere", headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code
        for n in range(4)
    ]

    assert statuses == [404, 404, 404, 429]


@pytest.mark.parametrize("wrong", ["localhost", "300.1.1.1", "10.0.0.1/8", "10.0.0.1,,"])
def test_what_is_no_address_is_said_at_once(wrong):
    with pytest.raises(ValidationError, match="no IP address"):
        Settings(forwarded_allow_ips=wrong)


@pytest.mark.parametrize("wrong", ["graph", "/graph/", "/a//b", "/a b", "/a?b", "/%41"])
def test_what_is_no_path_is_said_at_once(wrong):
    with pytest.raises(ValidationError):
        Settings(root_path=wrong)


def test_a_page_below_a_path_names_the_endpoint_as_it_is_seen(behind):
    page = behind(PROXY, root_path="/kg").get("/kg/", headers=SPOOFED)

    assert page.status_code == 200
    assert "https://kg.example:8443/kg/sparql" in page.text


def test_a_server_below_a_path_answers_with_links_below_it(serve):
    program = Path(sys.executable).with_name("defgraph")
    environment = {
        **os.environ,
        "DEFGRAPH_PLAIN": "1",
        "DEFGRAPH_ROOT_PATH": "/kg",
        "DEFGRAPH_FORWARDED_ALLOW_IPS": "127.0.0.1",
    }
    address = serve(program, env=environment)
    opener = urllib.request.build_opener(NoRedirect)

    redirected = opener.open(urllib.request.Request(f"{address}/healthz/", headers=SPOOFED))
    with redirected, opener.open(f"{address}/sparql?query=ASK%7B%7D") as answered:
        assert redirected.headers["location"] == "https://kg.example:8443/kg/healthz"
        assert answered.status == 200


class NoRedirect(urllib.request.HTTPErrorProcessor):
    def http_response(self, request, response):
        return response
