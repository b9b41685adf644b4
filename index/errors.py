"""Every error the library raises on purpose.

    ChronicleError
    ├── QuestionError     the question is empty, too long, or no text
    ├── SettingsError     a setting is unknown or out of range
    ├── DocumentsError    the documents folder is missing, or nothing in it can be read
    ├── ModelError        the embedding model is missing or damaged
    ├── DraftError        annotations cannot be drafted: the language model's endpoint, or a sidecar, is the reason
    └── StoreError        the store is missing, damaged, foreign or cannot be written
        ├── StoreBusyError    another process is building it
        ├── StoreOutdatedError  it was built by another version of this program
        ├── StoreUnreachableError  its server cannot be reached
        └── StoreUnreadableError  the system does not let it be read now: no sign of damage

Each message is one line that names the file or setting, and the remedy.
"""

REBUILD = "run `python -m index build`"  # the remedy for a store that cannot be used
RECALIBRATE = "run `python -m index calibrate`"  # and for a confidence that is not to be trusted


class ChronicleError(Exception):
    """Something foreseeable went wrong; the message is fit for a person."""


class QuestionError(ChronicleError):
    """The question cannot be asked as it stands."""


class SettingsError(ChronicleError):
    """A setting is unknown or out of range."""


class DocumentsError(ChronicleError):
    """The documents folder is missing, or nothing in it can be read."""


class ModelError(ChronicleError):
    """The embedding model is missing or damaged."""


class DraftError(ChronicleError):
    """Annotations cannot be drafted: the language model's endpoint, or a sidecar, is the reason."""


class StoreError(ChronicleError):
    """The store is missing, damaged, foreign or cannot be written."""


class StoreBusyError(StoreError):
    """Another process is building this store."""


class StoreOutdatedError(StoreError):
    """Another version of this program built the store; a build makes it anew."""


class StoreUnreachableError(StoreError):
    """The server that holds the store cannot be reached, or not in time."""


class StoreUnreadableError(StoreError):
    """The system does not let the store be read now, and may later; nothing is wrong with the store."""
