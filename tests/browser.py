"""Headless Chromium for tests of the report page: what it shows, what it asks for, and what it runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip


class Browser:
    """A page in Chromium, with the parts of it that tests ask for."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, page: Path, *, width: int = 1280, dark: bool = False) -> None:
        """Open a page in a window of this width, and wait until all its parts are shown."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(page.as_uri())
        self.settle()

    def settle(self) -> None:
        """Wait until every part follows the filters: each is shown in a task of its own."""
        busy = "document.getElementById('main').ariaBusy === 'true'"
        self.later(f"const wait = () => ({busy} ? requestAnimationFrame(wait) : done()); wait();")

    def js(self, script: str, *arguments: Any) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *arguments)

    def later(self, script: str) -> Any:
        """What a script gives to `done`."""
        return self.driver.execute_async_script(f"const done = arguments[0]; {script}")

    def go_to(self, anchor: str) -> None:
        """Follow the page's address with this behind the #."""
        self.later(f"addEventListener('hashchange', () => setTimeout(done)); location.hash = {json.dumps(anchor)};")

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return list(self.js("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector))

    def click(self, element: WebElement | str) -> None:
        found = self.one(element) if isinstance(element, str) else element
        self.js("arguments[0].scrollIntoView({ block: 'center' })", found)
        found.click()

    def press(self, *keys: str) -> None:
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def filter(self, **values: str) -> None:
        """Set filters as a reader does; their parts follow."""
        self.js("document.getElementById('clear').click()")
        for name, value in values.items():
            self.js(
                "const [name, value] = arguments; const field = document.getElementById('filters').elements[name];"
                "field.value = value; field.dispatchEvent(new Event('input', { bubbles: true }));",
                name,
                value,
            )
            self.settle()

    @property
    def focused(self) -> WebElement:
        return self.driver.switch_to.active_element

    def complaints(self) -> list[str]:
        """What the console tells: errors, and what the page's policy kept from happening."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]

    def requests(self, page: Path) -> list[str]:
        """The addresses that were asked for, the page's own left out, and data: of the browser's own controls."""
        told = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [str(item["params"]["request"]["url"]) for item in told if item["method"] == "Network.requestWillBeSent"]
        own = (page.as_uri(), "data:", "about:")
        return [address for address in sent if not address.startswith(own)]


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for all tests of a worker."""
    driver = shutil.which("chromedriver")
    binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if driver is None or binary is None:
        pytest.skip("needs Chromium and its driver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (*_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield Browser(browser)
    browser.quit()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, from the folder that AXE_CORE names or npm's registry."""
    folder = os.environ.get("AXE_CORE")
    if folder is None:
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("needs npm, or AXE_CORE with the folder of axe-core 4")
        prefix = tmp_path_factory.mktemp("axe")
        command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(prefix), "axe-core@4"]
        if subprocess.run(command, capture_output=True, timeout=120, check=False).returncode:
            pytest.skip("npm could not install axe-core; set AXE_CORE to its folder")
        folder = str(prefix / "node_modules" / "axe-core")
    return Path(folder, "axe.min.js").read_text(encoding="utf-8")


__all__ = ["Browser", "By", "Keys", "axe", "chromium"]
