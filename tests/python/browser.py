"""A headless Chromium driven over its debugging pipe, with nothing but the standard library.

As a command it takes a picture:
python tests/python/browser.py target/preview.html docs/images/preview.png --choose "Running low"
"""

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip


UNFOLD = """(async selector => {
  const found = [...document.querySelectorAll(selector)].find(part => part.checkVisibility());
  for (const folded of found.querySelectorAll("details")) folded.open = true;
  found.scrollIntoView();
  await new Promise(done => setTimeout(done, 500));
})"""


def find_browser() -> str | None:
    """The path of a Chromium, or none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    """One page; `events` holds every console message, error and request it made."""

    def __init__(self, path: str) -> None:
        self.events: list[dict[str, Any]] = []
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        # The browser reads its commands from descriptor 3 and answers on descriptor 4.
        shell = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "bash", path, *FLAGS, f"--user-data-dir={self._profile.name}"],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._last_id = 0
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._write)
        os.close(self._read)
        self._process.terminate()
        self._process.wait(timeout=20)
        self._profile.cleanup()

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Sends one command and waits for its answer."""
        self._last_id += 1
        message: dict[str, Any] = {"id": self._last_id, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next_message()
            if answer.get("id") != self._last_id:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def open(self, url: str, width: int, height: int, scheme: str, scale: float = 1) -> None:
        """Opens a page at a size in CSS pixels, in `light` or `dark`, and waits until it stands."""
        self.events.clear()
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=width < 600,
        )  # fmt: skip
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=media)
        self.call("Page.navigate", url=url)
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self._next_message())
        self.evaluate("new Promise(done => setTimeout(done, 300))")

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def problems(self) -> list[str]:
        """Console errors, uncaught exceptions and every request that left the page."""
        found = []
        for event in self.events:
            params = event.get("params", {})
            match event.get("method"):
                case "Runtime.exceptionThrown":
                    found.append(f"exception: {params['exceptionDetails']['text']}")
                case "Runtime.consoleAPICalled" if params["type"] in ("error", "warning", "assert"):
                    found.append(f"console: {params['args']}")
                case "Log.entryAdded" if params["entry"]["level"] in ("error", "warning"):
                    found.append(f"log: {params['entry']['text']}")
                case "Network.requestWillBeSent" if params["request"]["url"].startswith("http"):
                    found.append(f"request: {params['request']['url']}")
        return found

    def screenshot(self, path: Path, full_page: bool = False) -> None:
        """Saves what the page shows as PNG."""
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=full_page)
        path.write_bytes(base64.b64decode(answer["data"]))

    def _next_message(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._read, 1 << 20)
            if not chunk:
                raise RuntimeError("the browser is gone")
            self._buffer += chunk
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)


def main() -> None:
    """Takes one picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=1280)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--choose", help="text of a link to follow first")
    parser.add_argument("--at", help="selector of what to scroll to, and to unfold")
    options = parser.parse_args()
    path = find_browser()
    if path is None:
        sys.exit(f"No browser found; looked for {', '.join(NAMES)}.")
    with Browser(path) as browser:
        scheme = "dark" if options.dark else "light"
        browser.open(options.page.resolve().as_uri(), options.width, options.height, scheme)
        if options.choose:
            text = json.dumps(options.choose)
            browser.evaluate(
                f"[...document.links].find(link => link.textContent.includes({text})).click()"
            )
            browser.evaluate("scrollTo(0, 0); new Promise(done => setTimeout(done, 500))")
        if options.at:
            browser.evaluate(UNFOLD + f"({json.dumps(options.at)})")
        browser.screenshot(options.picture)


if __name__ == "__main__":
    main()
