"""What everything else builds on: settings, formats, catalogues, logs. Imports nothing of ours."""
