"""The rule for w3id.org leads every address to the same one on the server, asked of a real Apache."""

import http.client
import shutil
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

RULES = Path(__file__).parents[2] / "docs" / "w3id" / ".htaccess"
APACHE = shutil.which("apache2", path="/usr/sbin:/usr/local/sbin:/usr/bin")
MODULES = Path("/usr/lib/apache2/modules")
START_S = 10

pytestmark = pytest.mark.skipif(
    APACHE is None or not MODULES.is_dir(), reason="no Apache (Debian's apache2-bin) is installed"
)

CONFIGURATION = """
ServerName w3id.org
ServerRoot {folder}
PidFile {folder}/pid
ErrorLog {folder}/errors
DefaultRuntimeDir {folder}
Listen 127.0.0.1:{port}
{modules}
DocumentRoot {folder}/www
<Directory {folder}/www>
  AllowOverride All
  Require all granted
</Directory>
"""
LOADED = ("mpm_event", "authz_core", "rewrite", "dir")


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("apache")
    below = folder / "www" / "defgraph"
    below.mkdir(parents=True)
    shutil.copy(RULES, below / ".htaccess")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED)
    configuration = folder / "apache.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, port=number, modules=modules), encoding="utf-8"
    )
    for each in (folder, *folder.parents[:2], folder / "www", below):
        each.chmod(0o755)  # it reads as another user if it is started as root
    running = subprocess.Popen([APACHE, "-X", "-f", str(configuration)])
    try:
        for _ in range(START_S * 20):
            with socket.socket() as trying:
                if trying.connect_ex(("127.0.0.1", number)) == 0:
                    break
            assert running.poll() is None, "Apache did not start"
            time.sleep(0.05)
        yield number
    finally:
        running.terminate()
        running.wait(10)


def asked(port, path):
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "id/state/nz",
        "id/state/nz.ttl",
        "def/hasParty",
        "doc/agreement/jp-nz-acsa-2025.jsonld",
        "ontology",
        "ontology/1.0.0",
        "graph/links/wikidata",
        "shape/state-cow-code",
        "sparql?query=ASK%20%7B%7D&format=json",
        "doc?iri=http%3A%2F%2Fwww.wikidata.org%2Fentity%2FQ664",
        "doc/state/%E6%97%A5",
        "doc/a%20b%2522",
        "static/style.css",
    ],
)
def test_an_address_leads_to_the_same_one_on_the_server(port, address):
    status, location = asked(port, f"/defgraph/{address}")

    assert status == 302
    assert location == f"https://kg.example/{address}"


def test_nothing_else_is_led_anywhere(port):
    assert asked(port, "/other/id/state/nz") == (404, None)
