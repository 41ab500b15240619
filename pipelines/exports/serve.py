"""The report and the exports of a profile over HTTP, for browsers of this machine.

Here belongs what may be fetched: report.html, datapackage.json, CITATION.cff and exports/ of the
profile's folder, and nothing else. Starlette keeps requests inside a folder and refuses every
method but GET and HEAD; a request that names another host than this machine is refused, so that
no page of the web can reach in.
"""

from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from warehouse.errors import InputError

HOST = "127.0.0.1"
REPORT = "report.html"
BESIDE = ("datapackage.json", "CITATION.cff")


def application(profile: str, root: Path) -> Starlette:
    """The pages of a profile. Raises InputError where it has no report."""
    folder = root / profile
    if not (folder / REPORT).is_file():
        remedy = f"Run: mirror-trade run --profile {profile}"
        raise InputError(f"{folder / REPORT}", "is not there", remedy)
    exports = folder / "exports"
    exports.mkdir(exist_ok=True)
    routes = [
        Route("/", lambda request: FileResponse(folder / REPORT)),
        *(Route(f"/{name}", _file(folder / name)) for name in (REPORT, *BESIDE)),
        Route("/exports/", lambda request: _listed(exports)),
        Mount("/exports", StaticFiles(directory=exports)),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
    )


def _file(path: Path):  # type: ignore[no-untyped-def]
    def answer(request: Request) -> Response:
        return FileResponse(path) if path.is_file() else Response("not there\n", 404)

    return answer


def _listed(folder: Path) -> HTMLResponse:
    """Links to every exported file."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("[!.]*.*"))
    links = "".join(f'<li><a href="/exports/{name}">{name}</a></li>' for name in names)
    told = f"<ul>{links}</ul>" if names else "<p>None yet: mirror-trade export --format csv</p>"
    return HTMLResponse(f"<!doctype html><html lang='en'><title>Exports</title>{told}</html>")


def run(pages: Starlette, port: int) -> None:
    """Serve until interrupted."""
    uvicorn.run(pages, host=HOST, port=port, log_level="info", access_log=False)
