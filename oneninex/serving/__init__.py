"""One process of several behind a proxy: is it well, what does it do, how does it leave.

`Door` stands before every request, `routes` answers those who operate, `lifespan` lets a process
go without cutting off its readers.
"""

from oneninex.serving.door import Door
from oneninex.serving.leaving import lifespan
from oneninex.serving.probes import routes

__all__ = ["Door", "lifespan", "routes"]
