"""Drives Firefox through Marionette, its own remote control, with the standard library alone."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from pathlib import Path

from browsers import FIREFOX, driveable

PATIENCE_S = 60
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
# Asks the browser itself, not the page, what a page fetched: nothing a page does can hide from it.
# What the browser does on its own account, such as asking for its maker's settings, is not the
# page's doing; it gets no further than a proxy that is not there.
_WATCH = """
  const seen = globalThis.shelterDeskSeen = [];
  const watcher = {observe(subject) {
    const channel = subject.QueryInterface(Ci.nsIHttpChannel);
    const isItsOwn = channel.loadInfo.triggeringPrincipal.isSystemPrincipal;
    if (!isItsOwn || channel.URI.host === "127.0.0.1") {
      seen.push(channel.URI.spec);
    }
  }};
  globalThis.shelterDeskWatcher = watcher;
  Services.obs.addObserver(watcher, "http-on-opening-request");
  const said = globalThis.shelterDeskSaid = [];
  globalThis.shelterDeskListener = {observe(message) {
    if (message instanceof Ci.nsIScriptError && /OPEN-ME/.test(message.sourceName)) {
      said.push(message.errorMessage);
    }
  }};
  Services.console.registerListener(globalThis.shelterDeskListener);
"""
_PREFERENCES = {
    "marionette.port": 0,
    "app.update.disabledForTesting": True,
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "toolkit.telemetry.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "browser.safebrowsing.provider.google4.updateURL": "",
    "browser.safebrowsing.provider.mozilla.updateURL": "",
    "media.gmp-manager.updateEnabled": False,
    "intl.locale.requested": "en-US",
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}


class Firefox:
    """One headless Firefox with one page; what it fetched and complained about can be asked."""

    def __init__(self, profile: Path) -> None:
        program = driveable(FIREFOX)
        if program is None:
            message = "The opener is tested in Firefox: apt-get install -y firefox-esr"
            raise AssertionError(message)
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in _PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines) + "\n")
        self._process = subprocess.Popen(
            [
                *(program, "--headless", "--marionette", "--remote-allow-system-access"),
                *("--no-remote", "--profile", str(profile), "about:blank"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._socket = self._connected(profile / "MarionetteActivePort")
        self._held, self._number = b"", 0
        self._read()  # its greeting
        self.call("WebDriver:NewSession", capabilities={})
        self._in_the_browser(_WATCH)

    def call(self, method: str, **params: object) -> object:
        """Send one command and return its result."""
        self._number += 1
        text = json.dumps([0, self._number, method, params]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        kind, number, error, result = self._read()
        assert (kind, number, error) == (1, self._number, None), error
        return result

    def evaluate(self, expression: str) -> object:
        """Run a line of script in the page and return its value."""
        answer = self.call("WebDriver:ExecuteScript", script=f"return ({expression})", args=[])
        return answer["value"]

    def wait_for(self, expression: str) -> object:
        """Wait until a line of script gives something true, and return it."""
        end = time.monotonic() + PATIENCE_S
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.004)
        return value

    def go(self, page: Path) -> None:
        """Open a file and wait for it."""
        self.call("WebDriver:Navigate", url=page.as_uri())

    def choose_file(self, selector: str, path: Path) -> None:
        """Put a file into a file field, as the file dialog does."""
        self.type(selector, str(path))

    def type(self, selector: str, text: str) -> None:
        """Type into a field, key by key."""
        found = self.call("WebDriver:FindElement", using="css selector", value=selector)
        element = found["value"][_ELEMENT]
        self.call("WebDriver:ElementSendKeys", id=element, text=text)

    def press(self, *keys: str) -> None:
        """Press and release keys where the keyboard is; "\\ue004" is Tab, "\\ue007" Enter."""
        acts = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": acts}]
        self.call("WebDriver:PerformActions", actions=actions)

    @property
    def requests(self) -> list[str]:
        """Everything that a page asked of a network since `forget`."""
        return self._in_the_browser("return globalThis.shelterDeskSeen;")

    @property
    def complaints(self) -> list[str]:
        """What it complained about the page since `forget`."""
        return self._in_the_browser("return globalThis.shelterDeskSaid;")

    def forget(self) -> None:
        """Forget what was fetched and said until now."""
        self._in_the_browser("shelterDeskSeen.length = 0; shelterDeskSaid.length = 0;")

    def close(self) -> None:
        """End the browser."""
        try:
            self.call("Marionette:Quit", flags=["eForceQuit"])
        except (AssertionError, OSError):
            self._process.terminate()
        self._process.wait(20)
        self._socket.close()

    def _in_the_browser(self, script: str) -> object:
        self.call("Marionette:SetContext", value="chrome")
        try:
            # Without a sandbox of its own the script could not leave anything behind.
            answer = self.call(
                "WebDriver:ExecuteScript",
                script=script,
                args=[],
                sandbox="system",
                newSandbox=False,
            )
        finally:
            self.call("Marionette:SetContext", value="content")
        return answer["value"]

    def _connected(self, port_file: Path) -> socket.socket:
        end = time.monotonic() + PATIENCE_S
        while not (port_file.exists() and port_file.read_text().strip()):
            assert self._process.poll() is None, "Firefox has ended"
            assert time.monotonic() < end, "Firefox does not start"
            time.sleep(0.05)
        address = ("127.0.0.1", int(port_file.read_text()))
        return socket.create_connection(address, PATIENCE_S)

    def _read(self) -> list[object] | dict[str, object]:
        while b":" not in self._held:
            self._take()
        size, _, self._held = self._held.partition(b":")
        while len(self._held) < int(size):
            self._take()
        text, self._held = self._held[: int(size)], self._held[int(size) :]
        return json.loads(text)

    def _take(self) -> None:
        piece = self._socket.recv(1 << 16)
        assert piece, "Firefox has ended"
        self._held += piece
