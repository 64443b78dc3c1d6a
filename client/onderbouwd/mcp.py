"""A Model Context Protocol server over the public API, on standard input and output. It only reads.

    python -m onderbouwd.mcp --base https://example.org

One JSON-RPC 2.0 message a line, as the protocol's stdio transport has it (revisions 2024-11-05 to 2025-11-25).
"""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Iterable
from typing import Any, BinaryIO

from onderbouwd.client import Client
from onderbouwd.problems import OnderbouwdError, Problem
from onderbouwd.tools import TOOLS, WrongArguments, checked, listed

REVISIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
IN_BATCHES = "2025-03-26"  # the one revision in which several messages may stand in a list
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = (
    -32700, -32600, -32601, -32602, -32603,
)  # fmt: skip
INSTRUCTIONS = (
    "Health claims, each with how strong the evidence for it is. Look a claim up before you say whether something helps or "
    "harms, and use the words of the base for how sure that is. Cite accession and version (KB000001.1) with the "
    "permalink, say so where a rating is under review, and give no medical advice."
)


class Refused(Exception):
    """A JSON-RPC error."""

    def __init__(self, code: int, message: str):
        super().__init__(message)
        self.code = code


class Server:
    def __init__(self, base: str, language: str = "en"):
        self.language = language
        self.clients = {code: Client(base, language=code) for code in ("en", "nl")}
        self.revision = REVISIONS[0]

    def answer(self, message: object) -> object | None:
        """The reply to one message or, in the revision that has them, a batch; None where nothing is to be said."""
        if isinstance(message, list) and message and self.revision == IN_BATCHES:
            replies = [reply for each in message if (reply := self.answer_one(each)) is not None]
            return replies or None
        return self.answer_one(message)

    def answer_one(self, message: object) -> dict[str, Any] | None:
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            return failure(None, INVALID_REQUEST, "This is not a JSON-RPC 2.0 message.")
        if "method" not in message:
            return (
                None
                if "result" in message or "error" in message
                else failure(None, INVALID_REQUEST, "No method.")
            )
        if "id" not in message:
            return None  # a notification: nothing that we are told of needs a deed
        number, method, params = message["id"], message["method"], message.get("params", {})
        if not isinstance(number, str | int) or isinstance(number, bool):
            return failure(None, INVALID_REQUEST, "An id is a text or a whole number.")
        try:
            return {"jsonrpc": "2.0", "id": number, "result": self.result(method, params)}
        except Refused as refused:
            return failure(number, refused.code, str(refused))
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return failure(number, INTERNAL_ERROR, "Something went wrong here.")

    def result(self, method: object, params: object) -> dict[str, Any]:
        if not isinstance(params, dict):
            raise Refused(INVALID_PARAMS, "params is an object.")
        if method == "initialize":
            return self.initialize(params)
        if method == "ping":
            return {}
        if method == "tools/list":
            return {"tools": listed()}
        if method == "tools/call":
            return self.call(params)
        raise Refused(METHOD_NOT_FOUND, f"There is no method {method}.")

    def initialize(self, params: dict[str, Any]) -> dict[str, Any]:
        """Agrees on the client's revision where we know it; else names our latest, for the client to take or leave."""
        wanted = params.get("protocolVersion")
        self.revision = wanted if wanted in REVISIONS else REVISIONS[0]
        return {
            "protocolVersion": self.revision,
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "onderbouwd", "title": "Onderbouwd", "version": "1.0.0"},
            "instructions": INSTRUCTIONS,
        }

    def call(self, params: dict[str, Any]) -> dict[str, Any]:
        """What a tool says; also where it could not do what was asked, so that the model reads why."""
        name = params.get("name")
        if not isinstance(name, str) or name not in TOOLS:
            raise Refused(INVALID_PARAMS, f"There is no tool {name}. Known are: {', '.join(TOOLS)}.")
        tool, _told = TOOLS[name]
        try:
            arguments = dict(checked(name, params.get("arguments", {})))
            client = self.clients[arguments.pop("language", self.language)]
            return content(tool(client, **arguments))
        except (WrongArguments, OnderbouwdError) as error:
            return content(reason(error)) | {"isError": True}


def content(text: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": text}]}


def reason(error: Exception) -> str:
    why = error.members.get("reason") if isinstance(error, Problem) else None
    return f"{error} Reason: {json.dumps(why, ensure_ascii=False)}" if why else str(error)


def failure(number: object, code: int, message: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}}


def serve(server: Server, lines: Iterable[bytes], out: BinaryIO) -> None:
    """Until the client closes its end."""
    for line in lines:
        if not line.strip():
            continue
        try:
            reply = server.answer(json.loads(line))
        except (ValueError, RecursionError):
            reply = failure(None, PARSE_ERROR, "This line is not JSON.")
        if reply is not None:
            out.write(json.dumps(reply, ensure_ascii=False).encode() + b"\n")
            out.flush()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="onderbouwd.mcp", description="Lets language models read Onderbouwd."
    )
    address = os.environ.get("ONDERBOUWD_URL")
    parser.add_argument(
        "--base", default=address, required=not address, help="address of the site, or ONDERBOUWD_URL"
    )
    parser.add_argument(
        "--language", choices=("en", "nl"), default="en", help="of the texts, unless a call says"
    )
    given = parser.parse_args()
    try:
        server = Server(given.base, given.language)
    except ValueError as error:
        parser.error(str(error))
    try:
        serve(server, sys.stdin.buffer, sys.stdout.buffer)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)


if __name__ == "__main__":
    main()
