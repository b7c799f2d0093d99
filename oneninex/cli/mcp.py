"""`mcp`: the Model Context Protocol server, for assistants."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from oneninex.cli.context import app
from oneninex.core.audit_log import Actor
from oneninex.services import audited_import

TOKENS = "ONENINEX_MCP_TOKENS"


@app.command()
def mcp(
    context: typer.Context,
    audience: Annotated[
        str, typer.Option(help="Who asks over stdio: planner, leadership, public or unit:ID.")
    ] = "public",
    http: Annotated[
        bool, typer.Option("--http", help="Serve /mcp over HTTP; tokens name the audiences.")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8510,
) -> None:
    """Serve the named queries to assistants, over stdio or HTTP."""
    from oneninex.domain.audience import Audience, UnknownAudience
    from oneninex.mcp import Tools, build, server

    store, plan = context.obj.store, context.obj.plan

    def tools(reader: str) -> Tools:
        def note(tool: str, what: str) -> None:
            audited_import.note(store, "mcp", Actor(reader), what=f"{tool} {what}".strip())

        return Tools(store, plan, reader, note)

    if not http:
        try:
            Audience.parse(audience)
        except UnknownAudience:
            raise typer.BadParameter(audience, param_hint="--audience") from None
        build(tools(audience)).run("stdio")
        return
    path = os.environ.get(TOKENS, "")
    try:
        tokens = server.read_tokens(Path(path)) if path else {}
    except (OSError, server.TokensWrong) as wrong:
        raise typer.BadParameter(f"{TOKENS}: {wrong}", param_hint="--http") from None
    if not tokens:
        raise typer.BadParameter(TOKENS, param_hint="--http")
    import uvicorn

    uvicorn.run(server.http_app(tokens, tools), host="127.0.0.1", port=port, log_level="warning")
