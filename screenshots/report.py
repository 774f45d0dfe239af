"""The deletion report as it is sent on, and as a browser shows it."""

from __future__ import annotations

import io
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.main import run
from gumnut_tui.cli.runtime import Output, Runtime, Talk
from screenshots.stage import NOW, ZONE, connection

COMMAND = ("deletions", "--since", "24h", "--library", "Family Photos", "--format", "html")
SIZE = (1000, 1180)
"""Pixels of the picture: the summary, the incidents and the beginning of what follows."""
PAGE = "page"
"""Under this name a picture has the fingerprint of the page it shows."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def report_html(journal: Path) -> str:
    """What the command prints, with names from a journal."""
    demo = connection()
    printed, said = io.BytesIO(), io.StringIO()
    outside = Runtime(
        environ={"GUMNUT_BASE_URL": demo.base_url, "GUMNUT_API_KEY": demo.key},
        output=Output(printed),
        talk=Talk(said, is_terminal=False),
        has_terminal=False,
        clock=lambda: NOW,
        config_path=lambda: Path("no-config.toml"),
        transport=demo.transport,
        keyring=lambda: None,
    )
    if run([*COMMAND, "--journal", str(journal), "--tz", ZONE.key], outside) != Exit.DONE:
        raise RuntimeError(said.getvalue())
    return printed.getvalue().decode()


def photograph(html: str, path: Path) -> None:
    """Show a page in Chromium without a window, and keep what it looks like, and which page it was."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise RuntimeError("Chromium is needed for the picture of the report")
    with TemporaryDirectory() as folder:
        page, shot = Path(folder) / "report.html", Path(folder) / "shot.png"
        page.write_text(html, encoding="utf-8")
        width, height = SIZE
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += [f"--user-data-dir={folder}/profile", f"--window-size={width},{height}", f"--screenshot={shot}"]
        subprocess.run([*command, page.as_uri()], check=True, capture_output=True, timeout=60)
        about = PngInfo()
        about.add_text(PAGE, fingerprint(html))
        with Image.open(shot) as image:
            image.quantize(256).save(path, optimize=True, pnginfo=about)


def fingerprint(html: str) -> str:
    """Tells one page from another."""
    return sha256(html.encode()).hexdigest()


def page_of(path: Path) -> str:
    """The fingerprint of the page a picture shows."""
    with Image.open(path) as image:
        return str(image.info[PAGE])
