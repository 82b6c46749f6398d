"""Numbers about the server, as Prometheus reads them.

What happened is counted as it happens; what is so now (what waits, what is kept, which generation)
is looked up when somebody asks. No label holds what a client wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

import defgraph
from defgraph.store.protocol import BusyStore, DurableStore, Store
from defgraph.web.cache import Counts
from defgraph.web.telemetry.log_stream import LogStream

BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds: from an answer that is kept to a query that is stopped at its deadline."""


class Metrics:
    """Counts requests, and tells what *store* and *cache* are doing, and the *log*."""

    def __init__(self, store: Store, cache: Counts, log: LogStream | None = None) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "defgraph_requests",
            "Requests by what they asked for, and how they ended",
            ["kind", "outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "defgraph_request_duration_seconds",
            "How long requests took, from their header to the last byte of the answer",
            ["kind"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._counted: dict[tuple[str, str], Callable[[], None]] = {}
        self._timed: dict[str, Callable[[float], None]] = {}
        self._registry.register(_OfNow(store, cache))
        if log is not None:
            self._registry.register(_OfTheLog(log))
        ProcessCollector(registry=self._registry)

    def count(self, kind: str, outcome: str, seconds: float) -> None:
        """Count a request of *kind* that ended with *outcome*."""
        key = (kind, outcome)
        counted = self._counted.get(key)
        if counted is None:  # to find the label's values costs more than to count
            counted = self._counted[key] = self._requests.labels(kind, outcome).inc
            self._timed[kind] = self._seconds.labels(kind).observe
        counted()
        self._timed[kind](seconds)

    def text(self, accept: str) -> tuple[bytes, str]:
        """Return all of them, and the media type of it: one of Prometheus' that *accept* names."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type


class _OfNow(Collector):
    """What is so at the moment."""

    def __init__(self, store: Store, cache: Counts) -> None:
        self._store, self._cache = store, cache

    def collect(self) -> Iterator[Metric]:
        """Yield each metric."""
        build = GaugeMetricFamily("defgraph_build_info", "The version", labels=["version"])
        build.add_metric([defgraph.__version__], 1)
        yield build
        lookups = CounterMetricFamily(
            "defgraph_cache_lookups", "Queries by what the cache had for them", labels=["result"]
        )
        lookups.add_metric(["hit"], self._cache.hits)
        lookups.add_metric(["shared"], self._cache.shared)
        lookups.add_metric(["miss"], self._cache.misses)
        yield lookups
        yield _gauge("defgraph_cache_entries", "Answers that are kept", self._cache.entries)
        yield _gauge("defgraph_cache_bytes", "Bytes that they take", self._cache.bytes)
        yield from self._of_the_store()

    def _of_the_store(self) -> Iterator[Metric]:
        store = self._store
        if store.state is not None:
            number = store.state.generation
            yield _gauge("defgraph_generation", "The newest state of the dataset", number)
        if isinstance(store, DurableStore):
            damages = len(store.damages)
            yield _gauge("defgraph_store_damages", "What of the store on disk is damaged", damages)
        if isinstance(store, BusyStore):
            load = store.load
            workers = GaugeMetricFamily(
                "defgraph_workers", "Processes that answer queries", labels=["state"]
            )
            workers.add_metric(["busy"], load.busy_workers)
            workers.add_metric(["idle"], load.idle_workers)
            yield workers
            yield _gauge("defgraph_queue_length", "Queries that wait for a worker", load.waiting)
            yield _gauge("defgraph_writes_pending", "Writes under way or waiting", load.writes)


class _OfTheLog(Collector):
    """What became of the log."""

    def __init__(self, log: LogStream) -> None:
        self._log = log

    def collect(self) -> Iterator[Metric]:
        """Yield the one metric."""
        name, told = "defgraph_log_lines_dropped", "Lines of the log that nobody read in time"
        yield CounterMetricFamily(name, told, value=self._log.dropped)


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=value)
