"""`python -m reperform` is the command `reperform`."""

from reperform.cli.app import main

if __name__ == "__main__":
    main()
