"""Declarations of figures, one module for each subject; the registry reads them all."""
