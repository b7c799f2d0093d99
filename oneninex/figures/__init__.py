"""Figures: tables in, charts, maps and sentences out."""
