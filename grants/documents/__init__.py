"""What a dossier gives on paper: the receipt of a filing, and the whole application; tagged PDF, set by `kit.typst`.

Both are made when they are asked for, from what was sealed, and are the same bytes each time.
"""

from grants.documents.application import application
from grants.documents.receipt import receipt

__all__ = ["application", "receipt"]
