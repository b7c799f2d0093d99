"""A reader without a browser: speaks to the dashboard over its websocket as a tab does.

It opens a page, uses its widgets and keeps the elements that the server sends, so that twenty
readers fit beside the server that is measured. It draws nothing.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

_FIGURE = re.compile(r'class="card-value">([^<]*)<')
_KEPT = 400  # messages that a browser would hold back from asking for twice
_AGAIN = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
_MEGABYTE = 1 << 20


class Refused(RuntimeError):
    """The server answered with a fault of its own."""


@dataclass
class Reader:
    """One tab on one page; `choices` are its selection boxes by key."""

    address: str
    page: str = ""
    lang: str = "zh"
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str = ""  # against forged requests; without it nobody is signed in
    trust: ssl.SSLContext | None = None
    elements: list[Element] = field(default_factory=list)
    bytes_received: int = 0
    _socket: ClientConnection | None = None
    _script: str = ""
    _query: str = ""
    _states: dict[str, WidgetState] = field(default_factory=dict)
    _parts: dict[str, str] = field(default_factory=dict)  # of the script, by selection box in it
    _messages: OrderedDict[str, ForwardMsg] = field(default_factory=OrderedDict)

    async def open(self, **address: str) -> None:
        """Connect and read the page whose address holds these parameters."""
        self._query = urlencode({"lang": self.lang, **address})
        self._socket = await connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[Subprotocol(word) for word in ("streamlit", self.token) if word],
            ssl=self.trust,
            max_size=64 * _MEGABYTE,
            additional_headers=dict(self.headers),
            proxy=None,
        )
        await self.run()

    async def close(self) -> None:
        """Close the tab."""
        if self._socket:
            await self._socket.close()

    @property
    def answer_headers(self) -> Mapping[str, str]:
        """What the server said when the connection was made."""
        assert self._socket
        assert self._socket.response
        return self._socket.response.headers

    async def choose(self, **choices: str) -> None:
        """Choose in the selection boxes with these keys, by the words on screen."""
        part = ""
        for key, words in choices.items():
            box = self._box(key)
            self._states[key] = WidgetState(id=box, string_value=words)
            part = self._parts.get(box, "")
        await self.run(part)

    async def run(self, part: str = "") -> None:
        """Have the page's script run, or a part of it alone, and read what comes of it."""
        assert self._socket
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self._query
        state.fragment_id = part
        state.page_script_hash = self._script
        state.page_name = "" if self._script else self.page
        state.widget_states.widgets.extend(self._states.values())
        state.cached_message_hashes.extend(self._messages)
        state.context_info.url = f"{self.address}/{self.page}?{self._query}"
        state.context_info.timezone = "Asia/Shanghai"
        state.context_info.locale = "zh-CN" if self.lang == "zh" else "en"
        await self._socket.send(message.SerializeToString())
        await self._read()

    async def _read(self) -> None:
        """Take messages until the script has run and none of its own reruns follows."""
        assert self._socket
        while True:
            payload = await self._socket.recv()
            assert isinstance(payload, bytes)
            self.bytes_received += len(payload)
            message = self._whole(ForwardMsg.FromString(payload))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.elements.clear()
            elif kind == "navigation":
                self._script = message.navigation.page_script_hash
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "delta":
                self._keep(message)
            elif kind == "session_event":
                raise Refused(str(message.session_event)[:200])
            elif kind == "script_finished" and message.script_finished != _AGAIN:
                return

    def _whole(self, message: ForwardMsg) -> ForwardMsg:
        """The message itself where the server only names one that was sent before."""
        if message.WhichOneof("type") == "ref_hash":
            metadata, message = message.metadata, self._messages[message.ref_hash]
            self._messages.move_to_end(message.hash)
            whole = ForwardMsg()
            whole.CopyFrom(message)
            whole.metadata.CopyFrom(metadata)
            return whole
        if message.metadata.cacheable:
            self._messages[message.hash] = message
            while len(self._messages) > _KEPT:
                self._messages.popitem(last=False)
        return message

    def _keep(self, message: ForwardMsg) -> None:
        if message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self.elements.append(element)
            if element.WhichOneof("type") == "selectbox":
                self._parts[element.selectbox.id] = message.delta.fragment_id

    def _box(self, key: str) -> str:
        found = [box.id for box in self.of("selectbox") if box.id.endswith(f"-{key}")]
        if not found:
            raise LookupError(key)
        return found[0]

    def of(self, kind: str) -> Iterator[Any]:
        """The elements of one kind, in the order in which they came."""
        return (getattr(e, kind) for e in self.elements if e.WhichOneof("type") == kind)

    @property
    def errors(self) -> list[str]:
        """What the page says went wrong."""
        said = [alert.body for alert in self.of("alert") if alert.format == alert.ERROR]
        return said + [fault.message for fault in self.of("exception")]

    @property
    def figures(self) -> list[str]:
        """The large figures on the page."""
        return [unescape(value) for html in self.of("html") for value in _FIGURE.findall(html.body)]

    @property
    def words(self) -> list[str]:
        """The paragraphs on the page."""
        return [paragraph.body for paragraph in self.of("markdown")]


async def together(readers: list[Reader], **address: str) -> None:
    """Open a page in all tabs at once."""
    await asyncio.gather(*(reader.open(**address) for reader in readers))
