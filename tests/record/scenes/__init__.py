"""What the matrix of roles has no state for: turns that a matter takes later, and what nobody does by hand."""

from tests.record.scenes import completion, extension, initiation, monthly, people, pressing
from tests.record.scenes.shapes import OWN

__all__ = ["OWN", "completion", "extension", "initiation", "monthly", "people", "pressing"]
