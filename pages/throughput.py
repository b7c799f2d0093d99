"""How much, how good? Output, quality and hours by month, modality, unit and day."""

from collections.abc import Callable

import plotly.graph_objects as go
import pyarrow as pa
