"""A small message goes out at once; it does not wait until the browser has confirmed the last."""

from __future__ import annotations

import asyncio
import socket

import uvicorn
from streamlit.web.server.starlette import starlette_server


def test_no_connection_of_the_server_waits_to_fill_a_packet() -> None:
    async def accepted() -> int:
        loop, made = asyncio.get_running_loop(), asyncio.Event()
        seen: list[asyncio.BaseTransport] = []

        class Server(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                seen.append(transport)
                made.set()

        listening = starlette_server._bind_socket("127.0.0.1", 0, 1)
        async with await loop.create_server(Server, sock=listening):
            client, _ = await loop.create_connection(asyncio.Protocol, *listening.getsockname())
            await made.wait()
            option = (
                seen[0].get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            )
            client.close()
            seen[0].close()
        return option

    # The loop that `streamlit run serve.py` gets.
    factory = uvicorn.Config("serve:app").get_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner:
        assert runner.run(asyncio.wait_for(accepted(), 10))
