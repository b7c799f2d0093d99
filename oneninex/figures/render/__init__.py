"""Renderers: the same spec as SVG for page, wall, paper and picture."""
