"""One process of several behind a proxy: is it well, what does it do, how does it leave.

`Door` stands before every request, `routes` answers those who operate, `lifespan` lets a process
go without cutting off its readers.
"""

from oneninex.server.graceful_shutdown import lifespan
from oneninex.server.health import routes
from oneninex.server.middleware.session_affinity import Door

__all__ = ["Door", "lifespan", "routes"]
