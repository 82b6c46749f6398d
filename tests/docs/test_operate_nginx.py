"""A real nginx with the configuration of the page, in front of a real server."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

pytestmark = [
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]

CONFIGURATION = Path(__file__).resolve().parents[2] / "docs" / "operate" / "nginx.conf"
HOST = "graph.example.org"
FRAME = """\
{user}
daemon off;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {text}
}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    names = [
        "-keyout",
        folder / "key.pem",
        "-out",
        folder / "certificate.pem",
        "-subj",
        f"/CN={HOST}",
    ]
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    subprocess.run([*request, *names], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module", params=["", "/graph"], ids=["root", "below a path"])
def proxied(request, serve, certificate, tmp_path_factory):
    """The path, and a client of nginx, as of somebody elsewhere."""
    path, folder = request.param, tmp_path_factory.mktemp("nginx")
    environment = os.environ | {
        "DEFGRAPH_FORWARDED_ALLOW_IPS": "127.0.0.1",
        "DEFGRAPH_ROOT_PATH": path,
        "DEFGRAPH_TOKEN": "secret",
        "DEFGRAPH_STORE": str(folder / "store"),
    }
    upstream = serve(Path(sys.executable).with_name("defgraph"), env=environment, cwd=folder)
    port = free_port()
    text = CONFIGURATION.read_text(encoding="utf-8")
    text = text.replace("/etc/ssl/graph.example.org", str(certificate / "NAME"))
    text = text.replace("NAME.pem", "certificate.pem").replace("NAME.key", "key.pem")
    text = text.replace("server 127.0.0.1:8000;", f"server {upstream.removeprefix('http://')};")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    if path:
        text = text.replace("location / {", f"location {path}/ {{")
        text = text.replace("proxy_pass http://defgraph;", "proxy_pass http://defgraph/;")
        dumps = "location /dumps/ {\n        proxy_pass http://defgraph/"
        assert dumps in text
        text = text.replace(dumps, dumps.replace("/dumps", f"{path}/dumps") + "dumps/")
        text = text.replace("location = /metrics", f"location = {path}/metrics")
    user = "user root;" if os.geteuid() == 0 else ""
    whole = folder / "nginx.conf"
    whole.write_text(FRAME.format(user=user, folder=folder, text=text), encoding="utf-8")
    command = ["nginx", "-c", whole, "-p", folder, "-e", "stderr"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as nginx:
        try:
            with httpx2.Client(
                base_url=f"https://127.0.0.1:{port}",
                headers={"Host": HOST},
                verify=False,
                trust_env=False,
                timeout=30,
            ) as client:
                until_it_listens(port)
                yield path, client
        finally:
            nginx.terminate()


def until_it_listens(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nginx does not listen")


def test_queries_are_answered_and_not_sent_again(proxied):
    path, client = proxied
    ask = {"query": "SELECT ?s { ?s a def:State } ORDER BY ?s LIMIT 1", "format": "csv"}

    first = client.get(f"{path}/sparql", params=ask)
    again = client.get(
        f"{path}/sparql", params=ask, headers={"If-None-Match": first.headers["etag"]}
    )

    assert first.status_code == 200
    assert again.status_code == 304
    assert len(first.headers["x-request-id"]) == 32  # as nginx numbers requests
    assert "max-age" in first.headers["strict-transport-security"]


def test_addresses_are_those_that_the_client_sees(proxied):
    path, client = proxied

    description = client.get(f"{path}/sparql", headers={"Accept": "application/n-triples"})
    thing = client.get(f"{path}/id/state/nz")
    missing = client.get(f"{path}/nothing", headers={"Accept": "text/html"})

    assert f"<https://{HOST}{path}/sparql>" in description.text
    assert thing.status_code == 303
    assert client.get(thing.headers["location"].removeprefix(f"https://{HOST}")).status_code == 200
    assert f'href="{path}/static/style.css"' in missing.text


def test_whoever_has_a_token_writes(proxied):
    path, client = proxied
    update = 'INSERT DATA { GRAPH graph:notes { state:nz skos:note "through nginx"@en } }'
    headers = {"Content-Type": "application/sparql-update"}

    without = client.post(f"{path}/update", content=update, headers=headers)
    written = client.post(
        f"{path}/update", content=update, headers=headers | {"Authorization": "Bearer secret"}
    )

    assert (without.status_code, written.status_code) == (401, 200), written.text


def test_the_numbers_are_not_for_everybody(proxied):
    path, client = proxied

    assert client.get(f"{path}/metrics").status_code == 404
    assert client.get(f"{path}/%6detrics").status_code in {403, 404}


def test_what_is_too_long_is_told_by_the_server(proxied):
    path, client = proxied

    answer = client.get(f"{path}/sparql?query={'x' * 33_000}")

    assert answer.status_code == 414


def test_dumps_come_through_whole_and_in_parts(proxied):
    path, client = proxied
    whole = client.get(f"{path}/dumps/dataset.nq")
    tag = whole.headers["ETag"]
    assert hashlib.sha256(whole.content).hexdigest() == tag.strip('"')

    cut = len(whole.content) // 2
    headers = {"Range": f"bytes={cut}-", "If-Range": tag}
    rest = client.get(f"{path}/dumps/dataset.nq", headers=headers)

    assert (rest.status_code, rest.content) == (206, whole.content[cut:])
    assert client.get(f"{path}/dumps/dataset.nq", headers={"If-None-Match": tag}).status_code == 304
    listed = client.get(f"{path}/dumps/", headers={"Accept": "application/json"}).json()
    assert listed["files"][0]["url"].startswith(f"https://{HOST}{path}/dumps/")
