"""Who sees the metrics where no proxy is believed."""

import pytest
from fastapi.testclient import TestClient

from defgraph.settings import Settings
from defgraph.web import create_app


def status(client, host, allowed="127.0.0.0/8, ::1", **headers):
    app = create_app(Settings(metrics_allow_ips=allowed), store=client.app.state.store)
    asking = TestClient(app, client=(host, 1))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return asking.get("/metrics", headers=named).status_code


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_sees_them(client, host):
    assert status(client, host) == 200


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7", "somebody", ""])
def test_others_do_not(client, host):
    assert status(client, host) == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_what_came_through_a_proxy_that_is_not_believed_could_be_from_anywhere(client, header):
    assert status(client, "127.0.0.1", **{header.replace("-", "_"): "127.0.0.1"}) == 403


def test_the_operator_says_who_else_sees_them(client):
    assert status(client, "192.0.2.7", "192.0.2.0/24") == 200
    assert status(client, "192.0.3.7", "192.0.2.0/24") == 403
    assert status(client, "somebody", "*", X_Forwarded_For="1.2.3.4") == 200
    assert status(client, "127.0.0.1", "") == 403
