"""What holds of every answer to a hostile request."""

from __future__ import annotations

ENDS_WELL = {200, 201, 204, 400, 403, 408, 413, 415, 422, 500, 503, 504, 507}


def check(server, answer):
    """Look whether *answer* is whole or an error, and whether *server* goes on; return it."""
    assert answer.status_code in ENDS_WELL, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    assert server.is_well()
    return answer
