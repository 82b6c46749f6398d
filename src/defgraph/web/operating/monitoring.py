"""``/metrics``, for those who look after the server."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import cast

from fastapi import APIRouter, Request, Response

from defgraph.settings import Settings
from defgraph.web.dependencies import CurrentSettings
from defgraph.web.forwarded import is_of_unknown_origin
from defgraph.web.http.refusals import NotTheOperatorError
from defgraph.web.telemetry.metrics import Metrics

router = APIRouter()


@router.head("/metrics")
@router.get("/metrics")
async def metrics(request: Request, settings: CurrentSettings) -> Response:
    """Answer in the text format of Prometheus, or as OpenMetrics where that is asked for."""
    if not may_see(request, settings):
        raise NotTheOperatorError
    numbers = cast(Metrics, request.app.state.metrics)
    body, content_type = numbers.text(request.headers.get("accept", ""))
    return Response(body, headers={"Content-Type": content_type, "Vary": "Accept"})


def may_see(request: Request, settings: Settings) -> bool:
    """Whether a request comes from an address that may see the metrics.

    What passed a proxy that is not believed could come from anybody.
    """
    allowed = settings.metrics_allow_ips
    if allowed == "*":
        return True
    if request.client is None or is_of_unknown_origin(request.scope):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in ip_network(each.strip()) for each in allowed.split(",") if each.strip())
