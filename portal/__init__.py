"""An event portal for people who need privacy: programme, anonymous registration, organisers, onion, copies."""

__version__ = "0.1.0"
