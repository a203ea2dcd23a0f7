"""Set-up of a developer's machine; not part of the product."""
