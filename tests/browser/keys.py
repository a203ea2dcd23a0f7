"""Hands on the keyboard: reaching, filling and pressing without a pointer."""

from playwright.sync_api import Locator, Page


def reach(page: Page, target: Locator, limit: int = 120) -> None:
    """Press Tab until the target has the focus: what Tab cannot reach does not exist for the keyboard."""
    target.wait_for()
    for _ in range(limit):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {target}")


def press(page: Page, target: Locator) -> None:
    """Reach a link or button and press Enter."""
    reach(page, target)
    page.keyboard.press("Enter")


def fill(page: Page, label: str, text: str) -> None:
    """Reach a field by its label and type."""
    reach(page, page.get_by_label(label).first)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
