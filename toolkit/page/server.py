"""The review server: the page and its questions, on 127.0.0.1 alone.

All work on catalogs runs in one thread, one request after the other; the page never waits for longer than a batch of checks.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from toolkit.errors import CatalogError, DataError, LoktaError, StaleUnit, UnitGone
from toolkit.page import assets, preview, words
from toolkit.page.api import ReviewApi, Unprocessable
from toolkit.page.guard import Guard, TooLarge
from toolkit.project.context import Context
from toolkit.units import text_hash

HOST = "127.0.0.1"
_FIRST, _PORTS, _TRIES = 20_000, 10_000, 5
"""Where a project's own port lies, and how many of the next ones are tried."""


class Json(JSONResponse):
    """An answer in JSON; half a character, such as the name of a file may hold, becomes a question mark."""

    def render(self, content: object) -> bytes:
        """The body."""
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(errors="replace")


def application(context: Context, paths: Sequence[Path], host: str, token: str) -> Guard:
    """The server's answers for these catalogs, behind the guard; `host` is `127.0.0.1:PORT`."""
    work = ThreadPoolExecutor(max_workers=1, thread_name_prefix="review")
    beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="names")
    api = ReviewApi(context, paths)

    async def prepared(name: str) -> None:
        """Have the other catalogs looked through, which takes a second or more the first time; what a person does goes on."""
        await asyncio.get_running_loop().run_in_executor(beside, api.prepare, name)

    async def answer(make: Callable[[], Any], form: Callable[[Any], Response] = Json) -> Response:
        loop = asyncio.get_running_loop()
        try:
            return form(await loop.run_in_executor(work, make))
        except UnitGone as error:
            return Json({"message": str(error)}, 410)
        except (Unprocessable, CatalogError) as error:
            return Json({"message": str(error)}, 422)
        except DataError as error:
            return Json({"message": str(error)}, 404)
        except LoktaError as error:
            return Json({"message": str(error)}, 500)

    async def act(request: Request) -> Response:
        said = await _said(request)
        name = request.path_params["id"]

        def done() -> Response:
            try:
                return Json(api.act(name, said))
            except StaleUnit as error:
                return Json(api.stale(name, error), 409)

        return await answer(done, lambda response: response)

    async def check(request: Request) -> Response:
        said = await _said(request)
        key, target = said.get("key"), said.get("target")
        if not isinstance(key, str) or not isinstance(target, str):
            return Json({"message": "key and target are texts"}, 422)
        await prepared(request.path_params["id"])
        return await answer(lambda: api.check(request.path_params["id"], key, target))

    async def findings(request: Request) -> Response:
        said = request.query_params.get("from", "0")
        start = int(said) if said.isdecimal() and len(said) < 10 else 0
        await prepared(request.path_params["id"])
        return await answer(lambda: api.findings(request.path_params["id"], start))

    async def page(request: Request) -> Response:
        def framed(text: str) -> Response:
            return HTMLResponse(text, headers={"content-security-policy": preview.POLICY})

        return await answer(lambda: api.page(request.path_params["id"]), framed)

    async def image(request: Request) -> Response:
        def shown(found: tuple[bytes, str]) -> Response:
            return Response(found[0], media_type=found[1], headers={"content-security-policy": preview.POLICY})

        return await answer(lambda: api.image(request.path_params["id"], request.path_params["path"]), shown)

    async def asset(request: Request) -> Response:
        name = request.url.path.removeprefix("/")
        return Response(assets.served(name), media_type=assets.SERVED[name])

    async def index(request: Request) -> Response:
        return HTMLResponse(assets.page())

    async def no_icon(request: Request) -> Response:
        return Response(status_code=204)  # browsers ask by themselves, and show an error in their console for a 404

    async def said_words(request: Request) -> Response:
        return Json(words.all_words())

    async def works(request: Request) -> Response:
        return await answer(api.works)

    async def work_of(request: Request) -> Response:
        return await answer(lambda: api.work(request.path_params["id"]))

    async def changes(request: Request) -> Response:
        return await answer(lambda: api.changes(request.path_params["id"], request.query_params.get("rev", "")))

    async def suggest(request: Request) -> Response:
        return await answer(lambda: api.suggest(request.path_params["id"], request.path_params["key"]))

    routes = [
        Route("/", index),
        *(Route(f"/{name}", asset) for name in assets.SERVED),
        Route("/favicon.ico", no_icon),
        Route("/api/words", said_words),
        Route("/api/work", works),
        Route("/api/work/{id}", work_of),
        Route("/api/findings/{id}", findings),
        Route("/api/changes/{id}", changes),
        Route("/api/suggest/{id}/{key}", suggest),
        Route("/api/check/{id}", check, methods=["POST"]),
        Route("/api/act/{id}", act, methods=["POST"]),
        Route("/preview/{id}/", page),
        Route("/preview/{id}/{path:path}", image),
    ]
    handlers: Mapping[Any, Any] = {TooLarge: lambda request, error: PlainTextResponse("too large", 413)}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return Guard(app, host, token)


async def _said(request: Request) -> Mapping[str, object]:
    """The JSON object in a request's body; empty for anything else."""
    body = await request.body()
    with contextlib.suppress(ValueError, RecursionError):
        said = json.loads(body)
        if isinstance(said, dict):
            return said
    return {}


def listen(root: Path, port: int = 0) -> socket.socket:
    """A socket on 127.0.0.1: at `port`, or else at the project's own, so that a browser finds again what it kept for the page.

    Raises DataError where the port that was asked for is taken.
    """
    own = _FIRST + int(text_hash(str(root)), 16) % _PORTS
    for number in [port] if port else [*range(own, own + _TRIES), 0]:
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((HOST, number))
            bound.listen()  # until it listens, another process could bind the same
            return bound
        except OSError as error:
            bound.close()
            refused = error
    raise DataError(f"port {port} cannot be had ({refused.strerror}); name another, or leave --port away")


def serve(context: Context, paths: Sequence[Path], bound: socket.socket, opened: Callable[[str], None]) -> None:
    """Answer until Ctrl-C. `opened` is called with the start address once the page can be asked for."""
    host = f"{HOST}:{bound.getsockname()[1]}"
    token = secrets.token_urlsafe(24)
    config = uvicorn.Config(
        application(context, paths, host, token),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
        ws="none",
    )
    server = uvicorn.Server(config)

    async def run() -> None:
        task = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started and not task.done():
            await asyncio.sleep(0.01)
        opened(f"http://{host}/?t={token}")
        await task

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())
