"""The deletion report in its formats: terminal, Markdown, HTML, JSON lines and CSV."""
