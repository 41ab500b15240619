"""A small server on loopback that answers like UN Comtrade, with faults on order."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest

from assets.source.comtrade.settings import ComtradeSettings
from assets.source.comtrade.wanted.demand import Demand
from warehouse.archive import Archive

KEY = "0123456789abcdef0123456789abcdef"
Fault = tuple[int, dict[str, str], bytes]


def api_row(
    reporter: int, partner: int, flow: str, product: str, year: int, **more: object
) -> dict:
    """The fields of an API row that matter, as the API spells them."""
    fields: dict[str, object] = {
        "typeCode": "C",
        "freqCode": "A",
        "refYear": year,
        "period": str(year),
        "reporterCode": reporter,
        "flowCode": flow,
        "partnerCode": partner,
        "partner2Code": 0,
        "classificationCode": "H6" if year > 2021 else "H5",
        "isOriginalClassification": True,
        "cmdCode": product,
        "customsCode": "C00",
        "mosCode": "0",
        "motCode": 0,
        "qtyUnitCode": 8,
        "qtyUnitAbbr": None,
        "qty": 12.5,
        "netWgt": 12.5,
        "isNetWgtEstimated": False,
        "primaryValue": reporter * 1000.0 + partner + year / 10000,
        "legacyEstimationFlag": 0,
        "isReported": True,
    }
    return fields | more


class StandIn(ThreadingHTTPServer):
    """Holds rows; `faults` maps the number of a data request (from 1) to a reply in its place."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.rows: list[dict] = []
        self.released = "2024-07-12T00:00:00"
        self.released_anew: dict[tuple[int, str], str] = {}
        self.faults: dict[int, Fault] = {}
        self.every: Callable[[str], Fault | None] = lambda path: None
        self.asked: list[str] = []
        self.keys: set[str | None] = set()
        self.lock = Lock()
        self.address = f"http://127.0.0.1:{self.server_port}"

    def fill(self, reporters: int, partners: int, products: list[str], years: list[int]) -> None:
        """Every flow between the first reporters and partners, which are numbered from 1."""
        self.rows = [
            api_row(reporter, partner, flow, product, year)
            for reporter in range(1, reporters + 1)
            for partner in range(1, partners + 1)
            for flow in ("M", "X")
            for product in products
            for year in years
        ]

    def figures(self, query: dict[str, set[str]]) -> dict:
        names = ("reporterCode", "period", "cmdCode", "flowCode", "partnerCode")
        found = [
            row
            for row in self.rows
            if all(str(row[name]) in query[name] for name in names if name in query)
        ]
        found = found[: int(query["maxRecords"].pop())]
        return {"elapsedTime": "0.1 secs", "count": len(found), "data": found, "error": ""}

    def availability(self, query: dict[str, set[str]]) -> dict:
        sizes: dict[tuple, int] = {}
        for row in self.rows:
            key = row["reporterCode"], row["period"], row["classificationCode"]
            sizes[key] = sizes.get(key, 0) + 1
        data = [
            {
                "reporterCode": reporter,
                "period": int(period),
                "classificationCode": classification,
                "totalRecords": size,
                "datasetChecksum": size,
                "firstReleased": "2023-01-01T00:00:00",
                "lastReleased": self.released_anew.get((reporter, period), self.released),
            }
            for (reporter, period, classification), size in sizes.items()
            if period in query["period"]
            and str(reporter) in query.get("reporterCode", {str(reporter)})
        ]
        return {"elapsedTime": "0.1 secs", "count": len(data), "data": data, "error": ""}


class Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        server, parts = self.server, urlsplit(self.path)
        query = {name: set(text[0].split(",")) for name, text in parse_qs(parts.query).items()}
        about_data = "/getDa/" not in parts.path
        with server.lock:
            server.keys.add(self.headers.get("Ocp-Apim-Subscription-Key"))
            if about_data:
                server.asked.append(self.path)
            fault = server.every(self.path)
            if about_data:
                fault = server.faults.get(len(server.asked)) or fault
        if fault is None:
            body = server.figures(query) if about_data else server.availability(query)
            fault = 200, {}, json.dumps(body).encode()
        self.reply(fault)

    def reply(self, reply: Fault) -> None:
        status, headers, body = reply
        self.send_response_only(status)
        headers = {"Content-Length": str(len(body)), "Content-Type": "application/json"} | headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def api() -> Iterator[StandIn]:
    with StandIn() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        server.fill(reporters=3, partners=4, products=["TOTAL", "8542"], years=[2021, 2022])
        yield server
        server.shutdown()


@pytest.fixture
def settings(api: StandIn) -> ComtradeSettings:
    return ComtradeSettings(
        api.address, requests_per_second=None, source="simulated", attempts=3, first_wait=0.0
    )


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def everything() -> list[Demand]:
    return [Demand(None, None, ("M", "X"), ("TOTAL", "8542"), (2021, 2022))]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA reference")
        connection.execute("CREATE TABLE reference.country (code VARCHAR, m49 VARCHAR)")
        connection.execute("""
            INSERT INTO reference.country VALUES
            ('KAZ', '398'), ('RUS', '643'), ('KOR', '410'), ('VNM', '704'), ('ARM', '051')
        """)
        yield connection
