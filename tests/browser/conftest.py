"""A real Chromium, driven by Selenium, and a real run's page. Run by `make browser`; without a browser it is an error, not a skip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from window import Browser

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

WRONG = """
from backproof import primitive_of


@primitive_of("tanh").vjp
def tanh_vjp(y_bar, y, x):
    return (y_bar * (1 + y * y),)
"""


def program(*names: str) -> str:
    """The path of a program; a machine without it fails, and does not skip."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise FileNotFoundError(f"none of {', '.join(names)} is on the PATH: apt-get install -y chromium chromium-driver")
    return found


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The window, of a profile that is new and empty."""
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(program("chromedriver")))
    yield Browser(driver)
    driver.quit()


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a real run in which the VJP of tanh is wrong."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "wrong.py").write_text(WRONG)
    command = [sys.executable, "-m", "backproof", "check", "--graphs", "5", "--seed", "1", "--rules", "wrong.py", "--out", "out"]
    ran = subprocess.run([*command, "--jobs", str(os.cpu_count() or 1)], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    return folder / "out" / "report.html"
