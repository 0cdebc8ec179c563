"""Drives Debian's Chromium through its debugging pipe, with the standard library alone."""

from __future__ import annotations

import fcntl
import json
import os
import select
import subprocess
import time
from pathlib import Path

from browsers import CHROMIUM, driveable

PATIENCE_S = 60


class Browser:
    """One headless Chromium with one page; records what the page asks for and complains about."""

    def __init__(self, profile: Path) -> None:
        program = driveable(CHROMIUM)
        if program is None:
            message = "The opener is tested in Chromium: apt-get install -y chromium"
            raise AssertionError(message)
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        options = (
            "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run "
            "--disable-background-networking --disable-component-update --disable-sync "
            f"--remote-debugging-pipe --lang=en-US --user-data-dir={profile}"
        )
        # The browser takes its commands on descriptor 3 and answers on descriptor 4.
        high_in, high_out = (fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (theirs_in, theirs_out))

        def connect() -> None:
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        self._process = subprocess.Popen(
            [program, *options.split(" "), "about:blank"],
            preexec_fn=connect,  # noqa: PLW1509 - no threads here
            pass_fds=(3, 4),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(high_in)
        os.close(high_out)
        os.close(theirs_in)
        os.close(theirs_out)
        self._held = b""
        self._number = 0
        self._session: str | None = None
        self.requests: list[str] = []
        self.complaints: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "DOM"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: object) -> dict[str, object]:
        """Send one command and return its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]
            self._note(answer)

    def evaluate(self, expression: str) -> object:
        """Run a line of script in the page and return its value."""
        result = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, expression: str) -> object:
        """Wait until a line of script gives something true, and return it."""
        end = time.monotonic() + PATIENCE_S
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.004)
        return value

    def forget(self) -> None:
        """Forget what was asked for and complained about so far."""
        self.requests.clear()
        self.complaints.clear()

    def go(self, page: Path) -> None:
        """Open a file and wait for it."""
        self.call("Page.navigate", url=page.as_uri())
        self.wait_for(f"location.href === {page.as_uri()!r} && document.readyState === 'complete'")

    def choose_file(self, selector: str, path: Path) -> None:
        """Put a file into a file field, as the file dialog does."""
        found = self.call("Runtime.evaluate", expression=f"document.querySelector('{selector}')")
        self.call("DOM.setFileInputFiles", files=[str(path)], objectId=found["result"]["objectId"])

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press and release a key."""
        shared = {"key": key, "code": key, "windowsVirtualKeyCode": code, "text": text}
        self.call("Input.dispatchKeyEvent", type="keyDown", **shared)
        self.call("Input.dispatchKeyEvent", type="keyUp", **shared)

    def close(self) -> None:
        """End the browser."""
        self._session = None
        try:
            self.call("Browser.close")
        except (AssertionError, OSError):
            self._process.terminate()
        self._process.wait(20)
        os.close(self._in)
        os.close(self._out)

    def _next(self) -> dict[str, object]:
        while b"\0" not in self._held:
            ready, _, _ = select.select([self._in], [], [], PATIENCE_S)
            assert ready, "Chromium does not answer"
            piece = os.read(self._in, 1 << 16)
            assert piece, "Chromium has ended"
            self._held += piece
        text, _, self._held = self._held.partition(b"\0")
        return json.loads(text)

    def _note(self, event: dict[str, object]) -> None:
        params = event.get("params", {})
        if event.get("method") == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif event.get("method") == "Log.entryAdded":
            self.complaints.append(params["entry"]["text"])
        elif event.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(params["exceptionDetails"])[:500])
