"""Model Context Protocol server: the named queries of one audience, for assistants."""

from oneninex.mcp.server import build
from oneninex.mcp.tools import Tools

__all__ = ["Tools", "build"]
