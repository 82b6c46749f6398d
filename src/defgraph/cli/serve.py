"""``defgraph serve``: the SPARQL endpoint and the first page, over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from defgraph.cli.options import Data
from defgraph.errors import SettingsError


def serve(
    *,
    host: Annotated[
        str | None, typer.Option("--host", help="By default 127.0.0.1: only this machine.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="By default 8000; 0: any free one."),
    ] = None,
    data: Data = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            metavar="DIR|ADDRESS",
            help="Keep the dataset and its past in a folder, which begins with the shipped data; "
            "or serve what a SPARQL endpoint holds, as in https://host/sparql, for reading.",
        ),
    ] = None,
    plain: Annotated[
        bool,
        typer.Option(
            "--plain", help="A dataset of your own: empty at first, without shapes or inference."
        ),
    ] = False,
    follow: Annotated[
        bool,
        typer.Option(
            "--follow",
            help="Serve the store in a folder that another process writes to, or brings a copy of "
            "up to date, and take over each new generation; nothing is written here.",
        ),
    ] = False,
    tokens: Annotated[
        Path | None,
        typer.Option(
            "--tokens",
            metavar="FILE",
            help="Who may write, as 'defgraph token' keeps it; read again when it changes.",
        ),
    ] = None,
    root_path: Annotated[
        str | None,
        typer.Option(
            "--root-path",
            metavar="PATH",
            help="The path below which a proxy shows this server, as in /kg, and which it "
            "takes away from what it passes on.",
        ),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(
            "--public-url",
            metavar="ADDRESS",
            help="The address by which others see this server, as in https://kg.example, if it is "
            "not where https://w3id.org/defgraph/ leads to: links and redirections begin with it.",
        ),
    ] = None,
    forwarded_allow_ips: Annotated[
        str | None,
        typer.Option(
            "--forwarded-allow-ips",
            metavar="ADDRESSES",
            help="The proxies, as addresses and networks with commas between them, that are "
            "believed who asks them and by what name; by default nobody is.",
        ),
    ] = None,
    allow_service: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-service",
            metavar="IRI",
            help="An endpoint that queries may ask by SERVICE <IRI>; can be given several times. "
            "By default there is none.",
        ),
    ] = None,
) -> None:
    """Serve the graph over HTTP until interrupted.

    Whose token stands in --tokens, or who sends the one in DEFGRAPH_TOKEN, may write, with --store
    or --plain; without either, nobody may. What is not given here is taken from the environment:
    DEFGRAPH_HOST, DEFGRAPH_PORT, DEFGRAPH_STORE, DEFGRAPH_TOKENS.
    """
    from pydantic import ValidationError

    from defgraph.settings import Settings
    from defgraph.web import serve as run

    given: dict[str, Any] = {
        "host": host,
        "port": port,
        "data_paths": tuple(data) if data else None,
        "store": store,
        "plain": plain or None,
        "follow": follow or None,
        "tokens": tokens,
        "root_path": root_path,
        "public_url": public_url,
        "forwarded_allow_ips": forwarded_allow_ips,
        "allow_service": tuple(allow_service) if allow_service else None,
    }
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise SettingsError(
            (".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()
        ) from error
    run(settings)
