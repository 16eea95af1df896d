"""The log of unforeseen errors contains nothing that a person sent."""

import logging
import sys
from collections.abc import Iterator
from io import StringIO

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.web.error_log import DuplicateFilter, SafeFormatter, ServerErrorLayer, format_safely, start_log

pytestmark = pytest.mark.anyio

SECRET = "camille@example.org"


def break_down() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise ExceptionGroup(SECRET, [KeyError(SECRET)]) from error


def broken_down() -> ExceptionGroup[KeyError]:
    try:
        break_down()
    except ExceptionGroup as error:
        return error
    raise AssertionError


def test_error_is_logged_by_its_types_and_places() -> None:
    text = format_safely(broken_down())
    assert SECRET not in text
    assert [kind for kind in ("ValueError", "KeyError", "ExceptionGroup", "in break_down") if kind not in text] == []


def test_formatter_tells_the_errors_of_any_library_so() -> None:
    try:
        break_down()
    except ExceptionGroup:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "Exception", None, sys.exc_info())
    written = SafeFormatter("%(message)s").format(record)
    assert written.startswith("Exception\n")
    assert "break_down" in written
    assert SECRET not in written


@pytest.fixture
def untouched_log() -> Iterator[None]:
    """Whatever a test does to the log of the process is undone."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    yield
    root.handlers = handlers
    root.setLevel(level)


def test_log_holds_warnings_without_the_words_of_errors(untouched_log: None) -> None:
    stream = StringIO()
    start_log(stream)
    logging.getLogger("httpx").info("GET http://%s/", SECRET)
    try:
        break_down()
    except ExceptionGroup:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    assert stream.getvalue().startswith("ERROR uvicorn.error: Exception in ASGI application\n")
    assert SECRET not in stream.getvalue()


async def ask(app: ASGIApp) -> httpx.Response:
    faults = ServerErrorLayer(app, lambda request: Response(f"a page for {request.scope['path']}", 500))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(faults), base_url="http://localhost") as client:
        return await client.get(f"/fr/{SECRET}?{SECRET}", headers={"user-agent": SECRET})


async def test_fault_is_logged_without_what_was_sent_and_answered_with_a_page(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        break_down()

    answer = await ask(app)
    assert (answer.status_code, answer.text) == (500, f"a page for /fr/{SECRET}")
    assert caplog.messages[0].startswith("fault in no route\n")
    assert "ExceptionGroup" in caplog.text
    assert SECRET not in caplog.text


async def test_fault_after_the_answer_has_begun_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    begun = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        begun.append(Request(scope).method)
        break_down()

    with pytest.raises(AssertionError):
        await ask(app)
    assert begun == ["GET"]
    assert "ExceptionGroup" in caplog.text


def test_repeated_message_is_new_once_until_another_comes() -> None:
    faults = DuplicateFilter()
    assert [faults.is_new(message) for message in ("a", "a", "b", "a")] == [True, False, True, True]


def test_message_on_another_topic_repeats_nothing() -> None:
    faults = DuplicateFilter()
    found = [faults.is_new(None, topic) for topic in ("disk", "tor", "disk", "tor")]
    assert found == [True, True, False, False]
