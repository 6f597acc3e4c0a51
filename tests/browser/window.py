"""A window of a real Chromium, of which everything that was logged or asked for is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from selenium import webdriver

SHOWN = Path(__file__).resolve().parents[2] / "out" / "browser"


class Browser:
    """One window, of which everything that was logged or asked for is kept."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def sees(self, width: int, scheme: str) -> None:
        """Show pages at this width, in a light or a dark scheme."""
        sizes = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", sizes)
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})

    def opens(self, page: Path, place: str = "") -> None:
        """Load a page anew, at a place in it."""
        self.driver.get("about:blank")
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.get(page.as_uri() + place)

    def goes(self, place: str) -> None:
        """Follow a link to a place in the page."""
        self.runs("location.hash = arguments[0]", place)
        self.runs("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def runs(self, script: str, *values: object) -> Any:
        """What a script gives."""
        return self.driver.execute_script(script, *values)

    def requests(self) -> list[str]:
        """What was asked for since the page was opened."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"]

    def complaints(self) -> list[str]:
        """What stands in the console."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def shoots(self, name: str, height: int) -> None:
        """Keep a picture of the page's top, or of where it is scrolled to, for a person to look at."""
        width = self.runs("return innerWidth")
        sizes = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", sizes)
        SHOWN.mkdir(parents=True, exist_ok=True)
        (SHOWN / name).write_bytes(self.driver.get_screenshot_as_png())
