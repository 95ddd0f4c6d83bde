"""The command, and `python -m rembi_sheets`: from its first moment on Ctrl-C ends it with a word, not a traceback."""

import signal
import sys


def main() -> None:
    """Run the command line. What it needs is loaded here, so that an interruption of that is told, too."""
    try:
        from rembi_sheets.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # all is said: while the interpreter ends, nothing is told


if __name__ == "__main__":
    main()
