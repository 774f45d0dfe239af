"""The Gumnut REST API: HTTP in, models out."""
