"""The demo library's photos, drawn when somebody looks."""
