"""What may differ between two deployments, as one value that is handed on.

Nothing reads the environment when it is imported: the edge that starts something makes a
``Settings()``, and a test makes its own.
"""

from __future__ import annotations

import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_HTTP_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_PUBLIC_URL: Final = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?((?:/[A-Za-z0-9._~-]+)*)"
)
_BEARER_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750, section 2.1


class Settings(BaseSettings):
    """Settings of a deployment; each can be given as ``DEFGRAPH_<NAME>`` in the environment."""

    model_config = SettingsConfigDict(env_prefix="DEFGRAPH_", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)  # 0: any free port

    # Behind a proxy: the path that it puts this server below, as in /kg, and takes away again;
    # and the addresses and networks, with commas between them, whose X-Forwarded-For, -Proto and
    # -Host are believed. Empty: nobody's.
    root_path: str = Field(default="", pattern=r"^(/[A-Za-z0-9._~-]+)*$")
    forwarded_allow_ips: str = ""

    # By what address the world sees this server where it is not the one that https://w3id.org/
    # leads to: links and redirections begin with it, and its path is the root path. IRIs in the
    # data stay as they are. Empty: links are paths.
    public_url: str = ""

    # What is logged, on standard error: 'info' has a line for every request. 'auto' writes for
    # people on a terminal and JSON elsewhere.
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "text"] = "auto"
    # Who sees /metrics: addresses and networks with commas between them; * is everybody.
    metrics_allow_ips: str = "127.0.0.0/8, ::1"

    # Told to end, the server says so at /readyz for so long before it takes no connection any more.
    shutdown_notice_s: float = Field(default=0.0, ge=0)

    # What a client may use a minute, and twice that in a burst; None: as much as there is.
    client_seconds_per_minute: float | None = Field(default=None, gt=0)
    client_errors_per_minute: float | None = Field(default=None, gt=0)

    max_request_bytes: int = Field(default=256 * 1024, gt=0)  # of the body of a query
    max_upload_bytes: int = Field(default=64 * 1024 * 1024, gt=0)  # of a write, decompressed too
    # Of bodies that are being taken and answers that are not read yet, of all clients together.
    max_in_flight_bytes: int = Field(default=256 * 1024 * 1024, gt=0)

    # What a connection may take: docs/access.md says what each of these does.
    max_connections: int = Field(default=500, gt=0)
    max_url_bytes: int = Field(default=32 * 1024, gt=0)
    max_header_bytes: int = Field(default=32 * 1024, gt=0)
    max_header_fields: int = Field(default=100, gt=0)
    header_timeout_s: float = Field(default=10.0, gt=0)
    body_timeout_s: float = Field(default=20.0, gt=0)
    send_timeout_s: float = Field(default=30.0, gt=0)
    idle_timeout_s: float = Field(default=65.0, gt=0)

    # Who sends it as a bearer token may write, and whose token stands in this file as
    # 'defgraph token' keeps it; without either nobody may.
    token: SecretStr | None = None
    tokens: Path | None = None

    query_timeout_s: float = Field(default=10.0, gt=0)
    query_memory_mb: int = Field(default=1024, gt=0)
    max_query_bytes: int = Field(default=64 * 1024, gt=0)
    max_result_bytes: int = Field(default=64 * 1024 * 1024, gt=0)
    max_waiting_queries: int = Field(default=64, ge=0)
    workers: int | None = Field(default=None, gt=0)  # None: one a core, and a spare
    # Answers are kept until the dataset changes. How old they may be where that cannot be known, at
    # an endpoint whose data others may change; None: nothing is kept there.
    cache_mb: int = Field(default=64, ge=0)
    cache_lifetime_s: float | None = Field(default=None, gt=0)
    # What it may take to write the dumps in one format, whenever the dataset has changed.
    dump_timeout_s: float = Field(default=300.0, gt=0)
    dump_memory_mb: int = Field(default=4096, gt=0)
    max_dump_bytes: int = Field(default=16 * 1024**3, gt=0)
    # Endpoints that a query may ask by SERVICE, separated by white space in the environment.
    allow_service: Annotated[tuple[str, ...], NoDecode] = ()
    # Serve even where the kernel has no means to keep a query from the network.
    allow_unconfined_workers: bool = False

    # A folder where the dataset is kept, with its past, and may be written to; or the address of a
    # SPARQL endpoint that is served instead, and what it is sent as the header Authorization.
    store: str | None = None
    # Take over what another process writes to the folder, or brings to it as a copy.
    follow: bool = False
    store_authorization: SecretStr | None = None

    # A dataset of the user's own, without ours, its shapes, its prefixes and inference.
    plain: bool = False

    # Files and folders of Turtle that replace the shipped data; empty: the shipped data.
    # In the environment they are separated as in PATH.
    data_paths: Annotated[tuple[Path, ...], NoDecode] = ()

    @property
    def has_tokens(self) -> bool:
        """Whether anybody may write, if the store can be written to."""
        return self.token is not None or self.tokens is not None

    @field_validator("data_paths", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part for part in value.split(os.pathsep) if part)
        return value

    @field_validator("allow_service", mode="before")
    @classmethod
    def _split_endpoints(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("allow_service")
    @classmethod
    def _check_endpoints(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            if not _HTTP_IRI.fullmatch(each):
                raise ValueError(f"{each!r} is no endpoint's address, as https://host/sparql is")
        return value

    @field_validator("forwarded_allow_ips", "metrics_allow_ips")
    @classmethod
    def _check_addresses(cls, value: str) -> str:
        for each in value.split(",") if value.strip(" *") else ():
            try:
                ip_network(each.strip())
            except ValueError as error:
                raise ValueError(f"{each.strip()!r} is no IP address and no network") from error
        return value.strip()

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str) -> str:
        value = value.rstrip("/")
        if value and not _PUBLIC_URL.fullmatch(value):
            raise ValueError(f"{value!r} is no address of a server, as https://host/path is")
        return value

    @model_validator(mode="before")
    @classmethod
    def _take_root_path(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Let the path of the public address be the root path, where that is not given."""
        public = _PUBLIC_URL.fullmatch(str(values.get("public_url", "")).rstrip("/"))
        return values if public is None else {"root_path": public[1], **values}

    @field_validator("token")
    @classmethod
    def _check_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None  # set, but to nothing: a way to have none
        if not _BEARER_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("a token is letters, digits and -._~+/ and may end in =")
        return value
