"""OneNineX: a monitor for a city's data-labeling industry."""

__version__ = "0.1.0"
